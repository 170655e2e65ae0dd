from collections.abc import Iterator
from typing import Any

import pytest
from pulumi import log

from palette_backup_provider.core.secrets import remember
from palette_backup_provider.engine import warning
from tests.contract.sentences import PACKAGE


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    lines: list[tuple[str, Any]] = []
    monkeypatch.setattr(log, "warn", lambda *line: lines.append(line))
    monkeypatch.setattr(warning, "_spell", warning._spell)
    yield lines


def test_a_warning_is_in_the_words_of_the_program(warned: list[tuple[str, Any]]) -> None:
    warning.warn("snapshot_tags: a", None)
    warning.spell_with(lambda text: text.replace("snapshot_tags", "snapshotTags"))
    warning.warn("snapshot_tags: b", None)
    assert warned == [("snapshot_tags: a", None), ("snapshotTags: b", None)]


def test_a_warning_tells_no_secret(warned: list[tuple[str, Any]]) -> None:
    remember("s3cr3t-of-a-tag")
    warning.warn("tag s3cr3t-of-a-tag: where", None)
    assert warned == [("tag [secret]: where", None)]


def test_every_warning_goes_this_way() -> None:
    found = [path for path in PACKAGE.rglob("*.py") if "log.warn(" in path.read_text()]
    assert [path.name for path in found] == ["warning.py"]
