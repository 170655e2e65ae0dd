"""What others do to what was made on Azure, as a refresh sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from palette_backup_provider.resources.azure.application import ApplicationHandler
from palette_backup_provider.resources.azure.client_secret import ClientSecretHandler
from palette_backup_provider.resources.azure.container import ContainerHandler
from palette_backup_provider.resources.azure.resource_group import ResourceGroupHandler
from palette_backup_provider.resources.azure.role_assignment import RoleAssignmentHandler
from palette_backup_provider.resources.azure.service_principal import ServicePrincipalHandler
from palette_backup_provider.resources.azure.storage_account import StorageAccountHandler
from tests.unit.resources.azure.cloud import Cloud
from tests.unit.resources.stack import Stack, Thing

IP = "203.0.113.0/24"
OTHER = [{"value": "198.51.100.7", "action": "Allow"}]


@dataclass
class One:
    """What was made, and what for."""

    stack: Stack
    thing: Thing
    given: dict[str, Any]


class Made:
    """One of each type, made when a test looks at it."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    @cached_property
    def group(self) -> One:
        return self._one(ResourceGroupHandler, name="rg", tags={"team": "ours"})

    @cached_property
    def account(self) -> One:
        where: dict[str, Any] = {"resource_group": self.group.given["name"], "name": "account1"}
        how = {"sku": "Standard_GRS", "allowed_ips": [IP], "tags": {"team": "ours"}}
        return self._one(StorageAccountHandler, **where, **how)

    @cached_property
    def container(self) -> One:
        account = self.account.given
        where = {"resource_group": account["resource_group"], "storage_account": account["name"]}
        return self._one(ContainerHandler, name="abc", **where)

    @cached_property
    def application(self) -> One:
        return self._one(ApplicationHandler, name="velero")

    @cached_property
    def principal(self) -> One:
        client_id = self.application.thing.outputs["client_id"]
        return self._one(ServicePrincipalHandler, client_id=client_id)

    @cached_property
    def secret(self) -> One:
        client_id = self.application.thing.outputs["client_id"]
        return self._one(ClientSecretHandler, client_id=client_id)

    @cached_property
    def role(self) -> One:
        scope = f"/subscriptions/{self._cloud.config['azure-native:subscriptionId']}"
        what = {"role": "Reader and Data Access", "principal_id": self.principal.thing.id}
        return self._one(RoleAssignmentHandler, scope=scope, **what)

    def _one(self, handler: Any, /, **given: Any) -> One:
        stack = self._cloud.stack(handler)
        return One(stack, stack.create(**given), given)


@pytest.fixture
def made(cloud: Cloud) -> Made:
    return Made(cloud)


TYPES = ["group", "account", "container", "application", "principal", "secret", "role"]


def _group(cloud: Cloud) -> dict[str, Any]:
    (found,) = cloud.azure.arm.groups.values()
    return found


def _account(cloud: Cloud) -> dict[str, Any]:
    return cloud.azure.storage.accounts["account1"].body


def _principal(cloud: Cloud) -> dict[str, Any]:
    (application,) = cloud.applications
    principal = cloud.azure.entra.principal_of(application.app_id)
    assert principal
    return principal.said


def _network(**values: Any) -> Callable[[Cloud], object]:
    return lambda cloud: _account(cloud)["properties"]["networkAcls"].update(values)


def _setting(**values: Any) -> Callable[[Cloud], object]:
    return lambda cloud: _account(cloud)["properties"].update(values)


