import pytest

from palette_backup_provider.core.errors import Blocked, WaitTimedOut
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
    cloud: Cloud, groups: Stack, group: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Clock()  # ARM's deletion is waited for by another
    monkeypatch.setattr(ResourceGroupHandler, "patience", own.patience(60))
    listed_in(cloud, group, "account2", "Microsoft.Storage/storageAccounts")
    groups.delete(group)
    assert not cloud.azure.arm.groups and own.now == 0


def test_what_a_group_lists_may_be_gone_and_is_waited_for(
    cloud: Cloud, groups: Stack, group: Thing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = listed_in(cloud, group, "topic", "Microsoft.EventGrid/systemTopics")
    with pytest.raises(
        WaitTimedOut, match=r"not deleted: topic \(Microsoft.EventGrid/systemTopics\)"
    ):
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
    with pytest.raises(Blocked, match=r"account1 .*, topic "):
        groups.delete(group)
    assert clock.now == before


def test_a_retained_group_stays_with_what_others_have_in_it(
    cloud: Cloud, groups: Stack, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    group = groups.create(name="rg", location="westeurope", replace_with_data="retain")
    listed_in(cloud, group, "topic", "Microsoft.EventGrid/systemTopics")
    groups.lifecycle.check_delete(group.id, group.outputs)
    groups.lifecycle.diff(group.id, group.outputs, {**group.inputs, "name": "other"}, set())
    assert "a new resource group replaces rg, which is kept" in capsys.readouterr().out
    groups.delete(group)
    told = capsys.readouterr().out
    assert "the resource group rg is kept, as it holds topic (Microsoft.EventGrid" in told
    assert "existing=True, name='rg'" in told
    assert cloud.azure.arm.groups
