from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned, ProviderError
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.azure.resource_group import ResourceGroupHandler
from palette_backup_provider.sandbox.azure.accounts import Container
from tests.unit.resources.azure.cloud import Cloud, killed, there
from tests.unit.resources.stack import OWNER, Stack, Thing

SUBNET = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers"
    "/Microsoft.Network/virtualNetworks/v/subnets/a"
)
THEIRS = Container({"id": "/containers/theirs", "name": "theirs", "properties": {}})


def test_an_account_is_private_and_strict(cloud: Cloud, account: Thing) -> None:
    body = there(cloud).body
    assert body["tags"][MARK].startswith(f"{OWNER}@")
    said = body["properties"]
    assert said["minimumTlsVersion"] == "TLS1_2"
    assert said["supportsHttpsTrafficOnly"] is True
    assert said["allowBlobPublicAccess"] is False
    assert said["allowSharedKeyAccess"] is True
    assert said["publicNetworkAccess"] == "Enabled"
    assert said["networkAcls"]["defaultAction"] == "Allow"
    assert said["networkAcls"]["bypass"] == "AzureServices"
    assert account.outputs["resource_id"] == account.id == body["id"]
    assert account.outputs["client_cloud"] == "public"


@pytest.mark.parametrize(
    ("setting", "value", "field"),
    [
        ("minimumTlsVersion", "TLS1_0", "tls_version"),
        ("supportsHttpsTrafficOnly", False, "https_only"),
        ("allowBlobPublicAccess", True, "public_access_blocked"),
        ("allowSharedKeyAccess", False, "shared_keys"),
        ("networkAcls", {"defaultAction": "Deny"}, "open_to_all_networks"),
    ],
)
def test_what_others_change_is_seen_and_put_back(
    cloud: Cloud, accounts: Stack, account: Thing, setting: str, value: Any, field: str
) -> None:
    said = there(cloud).body["properties"]
    before = said[setting]
    said[setting] = value
    found = accounts.refresh(account)
    assert found and found.outputs[field] != account.outputs[field]
    accounts.update(found, resource_group="rg", name="account1")
    assert said[setting] == before


def test_network_rules_close_it_to_all_others(
    cloud: Cloud, accounts: Stack, account: Thing
) -> None:
    wanted: dict[str, Any] = {"allowed_ips": ["203.0.113.0/24"], "allowed_subnets": [SUBNET]}
    accounts.update(account, resource_group="rg", name="account1", **wanted)
    rules = there(cloud).body["properties"]["networkAcls"]
    assert rules["defaultAction"] == "Deny"
    assert rules["ipRules"] == [{"value": "203.0.113.0/24", "action": "Allow"}]
    assert rules["virtualNetworkRules"] == [{"id": SUBNET, "action": "Allow"}]


def test_sku_and_tags_change_in_place_and_tags_of_others_stay(
    cloud: Cloud, accounts: Stack, account: Thing
) -> None:
    there(cloud).body["tags"]["theirs"] = "stays"
    first = accounts.update(account, resource_group="rg", name="account1", tags={"a": "1"})
    accounts.update(first, resource_group="rg", name="account1", sku="Standard_GRS")
    tags = there(cloud).body["tags"]
    assert there(cloud).body["sku"]["name"] == "Standard_GRS"
    assert {k: v for k, v in tags.items() if k != MARK} == {"theirs": "stays"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "My-Acct"}, "name: 'My-Acct' is not allowed: 3 to 24 lower-case letters"),
        ({"sku": "Standard_XXL"}, "sku: must be 'Standard_LRS'"),
        ({"sku": "Premium_LRS"}, "sku: a Premium SKU takes kind='BlockBlobStorage'"),
        ({"kind": "BlockBlobStorage"}, "sku: a Premium SKU takes"),
        ({"location": "west-europe"}, "location: 'west-europe' is not allowed"),
        ({"allowed_ips": ["everywhere"]}, "allowed_ips"),
        ({"allowed_ips": ["203.0.113.7/32"]}, "'203.0.113.7/32' is not allowed"),
        ({"allowed_ips": ["203.0.113.6/31"]}, "takes no /31 and /32"),
        ({"allowed_ips": ["203.0.113.0/33"]}, "or a range up to /30"),
        ({"allowed_subnets": ["subnet"]}, "allowed_subnets"),
        ({"tags": {"palette-backup": "x"}}, "are reserved"),
        ({"identity": {"subscription": "mine"}}, "identity.subscription"),
    ],
)
def test_inputs_that_break_a_rule(accounts: Stack, given: dict[str, Any], says: str) -> None:
    assert says in accounts.reasons(resource_group="rg", **given)


def test_addresses_and_the_smallest_range_are_allowed(accounts: Stack) -> None:
    ips = ["203.0.113.4/30", "203.0.113.7", "198.51.100.0/9"]
    assert not accounts.reasons(resource_group="rg", allowed_ips=ips)


def test_a_made_name_fits(accounts: Stack) -> None:
    long = accounts.check(resource_group="rg", __owner=f"{'a-' * 30}/b/c/{'Nightly-' * 6}:0a1b2c")
    assert len(long["name"]) == 24 and long["name"].isalnum()


def test_a_name_that_is_taken_elsewhere(cloud: Cloud, accounts: Stack, account: Thing) -> None:
    cloud.stack(ResourceGroupHandler).create(name="rg2")
    with pytest.raises(NotOwned, match="unique in all of Azure"):
        accounts.create(resource_group="rg2", name="account1")


def test_one_of_others_is_not_taken_over(cloud: Cloud, accounts: Stack, account: Thing) -> None:
    there(cloud).body["tags"] = {}
    with pytest.raises(NotOwned, match="set existing=True, name='account1'"):
        accounts.create(resource_group="rg", name="account1")
    with pytest.raises(NotOwned, match="no longer carries the mark"):
        accounts.delete(account)


