import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from moto.iam.models import AccessKeyLastUsed, iam_backends

from palette_backup_provider.core.errors import ApiError, Blocked, NotFound
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.aws.access_key import AccessKeyHandler
from palette_backup_provider.resources.aws.retiring_key import RetiringKeyHandler
from palette_backup_provider.resources.aws.user import UserHandler
from tests.unit.resources.aws.iam_calls import Iam
from tests.unit.resources.stack import OWNER, Clock, Killed, Stack, Thing

NOTE = f"{MARK}-key/nightly:0a1b2c"


@pytest.fixture
def keys() -> Stack:
    return Stack(AccessKeyHandler)


@pytest.fixture
def user(iam: Iam) -> Thing:
    """The user `u`, made by this stack."""
    made = Stack(UserHandler).create(name="u")
    iam.calls.clear()
    return made


@pytest.fixture
def existing(iam: Iam) -> str:
    iam.ask("create_user", UserName="existing")
    return "existing"


def use(id: str) -> None:
    """As if AWS had seen a request that was signed with the key."""
    backend = iam_backends["123456789012"]["aws"]
    key = next(k for k in backend.get_all_access_keys_for_all_users() if k.access_key_id == id)
    key.last_used = AccessKeyLastUsed(datetime(2026, 11, 20, tzinfo=UTC), "s3", "us-east-1")


def note(iam: Iam, value: str, name: str = NOTE) -> None:
    iam.ask("tag_user", UserName="u", Tags=[{"Key": name, "Value": value}])


def another(iam: Iam, user: str = "u") -> str:
    return str(iam.ask("create_access_key", UserName=user)["AccessKey"]["AccessKeyId"])


def test_create_makes_one_key_and_closes_its_note(iam: Iam, keys: Stack, user: Thing) -> None:
    made = keys.create(user="u")
    assert iam.keys("u") == [made.id] == [made.outputs["access_key_id"]]
    assert made.outputs["status"] == "Active" and "status" not in made.inputs
    assert iam.tags("u")[NOTE] == f"made {made.id}"
    assert iam.calls.index("tag_user") < iam.calls.index("create_access_key")


def test_the_secret_is_cleared_from_texts_from_the_start(
    iam: Iam, keys: Stack, user: Thing
) -> None:
    iam.answers["tag_user"] = [{}, ApiError("boom", status=500)]
    answers: list[dict[str, Any]] = []
    real = iam.real

    def spied(*args: Any, **params: Any) -> dict[str, Any]:
        answers.append(real(*args, **params))
        return answers[-1]

    iam.real = spied
    with pytest.raises(ApiError, match="boom"):
        keys.create(user="u")
    secret = next(a["AccessKey"]["SecretAccessKey"] for a in answers if "AccessKey" in a)
    assert secret not in cleared(f"the key is {secret}")


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(7))
def test_a_retry_after_a_kill_leaves_no_key_but_one_that_was_handed_over(
    iam: Iam, keys: Stack, user: Thing, when: str, index: int
) -> None:
    setattr(iam, when, index)
    try:
        keys.create(user="u")
    except Killed:
        iam.die_before = iam.die_after = None
    else:
        assert index == 6  # there are six calls
        return
    handed_over = iam.keys("u") if "made" in iam.tags("u").get(NOTE, "") else []
    made = keys.create(user="u")
    assert iam.keys("u") == [*handed_over, made.id]
    assert made.outputs["secret_access_key"]
    assert iam.tags("u")[NOTE] == " ".join(["made", made.id, *handed_over])
    rotated = keys.update(made, user="u", rotation="now")
    assert iam.keys("u") == [made.id, rotated.outputs["access_key_id"]]
    keys.delete(rotated)
    assert not iam.keys("u") and NOTE not in iam.tags("u")


