from collections.abc import Iterator
from pathlib import Path

import pytest

from palette_backup_provider.core.packages import package
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.proxy.rate_limit import Limit
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.doctor.ward import Ward
from tests.unit.sandbox.visitor import Visitor


@pytest.fixture(scope="package")
def running() -> Iterator[Sandbox]:
    with Sandbox(clouds()) as sandbox:
        yield sandbox


@pytest.fixture
def ward(running: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Ward]:
    """A stack with which everything is well, in a sandbox that nobody has used yet."""
    assert Visitor(running).control("POST", "reset").status_code == 204
    running.conditions.limit.limit = Limit(enabled=False)
    package.cache_clear()
    yield Ward(running, monkeypatch, tmp_path)
    package.cache_clear()
    running.conditions.faults.plan([])
