"""What tests of sign-ins share: a machine on which nobody is signed in, and what a person reads."""

import os
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.errors import ProviderError
from tests.clouds import in_each_folder
from tests.unit.clients.callers import HOMES

REAL = tuple(f"{one}_" for cloud in CLOUDS.values() for one in cloud.variables)
SOON = 0.5


@pytest.fixture
def nothing_to_sign_in_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which nobody is signed in to anything."""
    for name in list(os.environ):
        if name.startswith(REAL):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in HOMES.items():
        monkeypatch.setenv(name, value)
    for cloud in in_each_folder(__package__, "callers").values():
        if hasattr(cloud, "without_metadata"):
            cloud.without_metadata(monkeypatch)


def with_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that may be one of a cloud's."""
    for cloud in in_each_folder(__package__, "callers").values():
        if hasattr(cloud, "with_metadata"):
            cloud.with_metadata(monkeypatch)


def one_line(call: Any) -> str:
    """What a person reads of an error: one line, and no trace of where it came from."""
    with pytest.raises(ProviderError) as told:
        call()
    text = str(told.value)
    assert text.splitlines() == [text] and text == text.strip()
    assert told.value.__suppress_context__ or told.value.__context__ is None
    return text


def program(folder: Path, name: str, script: str) -> Path:
    """Puts a program into a folder, which notes the ids of its process and its session; where."""
    (folder / "bin").mkdir()
    file = folder / "bin" / name
    note = "echo $$ $(cut -d' ' -f6 /proc/$$/stat) > "
    file.write_text(f"#!/bin/sh\n{note}{folder}/pid\n{script}\n")
    file.chmod(0o755)
    return folder / "pid"
