"""What a location and its storage note of each other, and what is asked by it."""

from typing import Any

import pytest

from palette_backup_provider.core.errors import (
    Blocked,
    NotFound,
    NotOwned,
    ProviderError,
    WrongIdentity,
)
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import comparison, lifecycle
from palette_backup_provider.engine.comparison import Difference
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import outputs
from tests.unit.engine.fake import ACCOUNT, Cloud, ThingHandler, run_of

OWNER, BUCKET = "o/p/s/nightly:ab12cd", "o/p/s/nightly:ef34ab"
NOTED = {"__owner": BUCKET, "region": "eu", "name": "bucket", "__made_under": ACCOUNT}
GOES_WITH = [{"token": "some:Bucket", "id": "bucket", "properties": NOTED}]
SERVES = {"token": "some:Location", "properties": {"__owner": OWNER}, "force_destroy": False}
FULL = Blocked("It holds 3 objects")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    for module in (comparison, lifecycle):
        monkeypatch.setattr(module, "handler_of", lambda token: ThingHandler)
    return Cloud()


def run(cloud: Cloud) -> Lifecycle:
    """The type in a run of its own: its process knows nothing of those before."""
    return Lifecycle(ThingHandler, run_of(cloud))


def made(cloud: Cloud, **noted: Any) -> tuple[str, dict[str, Any]]:
    first = run(cloud)
    created = first.create(
        first.check({}, {"__owner": OWNER, "region": "eu", **noted}, set()).props
    )
    return created.id, outputs(created.state)


def deleted(cloud: Cloud) -> bool:
    return f"delete in {ACCOUNT}" in cloud.calls


def test_storage_that_refuses_is_asked_before_the_location_goes(cloud: Cloud) -> None:
    location = made(cloud, __goes_with=GOES_WITH)
    cloud.fails["check_delete"] = FULL
    with pytest.raises(Blocked) as refused:
        run(cloud).delete(*location)
    assert not deleted(cloud)
    assert str(refused.value) == (
        "It holds 3 objects. So nightly stays as it is, with its location, credential and "
        "identity: nothing was changed. To remove the location and leave the storage (`--target`, "
        "`--exclude`), run that with PALETTE_STORAGE_STAYS=true."
    )
    cloud.fails["check_delete"] = NotOwned("The bucket is held by another")
    with pytest.raises(Blocked, match=r"held by another\. So nightly stays as it is"):
        run(cloud).delete(*location)
    assert not deleted(cloud)
    del cloud.fails["check_delete"]
    run(cloud).delete(*location)
    assert deleted(cloud)


def test_storage_that_cannot_be_asked_keeps_the_location(cloud: Cloud) -> None:
    location = made(cloud, __goes_with=GOES_WITH)
    cloud.fails["check_delete"] = ProviderError("no answer")
    with pytest.raises(ProviderError, match="no answer"):
        run(cloud).delete(*location)
    elsewhere = [{**GOES_WITH[0], "properties": {**NOTED, "__made_under": "2222"}}]
    with pytest.raises(WrongIdentity):
        run(cloud).delete(location[0], {**location[1], "__goes_with": elsewhere})
    assert not deleted(cloud)


@pytest.mark.parametrize(
    "noted",
    [
        None,
        [],
        [{**GOES_WITH[0], "properties": {**NOTED, "existing": True}}],
    ],
    ids=["made before there was a note", "nothing was made", "existing"],
)
def test_what_does_not_go_is_not_asked(cloud: Cloud, noted: Any) -> None:
    location = made(cloud, __goes_with=noted)
    cloud.fails["check_delete"] = FULL
    run(cloud).delete(*location)
    assert deleted(cloud)


def test_storage_that_is_gone_refuses_nothing(cloud: Cloud) -> None:
    location = made(cloud, __goes_with=GOES_WITH)
    cloud.fails["check_delete"] = NotFound("There is no such bucket.")
    run(cloud).delete(*location)
    assert deleted(cloud)


@pytest.mark.parametrize("owner", [OWNER, BUCKET], ids=["the location", "the storage"])
def test_what_the_program_still_asks_for_is_not_asked(cloud: Cloud, owner: str) -> None:
    """A location that is replaced, and one that leaves a program in which its bucket stays."""
    location = made(cloud, __goes_with=GOES_WITH)
    cloud.fails["check_delete"] = FULL
    later = run(cloud)
    later.check({}, {"__owner": owner, "region": "eu"}, set())
    later.delete(*location)
    assert deleted(cloud)


def test_the_operator_says_that_the_storage_stays(cloud: Cloud) -> None:
    location = made(cloud, __goes_with=GOES_WITH)
    cloud.fails["check_delete"] = FULL
    later = run(cloud)
    settings = later.run.settings
    later.run.settings = Settings(settings.config, {"PALETTE_STORAGE_STAYS": "true"})
    later.delete(*location)
    assert deleted(cloud)


def test_a_note_is_written_into_state_and_changes_nothing_else(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    id, olds = made(cloud)
    later = run(cloud)
    news = later.check(olds, {"__owner": OWNER, "region": "eu", "__goes_with": GOES_WITH}, set())
    assert later.diff(id, olds, news.props, set()) == Difference(True, [])
    assert "in state alone" in capsys.readouterr().out
    cloud.calls.clear()
    assert outputs(later.update(id, olds, news.props))["__goes_with"] == GOES_WITH
    assert f"update in {ACCOUNT}" not in cloud.calls
    for props in ({**news.props, "days": 7}, {**olds, "__provider": "another"}):
        cloud.calls.clear()
        later.update(id, olds, props)
        assert f"update in {ACCOUNT}" in cloud.calls
    again = later.update(id, olds, {**news.props, "days": 7})
    assert outputs(again)["__goes_with"] == GOES_WITH


def test_a_note_that_is_not_known_yet_is_no_change(cloud: Cloud) -> None:
    id, olds = made(cloud, __goes_with=GOES_WITH)
    later = run(cloud)
    news = later.check(olds, {"__owner": OWNER, "region": "eu"}, {"__goes_with"})
    assert "__goes_with" in news.unknown
    assert later.diff(id, olds, news.props, {"__goes_with"}) == Difference(False, [])


def test_storage_is_replaced_only_if_its_location_lets_it(cloud: Cloud) -> None:
    id, olds = made(cloud, __serves=SERVES)
    later = run(cloud)
    asked = {"__owner": OWNER, "region": "us", "__serves": SERVES}
    news = later.check(olds, asked, set()).props
    cloud.fails[f"check_move {OWNER}"] = Blocked("clusters use it")
    with pytest.raises(Blocked, match="clusters use it"):
        later.diff(id, olds, news, set())
    assert f"check_replace in {ACCOUNT}" not in cloud.calls
    cloud.fails.clear()
    assert "region" in later.diff(id, olds, news, set()).replaces


@pytest.mark.parametrize("noted", [{}, {"__serves": SERVES}])
def test_a_location_that_moved_meanwhile_is_found_by_either_note(
    cloud: Cloud, noted: dict[str, Any]
) -> None:
    id, olds = made(cloud, **noted)
    other = {**SERVES, "properties": {"__owner": "o/p/s/other:ab12cd"}}
    later = run(cloud)
    asked = {"__owner": OWNER, "region": "us", "__serves": other}
    later.diff(id, olds, later.check(olds, asked, set()).props, set())
    assert f"check_move o/p/s/other:ab12cd in {ACCOUNT}" in cloud.calls
    assert (f"check_move {OWNER} in {ACCOUNT}" in cloud.calls) == bool(noted)
