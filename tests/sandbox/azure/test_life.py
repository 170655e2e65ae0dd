"""The life of a backup location on Azure, from nothing to nothing."""

import re

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure.components import AZURE
from tests.sandbox.azure.inspector import AzureInspector
from tests.sandbox.component import config_of
from tests.sandbox.palette.inspector import Palette
from tests.sandbox.stack import Stack


def test_a_first_preview_shows_names_ids_and_roles(stack: Stack, running: Sandbox) -> None:
    stack.program(AZURE.program)
    planned = [
        (urn.rpartition("::")[0].rpartition("/")[2], step["newState"]["inputs"])
        for urn, step in stack.steps().items()
        if "dynamic" in urn
    ]
    by_type = dict(planned)
    group, account = by_type["azure:ResourceGroup"], by_type["azure:StorageAccount"]
    subscription = running.env["ARM_SUBSCRIPTION_ID"]
    assert group["resource_id"] == f"/subscriptions/{subscription}/resourceGroups/{group['name']}"
    assert re.fullmatch(r"nightly[0-9a-f]{10}", account["name"])
    inside = f"{group['resource_id']}/providers/Microsoft.Storage/storageAccounts"
    assert account["resource_id"] == f"{inside}/{account['name']}"
    container = by_type["azure:Container"]
    assert container["resource_id"].startswith(account["resource_id"])
    given = [inputs for kind, inputs in planned if kind == "azure:RoleAssignment"]
    assert sorted(one["role"] for one in given) == [
        "Reader and Data Access",
        "Storage Blob Data Contributor",
    ]
    assert {one["scope"] for one in given} == {account["resource_id"]}
    assert all("/roleDefinitions/" in one["role_definition_id"] for one in given)
    assert by_type["azure:Application"]["tenant_id"] == running.env["ARM_TENANT_ID"]
    location = by_type["palette:BackupLocation"]
    assert location["storage"]["container"] == container["name"]
    assert location["storage"]["credentials"]["subscription_id"] == subscription


@pytest.mark.live("azure")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, azure: AzureInspector) -> None:
    stack.program(AZURE.program)
    stack.up()
    outputs = stack.outputs()
    (location,) = palette.locations()
    assert (outputs["uid"], outputs["type"]) == (location["uid"], "azure")
    (application,) = azure.applications()
    assert outputs["client"] == application["appId"]
    assert outputs["key"] == application["passwordCredentials"][0]["keyId"]
    assert azure.accounts() == [outputs["account"]]
    AZURE.works(palette, azure)
    stack.settled()
    stack.refresh()
    stack.unchanged()

    stack.set("team", "platform")
    steps = stack.steps()
    assert {s["op"] for s in steps.values()} == {"update"}
    assert len(steps) == 2  # the group and the account
    stack.up()
    stack.unchanged()
    found = azure.operator.storage.storage_accounts.get_properties(
        outputs["group"], outputs["account"]
    )
    assert found.tags["team"] == "platform"

    stack.set("location", "northeurope")
    stack.up()
    assert stack.outputs()["account"] != outputs["account"]
    assert stack.outputs()["uid"] == outputs["uid"]
    AZURE.works(palette, azure)
    stack.unchanged()

    stack.destroy()
    assert not palette.locations()
    assert azure.nothing_left()


@pytest.mark.stress
def test_an_existing_object_is_never_changed_or_deleted(
    stack: Stack, palette: Palette, azure: AzureInspector
) -> None:
    stack.program(AZURE.program)
    stack.up()
    made = stack.outputs()
    existing = f"""\
        AzureBackupLocation("nightly", AzureBackupLocationArgs(
            location="westeurope",
            existing_resource_group="{made["group"]}",
            existing_storage_account="{made["account"]}",
            existing_container="{made["container"]}"))
        """
    stack.program(existing)
    assert "these open all that is in it" in stack.up().text
    stack.unchanged()
    AZURE.works(palette, azure)
    stack.destroy()
    assert azure.accounts() == [made["account"]]
    assert not (azure.applications() or azure.principals() or azure.assignments())


