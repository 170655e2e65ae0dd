"""Inventories in files."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from palette_backup_provider.fleet.document import BadInventory
from palette_backup_provider.fleet.inventory import load

Write = Callable[[str | bytes], str]
Told = Callable[[str], list[str]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes an inventory, and tells its file."""
    monkeypatch.chdir(tmp_path)

    def written(text: str | bytes) -> str:
        held = text if isinstance(text, bytes) else dedent(text).encode()
        Path("fleet.yaml").write_bytes(held)
        return "fleet.yaml"

    return written


@pytest.fixture
def told(write: Write) -> Told:
    """What is said of an inventory that is wrong."""

    def lines(text: str) -> list[str]:
        with pytest.raises(BadInventory) as caught:
            load(write(text))
        return str(caught.value).splitlines()

    return lines