def test_one_that_a_user_has_replaced_is_there_until_the_engine_deletes_it(
    iam: Iam, keys: Stack, user: Thing
) -> None:
    """Nobody used it yet, and the engine tells nothing of it."""
    old = keys.create(user="u")
    new = keys.create(user="u")
    assert iam.keys("u") == [old.id, new.id]
    keys.delete(old)
    assert iam.keys("u") == [new.id]
    assert iam.tags("u")[NOTE] == f"made {new.id}"


@pytest.mark.parametrize("index", range(7))
def test_a_retry_that_is_killed_too_leaves_no_other(
    iam: Iam, keys: Stack, user: Thing, index: int
) -> None:
    iam.die_after = 4
    with pytest.raises(Killed):
        keys.create(user="u")
    assert len(iam.keys("u")) == 1
    iam.die_after = len(iam.calls) + index
    with pytest.raises(Killed):
        keys.create(user="u")
    iam.die_after = None
    handed_over = iam.keys("u") if "made" in iam.tags("u").get(NOTE, "") else []
    made = keys.create(user="u")
    assert iam.keys("u") == [*handed_over, made.id]


def test_a_retry_spares_the_other_key_of_the_user_and_names_it(
    iam: Iam, keys: Stack, user: Thing, capsys: pytest.CaptureFixture[str]
) -> None:
    other = another(iam)
    iam.die_after = 5  # its last use is looked up, too
    with pytest.raises(Killed):
        keys.create(user="u")
    assert len(iam.keys("u")) == 2
    iam.die_after = None
    made = keys.create(user="u")
    assert set(iam.keys("u")) == {other, made.id}
    assert f"has credentials already: {other}" in capsys.readouterr().out


def test_a_noted_key_that_is_in_use_is_not_deleted(iam: Iam, keys: Stack, user: Thing) -> None:
    old = keys.create(user="u")
    use(old.id)
    new = keys.create(user="u")
    assert set(iam.keys("u")) == {old.id, new.id}
    keys.delete(old)
    assert iam.keys("u") == [new.id]
    assert iam.tags("u")[NOTE] == f"made {new.id}"  # the note of its successor stays


@pytest.mark.parametrize(
    ("minutes", "kept"), [(0, False), (-4, False), (5, False), (-10, True), (30, True)]
)
def test_only_a_key_made_right_after_the_note_is_lost(
    iam: Iam, keys: Stack, user: Thing, minutes: int, kept: bool
) -> None:
    key = another(iam)
    note(iam, f"open {int(time.time()) - 60 * minutes}")
    keys.create(user="u")
    assert (key in iam.keys("u")) is kept


@pytest.mark.parametrize("changed", ["", "made", "open", "open yesterday", f"open {'9' * 200}"])
def test_a_note_that_another_hand_changed_means_nothing(
    iam: Iam, keys: Stack, user: Thing, changed: str
) -> None:
    key = another(iam)
    note(iam, changed)
    made = keys.create(user="u")
    assert set(iam.keys("u")) == {key, made.id}


def test_of_two_new_keys_none_is_taken_for_lost(iam: Iam, keys: Stack, user: Thing) -> None:
    both = {another(iam), another(iam)}
    note(iam, f"open {int(time.time())}")
    with pytest.raises(Blocked):
        keys.create(user="u")
    assert set(iam.keys("u")) == both


def test_the_note_of_another_resource_is_not_acted_on(iam: Iam, keys: Stack, user: Thing) -> None:
    key = another(iam)
    note(iam, f"made {key}", f"{MARK}-key/weekly:0a1b2c")
    made = keys.create(user="u")
    assert set(iam.keys("u")) == {key, made.id}


