"""The comment on each recorded preview reads as it did: see golden.py for the command."""

import json
import re
from pathlib import Path

import pytest

from tests.unit.review.golden import FOLDER, RECORDED, comment, kept

SECRETS = re.compile(
    r"BEGIN [A-Z ]*PRIVATE|secretAccessKey|\"[A-Za-z0-9/+]{40}\"|\b[A-Z]KIA[A-Z0-9]{16}\b"
)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_a_comment_reads_as_it_did(file: Path) -> None:
    assert comment(file) == kept(file).read_text()


def test_every_comment_is_of_a_preview() -> None:
    assert {kept(file) for file in RECORDED} == set(FOLDER.rglob("*.md"))
    assert len(list(FOLDER.glob("*.json"))) >= 20


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_no_recorded_preview_has_a_secret(file: Path) -> None:
    text = file.read_text()
    assert not SECRETS.search(text)
    if file.suffix == ".json":
        for step in json.loads(text)["steps"]:
            for side in ("oldState", "newState"):
                inputs = json.dumps(step.get(side, {}).get("inputs", {}))
                assert not re.search(r'"secret(_access)?_key": "(?!\[secret\])', inputs)
