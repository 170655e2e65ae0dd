from typing import Any

import pytest

from palette_backup_provider.core.errors import (
    ApiError,
    Blocked,
    NotFound,
    ProviderError,
    WaitTimedOut,
)
from palette_backup_provider.sandbox.azure.accounts import Blob, Container
from tests.unit.resources.azure.cloud import Cloud, there
from tests.unit.resources.stack import OWNER, Clock, Stack, Thing


def test_a_container_is_private_and_marked(cloud: Cloud, containers: Stack, account: Thing) -> None:
    made = containers.create(resource_group="rg", storage_account="account1", name="backups")
    found = there(cloud).containers["backups"].body["properties"]
    assert found["publicAccess"] == "None"
    assert found["metadata"]["palettebackup"].startswith(f"{OWNER}@")
    found["publicAccess"] = "Blob"
    drifted = containers.refresh(made)
    assert drifted and drifted.outputs["public"] is True
    containers.update(drifted, resource_group="rg", storage_account="account1", name="backups")
    assert there(cloud).containers["backups"].body["properties"]["publicAccess"] == "None"


@pytest.mark.parametrize(
    "code", ["ContainerOperationFailure", "ParentResourceNotFound", "ResourceNotFound"]
)
def test_a_container_waits_for_a_new_account(
    cloud: Cloud, containers: Stack, account: Thing, clock: Clock, code: str
) -> None:
    early = ApiError("The specified resource does not exist.", status=404, code=code)
    cloud.refused["PUT abc"] = [early, early]
    containers.create(resource_group="rg", storage_account="account1", name="abc")
    assert list(there(cloud).containers) == ["abc"] and 0 < clock.now < 5


def test_a_new_account_may_not_even_say_that_there_is_no_container(
    cloud: Cloud, containers: Stack, account: Thing
) -> None:
    early = ApiError("None.", status=404, code="ContainerOperationFailure")
    cloud.refused["GET abc"] = [early]
    containers.create(resource_group="rg", storage_account="account1", name="abc")
    assert list(there(cloud).containers) == ["abc"]
    cloud.refused["GET abc"] = [ApiError("Bad.", status=400, code="ContainerOperationFailure")]
    with pytest.raises(ApiError, match="Bad"):
        containers.create(resource_group="rg", storage_account="account1", name="abc")


def test_an_account_that_there_is_not_is_named(
    containers: Stack, group: Thing, clock: Clock
) -> None:
    with pytest.raises(
        WaitTimedOut, match=r"know the storage account none.*the resource group rg; if"
    ):
        containers.create(resource_group="rg", storage_account="none", name="abc")
    assert 30 <= clock.now < 40


def test_a_container_is_not_gone_because_its_keys_are_not_found(
    cloud: Cloud, containers: Stack, account: Thing
) -> None:
    made = containers.create(resource_group="rg", storage_account="account1", name="abc")
    cloud.refused["POST listKeys"] = [NotFound("The Resource was not found.")]
    with pytest.raises(ProviderError, match="The rest is still there"):
        containers.delete(made)
    assert "abc" in there(cloud).containers


@pytest.mark.parametrize("name", ["a--b", "ab", "Backups", "-ab", "a" * 64])
def test_names_of_containers(containers: Stack, name: str) -> None:
    told = containers.reasons(resource_group="rg", storage_account="account1", name=name)
    assert "3 to 63 lower-case letters, digits and single hyphens" in told


def test_a_container_with_backups_is_spared(
    cloud: Cloud, containers: Stack, account: Thing
) -> None:
    where: dict[str, Any] = {"resource_group": "rg", "storage_account": "account1", "name": "abc"}
    made = containers.create(**where)
    blobs = there(cloud).containers["abc"].blobs
    blobs["palette-backup-probe-1"] = Blob(b"")
    blobs["backups/nightly"] = Blob(b"")
    with pytest.raises(Blocked, match="'backups/nightly' among them"):
        containers.delete(made)
    with pytest.raises(Blocked, match="set existing=True, name='abc'"):
        containers.create(**where)
    forced = containers.update(made, **where, force_destroy=True)
    containers.delete(forced)
    assert not there(cloud).containers


def test_a_retained_container_stays_whole_and_so_does_what_it_is_in(
    cloud: Cloud,
    containers: Stack,
    accounts: Stack,
    groups: Stack,
    capsys: pytest.CaptureFixture[str],
) -> None:
    retain = {"replace_with_data": "retain"}
    group = groups.create(name="rg", location="westeurope", **retain)
    account = accounts.create(resource_group="rg", name="account1", location="westeurope", **retain)
    where = {"resource_group": "rg", "storage_account": "account1", "name": "abc"}
    made = containers.create(**where, **retain)
    there(cloud).containers["abc"].blobs["backups/nightly"] = Blob(b"")
    for stack, thing in ((containers, made), (accounts, account), (groups, group)):
        stack.lifecycle.check_delete(thing.id, thing.outputs)
        stack.delete(thing)
        assert "To use it as it is, set existing=True, name=" in capsys.readouterr().out
    assert there(cloud).containers["abc"].blobs
    there(cloud).containers["abc"].blobs.clear()
    for stack, thing in ((containers, made), (accounts, account), (groups, group)):
        stack.delete(thing)
    assert not cloud.azure.arm.groups
    assert capsys.readouterr().out == ""


def test_our_probes_are_no_content(cloud: Cloud, containers: Stack, account: Thing) -> None:
    made = containers.create(resource_group="rg", storage_account="account1", name="abc")
    there(cloud).containers["abc"].blobs["palette-backup-probe-1"] = Blob(b"")
    containers.delete(made)
    assert not there(cloud).containers


@pytest.mark.parametrize(
    "how",
    [
        {"hasImmutabilityPolicy": True},
        {"hasLegalHold": True},
        {"immutableStorageWithVersioning": {"enabled": True}},
    ],
)
def test_an_immutable_container_is_refused(
    cloud: Cloud, containers: Stack, account: Thing, how: dict[str, Any]
) -> None:
    existing = {"resource_group": "rg", "storage_account": "account1", "name": "abc"}
    there(cloud).containers["abc"] = Container({"id": "x", "name": "abc", "properties": how})
    assert "the container abc is immutable" in containers.reasons(**existing, existing=True)
