import pytest

from palette_backup_provider.core.errors import GaveUp, InTheWay
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.azure.resource_group import ResourceGroupHandler
from tests.unit.resources.azure.cloud import Cloud
from tests.unit.resources.stack import Clock, Stack, Thing


def listed_in(cloud: Cloud, group: Thing, name: str, type: str) -> str:
    """Something that the list of the group has in it and that cannot be found."""
    id = f"{group.id}/providers/{type}/{name}".lower()
    told = {"id": id, "name": name, "type": type, "location": "westeurope", "tags": {}}
    cloud.azure.arm.resources[id] = told
    return id


def test_a_deleted_account_that_its_group_still_lists_is_not_in_the_way(
    cloud: Cloud, groups: Stack, group: Thing, clock: Clock
) -> None:
    listed_in(cloud, group, "account2", "Microsoft.Storage/storageAccounts")
    groups.delete(group)
    assert not cloud.azure.arm.groups and clock.now == 0


def test_what_a_group_lists_may_be_gone_and_is_waited_for(
    cloud: Cloud, groups: Stack, group: Thing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = listed_in(cloud, group, "topic", "Microsoft.EventGrid/systemTopics")
    with pytest.raises(GaveUp, match=r"not deleted: topic \(Microsoft.EventGrid/systemTopics\)"):
        groups.delete(group)
    assert cloud.azure.arm.groups and clock.now >= 60

    def forget(seconds: float) -> None:
        cloud.azure.arm.resources.pop(id, None)

    patience = Patience(60, clock=lambda: 0, sleep=forget)
    monkeypatch.setattr(ResourceGroupHandler, "patience", patience)
    groups.delete(group)
    assert not cloud.azure.arm.groups


def test_an_account_that_is_there_is_in_the_way_at_once(
    cloud: Cloud, groups: Stack, group: Thing, account: Thing, clock: Clock
) -> None:
    listed_in(cloud, group, "topic", "Microsoft.EventGrid/systemTopics")
    before = clock.now
    with pytest.raises(InTheWay, match=r"account1 .*, topic "):
        groups.delete(group)
    assert clock.now == before
