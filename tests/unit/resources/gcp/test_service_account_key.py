import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.resources.gcp.retiring_key import RetiringKeyHandler
from palette_backup_provider.sandbox.gcp.iam import KEY_HOURS, NO_KEYS
from tests.unit.resources.gcp.test_service_account import PROJECT, make, make_key, there
from tests.unit.resources.stack import Clock, Killed, Stack, Thing
from tests.unit.sandbox.gcp_server import Cloud

CALLS = [
    "GET b",  # who am I
    "GET keys",
    "GET account",  # the mark
    "GET account",  # the notes
    "GET account",  # and all of them, for what is lost
    "GET account",
    "PATCH account",
    "POST keys",
    "GET account",
    "PATCH account",
]
"""What a create does."""


class Killer:
    """Ends a run before or after one of its calls."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.calls: list[str] = []
        self.before: int | None = None
        self.after: int | None = None

    def call(self, client: GcpClient, *arguments: Any, **query: Any) -> Any:
        index = len(self.calls)
        self.calls.append(f"{arguments[1]} {arguments[2].rpartition('/')[2]}")
        if index == self.before:
            raise Killed
        answer = self._real(client, *arguments, **query)
        if index == self.after:
            raise Killed
        return answer


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch, account: Thing) -> Iterator[Killer]:
    killer = Killer(GcpClient.call)
    monkeypatch.setattr(GcpClient, "call", lambda *a, **q: killer.call(*a, **q))
    yield killer


@pytest.fixture
def account(accounts: Stack) -> Thing:
    """An account that this stack made."""
    return accounts.create()


def ids(cloud: Cloud, email: str) -> list[str]:
    return [key.id for key in cloud.gcp.iam.keys_of(email)]


def notes(cloud: Cloud, email: str) -> list[str]:
    return list(there(cloud, email)["description"].split()[2:])


def test_a_create_makes_these_calls(keys: Stack, account: Thing, killer: Killer) -> None:
    keys.create(service_account=account.id)
    names = {"keys": "keys", "b": "b"}
    found = [call.split() for call in killer.calls]
    assert [f"{method} {names.get(what, 'account')}" for method, what in found] == CALLS


def test_one_key_is_made_and_its_note_closed(cloud: Cloud, keys: Stack, account: Thing) -> None:
    made = keys.create(service_account=account.id)
    assert ids(cloud, account.id) == [made.id] == [made.outputs["key_id"]]
    shown = json.loads(made.outputs["private_key_json"])
    assert (shown["private_key_id"], shown["client_email"]) == (made.id, account.id)
    assert made.outputs["expires"] is None
    assert notes(cloud, account.id) == [f"0a1b2c={made.id[:10]}"]
    assert cleared(shown["private_key"]) == "[secret]"
    assert keys.refresh(made).inputs == made.inputs  # type: ignore[union-attr]
    keys.delete(made)
    assert (ids(cloud, account.id), notes(cloud, account.id)) == ([], [])
    assert keys.refresh(made) is None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("index", range(12))
def test_a_retry_after_a_kill_leaves_one_key_that_nobody_noted(
    cloud: Cloud,
    accounts: Stack,
    keys: Stack,
    account: Thing,
    killer: Killer,
    when: str,
    index: int,
) -> None:
    setattr(killer, when, index)
    try:
        keys.create(service_account=account.id)
    except Killed:
        killer.before = killer.after = None
    else:
        assert index > len(CALLS) - 1
        return
    made = keys.create(service_account=account.id)
    # killed in its very last call, a run has noted a key that may be in use for all Google tells
    last = index == len(CALLS) - 1 and when == "after"
    assert len(ids(cloud, account.id)) == (2 if last else 1)
    assert json.loads(made.outputs["private_key_json"])["private_key_id"] == made.id
    keys.delete(made)
    accounts.delete(account)
    assert ids(cloud, account.id) == []


def test_a_retry_spares_the_other_keys_of_the_account(
    cloud: Cloud, keys: Stack, account: Thing, killer: Killer
) -> None:
    other = make_key(cloud, account.id)
    killer.after = CALLS.index("POST keys")
    with pytest.raises(Killed):
        keys.create(service_account=account.id)
    assert len(ids(cloud, account.id)) == 2
    killer.after = None
    made = keys.create(service_account=account.id)
    assert set(ids(cloud, account.id)) == {other, made.id}


@pytest.mark.parametrize(("seconds", "kept"), [(0, False), (500, False), (900, True)])
def test_only_a_key_made_right_after_the_note_is_lost(
    cloud: Cloud, keys: Stack, account: Thing, killer: Killer, seconds: float, kept: bool
) -> None:
    killer.after = CALLS.index("POST keys") - 1
    with pytest.raises(Killed):
        keys.create(service_account=account.id)
    killer.after = None
    cloud.now += seconds
    other = make_key(cloud, account.id)
    cloud.now -= seconds
    keys.create(service_account=account.id)
    assert (other in ids(cloud, account.id)) == kept


def test_a_note_that_another_hand_changed_means_nothing(
    cloud: Cloud, keys: Stack, account: Thing, killer: Killer
) -> None:
    killer.after = CALLS.index("POST keys")
    with pytest.raises(Killed):
        keys.create(service_account=account.id)
    killer.after = None
    told = there(cloud, account.id)["description"]
    body = {
        "serviceAccount": {"description": f"{told.partition('?')[0]}?beef"},
        "updateMask": "description",
    }
    name = f"projects/{PROJECT}/serviceAccounts/{account.id}"
    cloud.api("iam").projects().serviceAccounts().patch(name=name, body=body).execute()
    keys.create(service_account=account.id)
    assert len(ids(cloud, account.id)) == 2


def test_of_two_new_keys_none_is_taken_for_lost(
    cloud: Cloud, keys: Stack, account: Thing, killer: Killer
) -> None:
    killer.after = CALLS.index("POST keys")
    with pytest.raises(Killed):
        keys.create(service_account=account.id)
    killer.after = None
    make_key(cloud, account.id)
    keys.create(service_account=account.id)
    assert len(ids(cloud, account.id)) == 3


def test_a_replacement_leaves_the_old_one_until_it_is_deleted(
    cloud: Cloud, keys: Stack, account: Thing
) -> None:
    old = keys.create(service_account=account.id)
    new = keys.create(service_account=account.id)
    assert set(ids(cloud, account.id)) == {old.id, new.id}
    keys.delete(old)
    assert notes(cloud, account.id) == [f"0a1b2c={new.id[:10]}"]


def test_a_renamed_resource_takes_its_note_along(cloud: Cloud, keys: Stack, account: Thing) -> None:
    made = keys.create(service_account=account.id)
    keys.update(made, service_account=account.id, __owner="acme/shop/prod/nightly:ffffff")
    assert notes(cloud, account.id) == [f"ffffff={made.id[:10]}"]


def test_an_account_of_others_is_neither_noted_nor_cleaned(cloud: Cloud, keys: Stack) -> None:
    email = make(cloud, "theirs-1")
    made = keys.create(service_account=email)
    keys.create(service_account=email)
    keys.delete(made)
    assert "description" not in there(cloud, email)
    assert len(ids(cloud, email)) == 1


def test_at_the_limit_all_keys_are_named(cloud: Cloud, keys: Stack) -> None:
    email = make(cloud, "theirs-1")
    for _ in range(10):
        make_key(cloud, email)
    with pytest.raises(Blocked, match="has 10 keys, all that Google allows") as told:
        keys.create(service_account=email)
    assert all(id in str(told.value) for id in ids(cloud, email))
    assert len(ids(cloud, email)) == 10


def test_a_policy_against_keys_is_named_and_not_waited_for(
    cloud: Cloud, keys: Stack, account: Thing, clock: Clock
) -> None:
    cloud.gcp.iam.constraints = {NO_KEYS: 1}
    with pytest.raises(ApiError, match=f"organisation policy forbids .*{NO_KEYS}"):
        keys.create(service_account=account.id)
    assert clock.now == 0


def test_a_key_that_will_end_is_told(
    cloud: Cloud, keys: Stack, account: Thing, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.gcp.iam.constraints = {KEY_HOURS: 168}
    made = keys.create(service_account=account.id)
    assert made.outputs["expires"].startswith("20")
    assert "lets keys live no longer than until 20" in capsys.readouterr().out


def test_an_account_that_is_not_there_is_waited_for(keys: Stack, clock: Clock) -> None:
    with pytest.raises(NotFound, match="There is no service account no-such@sandbox"):
        keys.create(service_account=f"no-such@{PROJECT}.iam.gserviceaccount.com")
    assert 55 <= clock.now <= 65


@pytest.mark.parametrize("index", range(1, len(CALLS)))
def test_a_new_account_is_waited_for_at_every_call(
    cloud: Cloud,
    keys: Stack,
    account: Thing,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    index: int,
) -> None:
    real, calls = cloud.gcp.iam.account, count(1)

    def replicated(email: str) -> dict[str, Any]:
        late = email == account.id and next(calls) == index
        return real("not-here-yet" if late else email)

    monkeypatch.setattr(cloud.gcp.iam, "account", replicated)
    made = keys.create(service_account=account.id)
    assert clock.now > 0
    assert ids(cloud, account.id) == [made.id]
    assert notes(cloud, account.id) == [f"0a1b2c={made.id[:10]}"]


def test_a_disabled_key_is_enabled_again(cloud: Cloud, keys: Stack, account: Thing) -> None:
    made = keys.create(service_account=account.id)
    cloud.gcp.iam.keys[made.id].disabled = True
    seen = keys.refresh(made)
    assert seen and not seen.outputs["enabled"]
    keys.update(seen, service_account=account.id)
    assert not cloud.gcp.iam.keys[made.id].disabled


def test_a_rotation_makes_one_more_key_and_both_are_noted(
    cloud: Cloud, keys: Stack, account: Thing
) -> None:
    old = keys.create(service_account=account.id)
    new = keys.update(old, service_account=account.id, rotation="now")
    id = new.outputs["key_id"]
    assert ids(cloud, account.id) == [old.id, id]
    assert new.outputs["previous"] == old.id
    assert json.loads(new.outputs["private_key_json"])["private_key_id"] == id
    assert notes(cloud, account.id)[0].endswith(f"={old.id[:10]},{id[:10]}")
    assert not keys.differs(new, service_account=account.id, rotation="now")
    assert keys.refresh(new) == new

    beside = Stack(RetiringKeyHandler, cloud.config)
    beside.delete(beside.create(service_account=account.id, __told=old.id))
    assert ids(cloud, account.id) == [id]
    assert notes(cloud, account.id)[0].endswith(f"={id[:10]}")
    assert keys.refresh(new) == new
    keys.delete(new)
    assert ids(cloud, account.id) == notes(cloud, account.id) == []


@pytest.mark.parametrize("index", range(8))
def test_a_rotation_that_was_killed_spares_the_live_key(
    cloud: Cloud, keys: Stack, account: Thing, killer: Killer, index: int
) -> None:
    old = keys.create(service_account=account.id)
    killer.after = len(killer.calls) + index
    with suppress(Killed):
        keys.update(old, service_account=account.id, rotation="now")
    killer.after = None
    new = keys.update(old, service_account=account.id, rotation="now")
    assert ids(cloud, account.id) == [old.id, new.outputs["key_id"]]


def test_no_rotation_at_the_limit_of_ten(cloud: Cloud, keys: Stack, account: Thing) -> None:
    made = keys.create(service_account=account.id)
    for _ in range(9):
        make_key(cloud, account.id)
    with pytest.raises(Blocked, match=made.id) as full:
        keys.update(made, service_account=account.id, rotation="now")
    assert all(id in str(full.value) for id in ids(cloud, account.id))
    assert len(ids(cloud, account.id)) == 10
