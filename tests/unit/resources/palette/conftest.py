from collections.abc import Iterator

import pytest

from palette_backup_provider.resources.palette.backup_location import BackupLocationHandler
from palette_backup_provider.resources.palette.storage import KINDS
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.clients.loopback import FakeTime
from tests.unit.resources.palette.tenant import STORAGE, Tenant, timeless


@pytest.fixture(scope="package")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox([]) as sandbox:
        yield sandbox


@pytest.fixture
def tenant(sandbox: Sandbox) -> Tenant:
    """A tenant without locations."""
    return Tenant(sandbox)


@pytest.fixture(autouse=True)
def registering(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The time that passes while locations are registered."""
    time, patience = timeless(BackupLocationHandler.patience)
    monkeypatch.setattr(BackupLocationHandler, "patience", patience)
    return time


@pytest.fixture(autouse=True)
def trying(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """The time that passes while credentials are tried."""
    kind = KINDS[STORAGE["kind"]]
    time, patience = timeless(kind.patience)
    monkeypatch.setattr(kind, "patience", patience)
    return time