CHANGES: list[tuple[str, str, Callable[[Cloud], object]]] = [
    ("group", "tags", lambda cloud: _group(cloud)["tags"].update(team="theirs")),
    ("group", "tags", lambda cloud: _group(cloud)["tags"].pop("team")),
    ("account", "tags", lambda cloud: _account(cloud)["tags"].update(team="theirs")),
    ("account", "tags", lambda cloud: _account(cloud)["tags"].pop("team")),
    ("account", "sku", lambda cloud: _account(cloud).update(sku={"name": "Standard_LRS"})),
    ("account", "allowed_ips", _network(ipRules=[])),
    ("account", "allowed_ips", _network(ipRules=OTHER)),
    ("account", "open_to_all_networks", _network(defaultAction="Allow")),
    ("account", "bypass", _network(bypass="None")),
    ("account", "bypass", _network(bypass="Logging, AzureServices")),
    ("account", "public_endpoint", _setting(publicNetworkAccess="Disabled")),
    ("account", "public_endpoint", _setting(publicNetworkAccess="SecuredByPerimeter")),
    ("application", "enabled", lambda cloud: cloud.applications[0].said.update(isDisabled=True)),
    ("principal", "enabled", lambda cloud: _principal(cloud).update(accountEnabled=False)),
    ("role", "condition", lambda cloud: cloud.assignments[0].said.update(condition="@Resource")),
]


@pytest.mark.parametrize("kind", TYPES)
def test_what_nobody_changed_is_as_it_was(made: Made, kind: str) -> None:
    one: One = getattr(made, kind)
    assert one.stack.refresh(one.thing) == one.thing
    assert not one.stack.differs(one.thing, **one.given)


@pytest.mark.parametrize(("kind", "field", "change"), CHANGES)
def test_what_others_change_is_told_and_put_back(
    cloud: Cloud, made: Made, kind: str, field: str, change: Callable[[Cloud], object]
) -> None:
    one: One = getattr(made, kind)
    change(cloud)
    seen = one.stack.refresh(one.thing)
    assert seen
    was, now = one.thing.inputs, seen.inputs
    assert {name for name in was | now if was.get(name) != now.get(name)} == {field}
    one.stack.update(seen, **one.given)
    assert one.stack.refresh(one.thing) == one.thing


@pytest.mark.parametrize("kind", ["application", "principal", "role"])
def test_what_is_adopted_is_put_right_as_well(cloud: Cloud, made: Made, kind: str) -> None:
    one: One = getattr(made, kind)
    for changed, _, change in CHANGES:
        if changed == kind:
            change(cloud)
    again = one.stack.create(**one.given)
    assert one.stack.refresh(again) == again


def test_an_account_of_an_earlier_api_tells_nothing_of_its_endpoint(
    cloud: Cloud, made: Made
) -> None:
    one = made.account
    _account(cloud)["properties"]["publicNetworkAccess"] = None
    assert one.stack.refresh(one.thing) == one.thing


def _no_application(cloud: Cloud) -> None:
    (application,) = cloud.applications
    del cloud.azure.entra.applications[application.id]


def _no_principal(cloud: Cloud) -> None:
    (application,) = cloud.applications
    principal = cloud.azure.entra.principal_of(application.app_id)
    assert principal
    del cloud.azure.entra.principals[principal.id]


def _no_role(cloud: Cloud) -> None:
    (found,) = cloud.assignments
    del cloud.azure.arm.access.assignments[found.id.lower()]


@pytest.mark.parametrize(
    ("kind", "remove"),
    [
        ("group", lambda cloud: cloud.azure.arm.groups.clear()),
        ("account", lambda cloud: cloud.azure.arm.resources.clear()),
        ("account", lambda cloud: cloud.azure.arm.groups.clear()),
        ("container", lambda cloud: cloud.azure.storage.accounts["account1"].containers.clear()),
        ("container", lambda cloud: cloud.azure.arm.resources.clear()),
        ("application", _no_application),
        ("principal", _no_principal),
        ("secret", lambda cloud: cloud.applications[0].secrets.clear()),
        ("secret", _no_application),
        ("role", _no_role),
    ],
)
def test_what_is_gone_is_told_and_deleted_already(
    cloud: Cloud, made: Made, kind: str, remove: Callable[[Cloud], object]
) -> None:
    one: One = getattr(made, kind)
    remove(cloud)
    assert one.stack.refresh(one.thing) is None
    one.stack.delete(one.thing)
