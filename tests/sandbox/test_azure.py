"""The life of a backup location on Azure, from nothing to nothing."""

import re

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.lives import AZURE, config_of
from tests.sandbox.palette_cloud import Palette
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
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, azure: AzureEyes) -> None:
    stack.program(AZURE.program)
    stack.up()
    outputs = stack.outputs()
    (location,) = palette.locations()
    assert (outputs["uid"], outputs["type"]) == (location["uid"], "azure")
    assert outputs["client"] == azure.applications()[0]["appId"]
    assert azure.accounts() == [outputs["account"]]
    AZURE.works(palette, azure)
    stack.unchanged()
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


def test_what_is_brought_is_never_changed_or_deleted(
    stack: Stack, palette: Palette, azure: AzureEyes
) -> None:
    stack.program(AZURE.program)
    stack.up()
    made = stack.outputs()
    brought = f"""\
        AzureBackupLocation("nightly", AzureBackupLocationArgs(
            location="westeurope",
            existing_resource_group="{made["group"]}",
            existing_storage_account="{made["account"]}",
            existing_container="{made["container"]}"))
        """
    stack.program(brought)
    assert "these open all that is in it" in stack.up().text
    stack.unchanged()
    AZURE.works(palette, azure)
    stack.destroy()
    assert azure.accounts() == [made["account"]]
    assert not (azure.applications() or azure.principals() or azure.assignments())


def test_an_application_that_is_brought_gets_a_secret_and_nothing_else(
    stack: Stack, palette: Palette, azure: AzureEyes
) -> None:
    theirs = azure.operator.graph("POST", "/applications", {"displayName": "theirs"}).json()
    client_id = theirs["appId"]
    for _ in range(2):  # the first comes too early
        azure.operator.graph("POST", "/servicePrincipals", {"appId": client_id})
    brought = AZURE.program.replace(
        "location=config", f'existing_client_id="{client_id}", probe=False, location=config'
    )
    stack.program(brought)
    stack.up()
    stack.unchanged()
    assert config_of(palette)["credentials"]["clientId"] == client_id
    assert azure.assignments() == []
    stack.destroy()
    (application,) = azure.applications()
    assert application["passwordCredentials"] == []
    assert application["notes"] is None


def test_roles_for_snapshots_are_given_where_the_disks_are(
    stack: Stack, palette: Palette, azure: AzureEyes
) -> None:
    scope = f"/subscriptions/{azure.operator.subscription}/resourceGroups/clusters"
    stack.program(
        AZURE.program.replace("location=config", f'snapshot_scopes=["{scope}"], location=config')
    )
    stack.up()
    stack.unchanged()
    assert azure.assignments().count(scope) == 3
    stack.destroy()
    assert azure.nothing_left()


def test_a_rotated_secret_works_and_the_old_one_until_its_deadline(
    stack: Stack, palette: Palette, azure: AzureEyes
) -> None:
    rotating = 'rotation=config.get("rotation"),\n        tags='
    stack.program(AZURE.program.replace("tags=", rotating, 1))
    stack.up()
    old = config_of(palette)
    stack.set("rotation", "one")
    stack.up()
    new = config_of(palette)
    assert new["credentials"] != old["credentials"]
    for config in (old, new):
        azure.can_back_up(config)
    stack.unchanged()

    stack.edit("azure:ClientSecret", retiring_until="2026-01-01T00:00Z")
    stack.up()
    AZURE.works(palette, azure)
    stack.unchanged()
    stack.destroy()
    assert azure.nothing_left()
