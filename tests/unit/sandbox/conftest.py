"""One sandbox for all tests of this folder, as at the start for each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.sandbox.visitor import CLOUD, Visitor


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose settings are in a file called `env`."""
    env_file: Path = tmp_path_factory.mktemp("sandbox") / "env"
    with Sandbox([CLOUD], env_file) as sandbox:
        yield sandbox


@pytest.fixture
def visitor(running: Sandbox) -> Visitor:
    """Somebody with the settings of a sandbox that nobody has used yet."""
    visitor = Visitor(running)
    assert visitor.control("POST", "reset").status_code == 204
    return visitor
