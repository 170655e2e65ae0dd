"""Azure's handlers on the sandbox's Azure, watched and disturbed."""

from collections.abc import Iterator

import pytest

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.resources.azure.application import ApplicationHandler
from palette_backup_provider.resources.azure.client_secret import ClientSecretHandler
from palette_backup_provider.resources.azure.container import ContainerHandler
from palette_backup_provider.resources.azure.resource_group import ResourceGroupHandler
from palette_backup_provider.resources.azure.role_assignment import RoleAssignmentHandler
from palette_backup_provider.resources.azure.service_principal import ServicePrincipalHandler
from palette_backup_provider.resources.azure.snapshot_role import SnapshotRoleHandler
from palette_backup_provider.resources.azure.storage_account import StorageAccountHandler
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.resources.azure.cloud import Cloud
from tests.unit.resources.stack import Clock, Stack, Thing

WAITING = (
    ApplicationHandler,
    ClientSecretHandler,
    ContainerHandler,
    ResourceGroupHandler,
    RoleAssignmentHandler,
    ServicePrincipalHandler,
    SnapshotRoleHandler,
)


@pytest.fixture(scope="package")
def running() -> Iterator[Sandbox]:
    with Sandbox(["azure"]) as sandbox:
        yield sandbox


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the handlers wait by."""
    clock = Clock()
    for handler in WAITING:
        patience = clock.patience(handler.patience.budget)
        monkeypatch.setattr(handler, "patience", patience)
    knowing = clock.patience(ServicePrincipalHandler.knowing.budget)
    monkeypatch.setattr(ServicePrincipalHandler, "knowing", knowing)
    monkeypatch.setattr(AzureClient, "patience", clock.patience(AzureClient.patience.budget))
    return clock


@pytest.fixture
def cloud(running: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A cloud without anything in it."""
    running.service(Azure).reset()
    return Cloud(running, monkeypatch)


@pytest.fixture
def groups(cloud: Cloud) -> Stack:
    return cloud.stack(ResourceGroupHandler)


@pytest.fixture
def group(groups: Stack) -> Thing:
    return groups.create(name="rg")


@pytest.fixture
def accounts(cloud: Cloud) -> Stack:
    return cloud.stack(StorageAccountHandler)


@pytest.fixture
def account(accounts: Stack, group: Thing) -> Thing:
    return accounts.create(resource_group="rg", name="account1")


@pytest.fixture
def containers(cloud: Cloud) -> Stack:
    return cloud.stack(ContainerHandler)