def test_at_the_limit_both_keys_are_described_and_kept(iam: Iam, keys: Stack, user: Thing) -> None:
    used, unused = another(iam), another(iam)
    use(used)
    iam.ask("update_access_key", UserName="u", AccessKeyId=unused, Status="Inactive")
    with pytest.raises(Blocked) as full:
        keys.create(user="u")
    text = str(full.value)
    assert f"{used} (made 20" in text and "last used 2026-11-20 for s3" in text
    assert f"{unused} (made 20" in text and "0 days ago, inactive, never used" in text
    assert "aws iam delete-access-key --user-name u" in text
    assert set(iam.keys("u")) == {used, unused}
    assert NOTE not in iam.tags("u")  # or a later run might take one of them for lost


def test_a_race_to_the_limit_gets_the_same_words(iam: Iam, keys: Stack, user: Thing) -> None:
    key = another(iam)
    iam.answers["create_access_key"] = [ApiError("quota", status=409, code="LimitExceeded")]
    with pytest.raises(Blocked, match=key):
        keys.create(user="u")


@pytest.mark.parametrize("mark", [None, "acme/web/prod/u:ffffff@0"])
def test_a_user_that_is_not_ours_is_neither_noted_nor_cleaned(
    iam: Iam, keys: Stack, existing: str, mark: str | None
) -> None:
    tags = [{"Key": NOTE, "Value": f"open {int(time.time())}"}]
    tags += [{"Key": MARK, "Value": mark}] if mark else []
    iam.ask("tag_user", UserName=existing, Tags=tags)
    key = another(iam, existing)
    made = keys.create(user=existing)
    assert set(iam.keys(existing)) == {key, made.id}
    keys.delete(made)
    assert iam.keys(existing) == [key]
    assert iam.tags(existing) == {tag["Key"]: tag["Value"] for tag in tags}


def asked_twice(iam: Iam, user: str) -> str:
    """AWS makes a key, its answer gets lost, and botocore asks again."""
    lost = another(iam, user)
    answer = iam.ask("create_access_key", UserName=user)
    answer["ResponseMetadata"]["RetryAttempts"] = 1
    iam.answers["list_access_keys"] = [{"AccessKeyMetadata": []}]
    iam.answers["create_access_key"] = [answer]
    return lost


def test_a_key_whose_answer_got_lost_is_deleted(iam: Iam, keys: Stack, user: Thing) -> None:
    lost = asked_twice(iam, "u")
    made = keys.create(user="u")
    assert made.id != lost
    assert iam.keys("u") == [made.id]