@pytest.mark.stress
def test_an_existing_application_gets_a_secret_and_nothing_else(
    stack: Stack, palette: Palette, azure: AzureInspector
) -> None:
    theirs = azure.operator.graph("POST", "/applications", {"displayName": "theirs"}).json()
    client_id = theirs["appId"]
    for _ in range(2):  # the first comes too early
        azure.operator.graph("POST", "/servicePrincipals", {"appId": client_id})
    existing = AZURE.program.replace(
        "location=config", f'existing_application="{client_id}", probe=False, location=config'
    )
    stack.program(existing)
    stack.up()
    stack.unchanged()
    assert config_of(palette.locations()[0])["credentials"]["clientId"] == client_id
    assert azure.assignments() == []
    stack.destroy()
    (application,) = azure.applications()
    assert application["passwordCredentials"] == []
    assert application["notes"] is None


@pytest.mark.stress
def test_roles_for_snapshots_are_given_where_the_disks_are(
    stack: Stack, palette: Palette, azure: AzureInspector
) -> None:
    first, second = (
        f"/subscriptions/{azure.operator.subscription}/resourceGroups/{name}"
        for name in ("clusters", "more")
    )

    def program(*scopes: str) -> str:
        snapshots = f"snapshot_scopes={list(scopes)}, location=config"
        return AZURE.program.replace("location=config", snapshots)

    stack.program(program(first))
    stack.up()
    stack.unchanged()
    (name,) = azure.custom_roles()
    for scopes in ([first, second], [second], []):  # a role that somebody has is not deleted
        stack.program(program(*scopes))
        stack.up()
        stack.unchanged()
        assert sorted(one for one in azure.assignments() if one in (first, second)) == scopes
        assert len(azure.custom_roles()) == len(scopes)
    assert name.startswith("nightly")
    stack.destroy()
    assert azure.nothing_left()


EARLIER = """\
from palette_backup_provider import azure
from palette_backup_provider.components import azure as components

BUILT_IN = ("Disk Backup Reader", "Disk Restore Operator", "Disk Snapshot Contributor")
made_now = components._roles

def as_earlier(name, args, account, principal_id, child):
    scopes, args.snapshot_scopes = args.snapshot_scopes, None
    roles = made_now(name, args, account, principal_id, child)
    for number, scope in enumerate(scopes, 1):
        for role in BUILT_IN:
            roles.append(azure.RoleAssignment(
                f"{name}-snapshots-{number}-{role.lower().replace(' ', '-')}",
                azure.RoleAssignmentArgs(scope=scope, role=role, principal_id=principal_id),
                child,
            ))
    return roles

components._roles = as_earlier
"""
"""Gives roles for snapshots as releases before 0.2 did, by Azure's own."""


@pytest.mark.stress
def test_roles_for_snapshots_of_an_earlier_release_give_way_to_a_custom_one(
    stack: Stack, palette: Palette, azure: AzureInspector
) -> None:
    scope = f"/subscriptions/{azure.operator.subscription}/resourceGroups/clusters"
    snapshots = f'snapshot_scopes=["{scope}"], location=config'
    program = AZURE.program.replace("location=config", snapshots)
    stack.program(f"{EARLIER}{program}")
    stack.up()
    assert azure.assignments().count(scope) == 3
    stack.program(program)
    steps = {urn.rpartition("::")[2]: step["op"] for urn, step in stack.steps().items()}
    assert steps == {
        "nightly-snapshots-1": "create",
        **{f"nightly-snapshots-1-disk-{role}": "delete" for role in THEIRS},
    }
    calls: list[str] = [line for line in stack.up().text.splitlines() if "-snapshots-1" in line]
    made = max(number for number, line in enumerate(calls) if "created" in line)
    assert made < min(number for number, line in enumerate(calls) if "deleted" in line)
    stack.unchanged()
    assert azure.assignments().count(scope) == 1 and len(azure.custom_roles()) == 1
    stack.destroy()
    assert azure.nothing_left()


THEIRS = ("backup-reader", "restore-operator", "snapshot-contributor")