@pytest.mark.parametrize("index", range(4))
def test_a_retry_after_a_kill_leaves_one(
    cloud: Cloud, accounts: Stack, group: Thing, index: int
) -> None:
    def create() -> Thing:
        return accounts.create(resource_group="rg", name="account1")

    killed(cloud, "die_after", index, create)
    made = create()
    assert list(cloud.azure.storage.accounts) == ["account1"]
    assert there(cloud).body["tags"][MARK].endswith(made.outputs["__incarnation"])


def test_what_others_keep_in_it_is_spared(
    cloud: Cloud, accounts: Stack, groups: Stack, account: Thing, group: Thing
) -> None:
    there(cloud).containers["theirs"] = THEIRS
    there(cloud).others["fileServices/default/shares"] = ["files"]
    for refused in (accounts.delete, lambda one: accounts.lifecycle.diff(*moved(one))):
        with pytest.raises(Blocked, match="containers theirs, file shares files"):
            refused(account)
    with pytest.raises(Blocked, match=r"account1 \(Microsoft.Storage/storageAccounts\)"):
        groups.delete(group)
    there(cloud).containers.clear()
    there(cloud).others.clear()
    accounts.delete(account)
    groups.delete(group)
    assert not cloud.azure.arm.groups


def test_our_own_container_is_not_in_the_way_of_a_replacement(
    cloud: Cloud, accounts: Stack, containers: Stack, account: Thing
) -> None:
    containers.create(resource_group="rg", storage_account="account1", name="backups")
    assert accounts.lifecycle.diff(*moved(account)).replaces == ["location"]
    accounts.create(resource_group="rg", name="account1")
    there(cloud).containers["theirs"] = THEIRS
    with pytest.raises(Blocked, match=r"not made here.*: containers theirs"):
        accounts.lifecycle.diff(*moved(account))


def test_a_container_that_goes_meanwhile_is_not_in_the_way(
    cloud: Cloud, accounts: Stack, account: Thing
) -> None:
    there(cloud).containers["theirs"] = THEIRS
    cloud.refused["GET theirs"] = [NotFound("The specified container does not exist.")]
    assert accounts.lifecycle.diff(*moved(account)).replaces == ["location"]


@pytest.mark.parametrize(
    ("kind", "sku"), [("BlobStorage", "Standard_LRS"), ("BlockBlobStorage", "Premium_LRS")]
)
def test_an_account_for_blobs_alone_is_replaced_adopted_and_deleted(
    cloud: Cloud, accounts: Stack, group: Thing, kind: str, sku: str
) -> None:
    wanted = {"resource_group": "rg", "name": "account1", "kind": kind, "sku": sku}
    made = accounts.create(**wanted)
    assert accounts.lifecycle.diff(*moved(made)).replaces == ["location"]
    made = accounts.create(**wanted)
    accounts.delete(made)
    assert not cloud.azure.storage.accounts


def moved(account: Thing) -> Any:
    return account.id, account.outputs, {**account.inputs, "location": "northeurope"}, set()


def test_a_policy_against_shared_keys_is_explained(
    cloud: Cloud, accounts: Stack, group: Thing
) -> None:
    cloud.azure.storage.forbids_shared_keys = True
    with pytest.raises(ApiError, match="An Azure Policy forbids it, as it says"):
        accounts.create(resource_group="rg", name="account1")


def test_an_existing_account_must_exist_and_serve(
    cloud: Cloud, accounts: Stack, account: Thing
) -> None:
    told = accounts.reasons(resource_group="rg", name="none", existing=True)
    assert "no storage account none in the resource group rg" in told
    there(cloud).body["properties"]["allowSharedKeyAccess"] = False
    existing: dict[str, Any] = {"resource_group": "rg", "name": "account1", "existing": True}
    assert "forbids shared keys" in accounts.reasons(**existing)
    there(cloud).body["properties"]["allowSharedKeyAccess"] = True
    there(cloud).body["sku"]["name"] = "StandardV2_LRS"
    assert accounts.check(**existing)["sku"] == "StandardV2_LRS"
    told = accounts.reasons(**existing, sku="Standard_GRS", location="northeurope")
    assert "sku: the account has StandardV2_LRS: say that" in told
    assert "location: the account has westeurope" in told


def test_a_tenant_that_is_not_the_subscriptions(cloud: Cloud) -> None:
    other = cloud.azure.other
    where = {"azure-native:subscriptionId": other.subscription}
    told = cloud.stack(ResourceGroupHandler, **where).reasons(name="rg")
    assert "The subscription belongs to another tenant than the credentials" in told


def test_a_wrong_secret_and_a_missing_subscription_are_told_in_preview(cloud: Cloud) -> None:
    wrong = cloud.stack(ResourceGroupHandler, **{"azure-native:clientSecret": "wrong-secret"})
    told = wrong.reasons(name="rg")
    assert "AADSTS7000215" in told and "$ARM_CLIENT_SECRET" in told and "wrong-secret" not in told
    missing = cloud.stack(ResourceGroupHandler, **{"azure-native:subscriptionId": ""})
    assert "azure-native:subscriptionId is not set" in missing.reasons(name="rg")


@pytest.mark.parametrize("part", ["GET containers", "GET shares"])
def test_an_account_is_not_gone_because_what_is_in_it_is_not_found(
    cloud: Cloud, accounts: Stack, account: Thing, part: str
) -> None:
    cloud.refused[part] = [NotFound("The specified resource does not exist.")]
    with pytest.raises(ProviderError, match="The rest is still there"):
        accounts.delete(account)
    accounts.delete(account)
    assert not cloud.azure.storage.accounts