def test_on_an_existing_user_a_lost_key_is_only_told(
    iam: Iam, keys: Stack, existing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = asked_twice(iam, existing)
    keys.create(user=existing)
    assert lost in iam.keys(existing)
    assert lost in capsys.readouterr().out


def test_an_inactive_key_is_drift_and_made_active_again(iam: Iam, keys: Stack, user: Thing) -> None:
    made = keys.create(user="u")
    iam.ask("update_access_key", UserName="u", AccessKeyId=made.id, Status="Inactive")
    drifted = keys.refresh(made)
    assert drifted and drifted.inputs["status"] == "Inactive"
    restored = keys.update(drifted, user="u")
    found = iam.ask("list_access_keys", UserName="u")["AccessKeyMetadata"]
    assert [key["Status"] for key in found] == ["Active"]
    assert restored.outputs == made.outputs


def test_an_untouched_key_is_no_drift(iam: Iam, keys: Stack, user: Thing) -> None:
    made = keys.create(user="u")
    refreshed = keys.refresh(made)
    assert refreshed == made
    assert not keys.differs(made, user="u")


def test_read_goes_by_the_key_on_record(iam: Iam, keys: Stack, user: Thing) -> None:
    made = keys.create(user="u")
    later = another(iam)
    iam.ask("delete_access_key", UserName="u", AccessKeyId=made.id)
    assert keys.refresh(made) is None
    rotated = Thing(made.id, made.inputs, {**made.outputs, "access_key_id": later})
    assert keys.refresh(rotated) is not None


def test_a_key_whose_user_is_gone_is_gone(iam: Iam, keys: Stack, user: Thing) -> None:
    made = keys.create(user="u")
    iam.ask("delete_access_key", UserName="u", AccessKeyId=made.id)
    iam.ask("delete_user", UserName="u")
    assert keys.refresh(made) is None
    keys.delete(made)


def test_delete_takes_exactly_its_key_and_the_note(iam: Iam, keys: Stack, user: Thing) -> None:
    other = another(iam)
    made = keys.create(user="u")
    keys.delete(made)
    assert iam.keys("u") == [other]
    assert NOTE not in iam.tags("u")
    keys.delete(made)


def test_a_look_up_finds_the_user_by_the_key(iam: Iam, keys: Stack, existing: str) -> None:
    key = another(iam, existing)
    state = keys.lifecycle.read(key, {"__owner": OWNER})
    assert state is not None
    found = state.model_dump()
    assert (found["user"], found["access_key_id"]) == (existing, key)


def test_a_renamed_key_takes_its_note_along(iam: Iam, user: Thing, keys: Stack) -> None:
    made = keys.create(user="u")
    keys.update(made, user="u", __owner=OWNER.replace("nightly", "daily"))
    assert iam.tags("u")[f"{MARK}-key/daily:0a1b2c"] == f"made {made.id}"
    assert NOTE not in iam.tags("u")  # or the next `nightly` would take the key for lost


def test_a_user_made_a_moment_ago_is_waited_for(
    iam: Iam, keys: Stack, user: Thing, clock: Clock
) -> None:
    not_yet = NotFound("not yet", code="NoSuchEntity")
    iam.answers["list_access_keys"] = [not_yet, not_yet]
    for known_elsewhere in ("list_user_tags", "create_access_key"):
        iam.answers[known_elsewhere] = [not_yet]
    iam.answers["tag_user"] = [not_yet, {}, not_yet]
    made = keys.create(user="u")
    assert iam.keys("u") == [made.id]
    assert 0 < clock.now < 5


def test_a_user_that_does_not_exist_is_named_after_a_short_wait(
    iam: Iam, keys: Stack, clock: Clock
) -> None:
    with pytest.raises(NotFound, match="no user absent in the AWS account 123456789012"):
        keys.create(user="absent")
    assert clock.now < 12


def test_a_policy_of_the_organisation_is_named_with_a_way_around(
    iam: Iam, keys: Stack, user: Thing
) -> None:
    words = "not authorized to perform: iam:CreateAccessKey with an explicit deny"
    iam.answers["create_access_key"] = [ApiError(words, status=403, code="AccessDenied")]
    with pytest.raises(ApiError) as denied:
        keys.create(user="u")
    for part in ("service control policy", words, "AwsStsBackupLocation"):
        assert part in str(denied.value)


def test_a_replaced_user_of_the_same_name_keeps_its_key(iam: Iam, keys: Stack, user: Thing) -> None:
    made = keys.create(user="u")
    use(made.id)
    users = Stack(UserHandler)
    replaced = users.create(name="u")
    users.delete(user)
    assert iam.keys("u") == [made.id]
    keys.delete(made)
    users.delete(replaced)
    assert iam.users() == []


def test_after_a_lost_state_the_key_that_palette_may_hold_stays(
    iam: Iam, keys: Stack, user: Thing
) -> None:
    held = keys.create(user="u").id
    made = Stack(AccessKeyHandler, {"palette:recover": "true"}).create(user="u").id
    assert sorted(iam.keys("u")) == sorted([held, made])


def test_a_rotation_makes_a_second_key_and_names_it_in_the_note(
    iam: Iam, keys: Stack, user: Thing
) -> None:
    old = keys.create(user="u")
    new = keys.update(old, user="u", rotation="now")
    id = new.outputs["access_key_id"]
    assert iam.keys("u") == [old.id, id]
    assert new.outputs["previous"] == old.id
    assert new.outputs["secret_access_key"] != old.outputs["secret_access_key"]
    assert iam.tags("u")[NOTE] == f"made {id}"
    assert not keys.differs(new, user="u", rotation="now")
    assert keys.refresh(new) == new


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(6))
@pytest.mark.parametrize("used", [True, False])
def test_a_rotation_that_was_killed_is_done_by_the_next_run(
    iam: Iam, keys: Stack, user: Thing, when: str, index: int, used: bool
) -> None:
    old = keys.create(user="u")
    if used:
        use(old.id)
    setattr(iam, when, len(iam.calls) + index)
    with suppress(Killed):
        keys.update(old, user="u", rotation="now")
    iam.die_before = iam.die_after = None
    assert old.id in iam.keys("u")
    new = keys.update(old, user="u", rotation="now")
    assert iam.keys("u") == [old.id, new.outputs["access_key_id"]]


