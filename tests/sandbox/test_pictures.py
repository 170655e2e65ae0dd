"""The documentation's pictures of terminals show what the commands print today."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.tools import pulumi_build as engine_build
from tests.pictures.__main__ import FOLDER

LINE = re.compile(r"<text[^>]*>(.*?)</text>")


def lines(picture: Path) -> list[str]:
    """What a picture has people read. Pulumi orders rows as they come."""
    return sorted(html.unescape(text) for text in LINE.findall(picture.read_text()))


def test_pictures_of_terminals_are_fresh(engine: Path, tmp_path: Path) -> None:
    told = subprocess.run([engine / "pulumi", "version"], capture_output=True, text=True).stdout
    if told.strip() != engine_build.CLI:
        pytest.skip(f"the pictures are of Pulumi {engine_build.CLI}, and here is {told.strip()}")
    subprocess.run([sys.executable, "-m", "tests.pictures.terminals", tmp_path], check=True)
    made = sorted(tmp_path.glob("*.svg"))
    assert [one.name for one in made] == sorted(one.name for one in FOLDER.glob("*.svg"))
    for one in made:
        assert lines(one) == lines(FOLDER / one.name), "run: make pictures"