def test_no_rotation_beside_a_key_of_somebody_else(iam: Iam, keys: Stack, user: Thing) -> None:
    made, other = keys.create(user="u"), another(iam)
    with pytest.raises(Blocked, match=r"aws iam delete-access-key") as full:
        keys.update(made, user="u", rotation="now")
    assert made.id in str(full.value) and other in str(full.value)
    assert set(iam.keys("u")) == {made.id, other}


def test_a_rotation_waits_for_the_end_of_the_key_before(
    iam: Iam, keys: Stack, user: Thing, capsys: pytest.CaptureFixture[str]
) -> None:
    made = keys.create(user="u")
    rotated = keys.update(made, user="u", rotation="one")
    for props in (rotated.inputs, rotated.outputs):
        props["retiring_until"] = "2026-01-01T00:00Z"
    assert not keys.differs(rotated, user="u", rotation="two")
    assert f"this run ends {made.id}, and the next one rotates" in capsys.readouterr().out
    iam.ask("delete_access_key", UserName="u", AccessKeyId=made.id)
    again = keys.update(rotated, user="u", rotation="two")
    assert sorted(iam.keys("u")) == sorted(
        [rotated.outputs["access_key_id"], again.outputs["access_key_id"]]
    )


def test_on_an_existing_user_a_rotation_is_not_noted(iam: Iam, keys: Stack, existing: str) -> None:
    made = keys.create(user=existing)
    keys.update(made, user=existing, rotation="now")
    assert len(iam.keys(existing)) == 2
    assert iam.tags(existing) == {}


def test_a_retired_key_that_is_gone_is_no_drift(iam: Iam, keys: Stack, user: Thing) -> None:
    old = keys.create(user="u")
    new = keys.update(old, user="u", rotation="now")
    iam.ask("delete_access_key", UserName="u", AccessKeyId=old.id)
    assert keys.refresh(new) == new
    keys.delete(new)
    assert iam.keys("u") == []
    assert NOTE not in iam.tags("u")


def test_what_stands_for_a_retired_key_deletes_it(iam: Iam, keys: Stack, user: Thing) -> None:
    key, other = another(iam), another(iam)
    beside = Stack(RetiringKeyHandler)
    beside.delete(beside.create(user="u", __told=""))
    assert set(iam.keys("u")) == {key, other}
    made = beside.create(user="u", __told=key)
    assert beside.refresh(made) == made
    beside.delete(made)
    assert iam.keys("u") == [other]


def test_the_key_of_another_resource_is_not_taken_for_a_lost_one(
    iam: Iam, keys: Stack, user: Thing
) -> None:
    """It was made while a note was open that never got its key, and nobody used it yet."""
    other = Stack(AccessKeyHandler, owner="acme/shop/dev/other:ffffff")
    iam.die_before = len(iam.calls) + 4
    with pytest.raises(Killed):
        keys.create(user="u")
    iam.die_before = None
    assert iam.calls[-1] == "create_access_key" and not iam.keys("u")
    theirs = other.create(user="u")
    ours = keys.create(user="u")
    assert sorted(iam.keys("u")) == sorted([theirs.id, ours.id])
