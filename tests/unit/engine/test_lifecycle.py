from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import (
    Blocked,
    NotFound,
    NotOwned,
    ProviderError,
    WrongIdentity,
)
from palette_backup_provider.core.handler import Created, HalfMade, finishing
from palette_backup_provider.core.ownership import ANOTHER_STATE, NOBODY, UNFINISHED
from palette_backup_provider.engine import checking
from palette_backup_provider.engine.checking import CheckResult
from palette_backup_provider.engine.comparison import Difference
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import fill_unknowns, inputs, load_state, outputs
from tests.unit.engine.fake import ACCOUNT, ERRORS, SECRET, Cloud, State, ThingHandler, run_of

DOOR = {"house": "9", "key": {"kind": "login", "user": "me", "password": SECRET}}
PROPS: dict[str, Any] = {"__owner": "o/p/s/nightly:ab12cd", "region": "eu", "door": DOOR}


@pytest.fixture
def thing(cloud: Cloud) -> Lifecycle:
    return Lifecycle(ThingHandler, run_of(cloud))


def checked(thing: Lifecycle, **props: Any) -> dict[str, Any]:
    found = thing.check({}, {**PROPS, **props}, set())
    assert found.failures == []
    return found.props


def made(thing: Lifecycle, **props: Any) -> tuple[str, dict[str, Any]]:
    """The id and the outputs of a thing that is there."""
    created = thing.create(checked(thing, **props))
    return created.id, outputs(created.state)


def reasons(found: CheckResult) -> list[str]:
    return [f"{f.path}: {f.reason}" for f in found.failures]


# check


def test_check_tells_everything_before_anything_is_made(thing: Lifecycle, cloud: Cloud) -> None:
    props = checked(thing)
    assert props["arn"] == f"arn:{ACCOUNT}:{props['name']}"
    assert props["__made_under"] == ACCOUNT
    assert "days" not in props  # a default that nobody set
    assert set(cloud.calls) == {f"whoami in {ACCOUNT}"}


def test_what_the_engine_adds_is_not_the_user_s(thing: Lifecycle) -> None:
    assert "__provider" not in checked(thing, __provider="pickle", __defaults=[], password=None)


class OfLostState(ThingHandler):
    """Its things bear the mark of a state that is lost."""

    known_as = "name"

    def read(self, id: str, have: State) -> State:
        return super().read(id, have).model_copy(update={"held_by": ANOTHER_STATE})


@pytest.mark.parametrize("recover", [True, False])
def test_what_a_lost_state_left_is_told_once_where_it_is_to_be_reclaimed(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], recover: bool
) -> None:
    made(Lifecycle(OfLostState, run_of(cloud)), name="there")
    config = {"palette:recover": "true"} if recover else {}
    again = Lifecycle(OfLostState, run_of(cloud, **config))
    checked(again, name="there")
    checked(again, name="there")
    checked(again, name="elsewhere")
    told = ["nightly: state was lost; there is there, and is reclaimed"] if recover else []
    assert capsys.readouterr().out.splitlines() == told


def test_the_rules_of_the_model_need_no_credentials(cloud: Cloud, thing: Lifecycle) -> None:
    found = thing.check({}, {**PROPS, "days": 0, "name": "A"}, set())
    assert [f.path for f in found.failures] == ["name", "days"]
    assert cloud.calls == []


def test_a_missing_setting_fails_in_check() -> None:
    nowhere = Lifecycle(ThingHandler, run_of(None, **{"cloud:account": ""}))
    found = nowhere.check({}, PROPS, set())
    assert [f.path for f in found.failures] == [""]
    assert "`pulumi config set cloud:account`" in found.failures[0].reason


def test_a_bad_setting_fails_in_check(cloud: Cloud) -> None:
    bad = Lifecycle(ThingHandler, run_of(cloud, **{"palette:tags": "no map"}))
    assert "palette:tags is not a map" in bad.check({}, PROPS, set()).failures[0].reason


@pytest.mark.parametrize("error", ERRORS[:-1])
def test_an_account_that_cannot_be_told_fails_in_check(
    thing: Lifecycle, cloud: Cloud, error: Exception
) -> None:
    cloud.fails["whoami"] = error
    assert reasons(thing.check({}, PROPS, set())) == [f": {error}"]


def test_a_bug_is_not_taken_for_a_refusal(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.fails["whoami"] = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        thing.check({}, PROPS, set())


def test_the_handler_judges_what_the_model_passes(thing: Lifecycle) -> None:
    found = thing.check({}, {**PROPS, "region": "moon"}, set())
    assert reasons(found) == ["region: has no air"]


def test_the_handler_judges_as_far_as_things_are_known(thing: Lifecycle) -> None:
    found = thing.check({}, {**PROPS, "region": "moon"}, {"days"})
    assert reasons(found) == ["region: has no air"]
    found = thing.check({}, {k: v for k, v in PROPS.items() if k != "region"}, {"region"})
    assert found.failures == []


def test_unknown_inputs_make_unknown_what_is_made_of_them(thing: Lifecycle) -> None:
    found = thing.check({}, {k: v for k, v in PROPS.items() if k != "region"}, {"region"})
    assert found.unknown == {"region", "name", "arn"}
    assert found.failures == []


def test_check_leaves_the_caller_s_unknown_alone(thing: Lifecycle) -> None:
    unknown = {"region"}
    thing.check({}, {k: v for k, v in PROPS.items() if k != "region"}, unknown)
    assert unknown == {"region"}


def test_other_credentials_under_the_same_identity_are_an_error(thing: Lifecycle) -> None:
    before = {**checked(thing), "__made_under": "2222"}
    (reason,) = reasons(thing.check(before, PROPS, set()))
    assert "made in the cloud account 2222" in reason
    assert f"the credentials in use belong to {ACCOUNT}" in reason


def test_a_new_identity_moves_the_thing(thing: Lifecycle) -> None:
    id, olds = made(thing)
    moved = thing.check(olds, {**PROPS, "identity": {"profile": "2222"}}, set())
    assert moved.failures == []
    assert moved.props["__made_under"] == "2222"
    assert moved.props["name"] != olds["name"]
    found = thing.diff(id, olds, moved.props, set())
    assert found == Difference(True, ["__made_under", "name"], False, ["arn", "identity", "name"])


def test_an_unknown_identity_is_taken_to_stay(thing: Lifecycle, cloud: Cloud) -> None:
    before = checked(thing)
    cloud.calls.clear()
    found = thing.check(before, PROPS, {"identity.profile"})
    assert found.props["name"] == before["name"]
    assert found.failures == []
    assert cloud.calls == []


def test_a_first_identity_that_is_unknown_leaves_all_open(thing: Lifecycle) -> None:
    found = thing.check({}, PROPS, {"identity"})
    assert found.unknown == {"identity", "__made_under", "name", "arn"}


@pytest.mark.parametrize(
    "broken",
    [
        {"days": "x"},
        {"door": {**DOOR, "key": {**DOOR["key"], "user": SECRET}}},  # type: ignore[dict-item]
        {"door": {**DOOR, "key": {**DOOR["key"], "kind": "x"}}},  # type: ignore[dict-item]
        {"door": {**DOOR, "house": 7}},
        {"door": SECRET},
        {"password": [SECRET]},
    ],
)
def test_a_refusal_is_about_a_path_that_the_user_wrote(
    thing: Lifecycle, broken: dict[str, Any]
) -> None:
    (failure,) = thing.check({}, {**PROPS, **broken}, set()).failures
    assert failure.path.partition(".")[0] in broken


# what exists already


def test_an_existing_object_is_looked_at_in_check(thing: Lifecycle, cloud: Cloud) -> None:
    existing = {**PROPS, "existing": True, "name": "theirs"}
    assert reasons(thing.check({}, existing, set())) == [": There is no theirs."]
    cloud.objects["theirs"] = object()
    assert thing.check({}, existing, set()).failures == []
    assert f"find in {ACCOUNT}" in cloud.calls


def test_the_name_of_an_existing_object_is_required_and_not_judged(
    thing: Lifecycle, cloud: Cloud
) -> None:
    unnamed = thing.check({}, {**PROPS, "existing": True}, set())
    assert reasons(unnamed) == ["name: is required where existing=True"]
    cloud.objects["Old_Style"] = object()
    assert thing.check({}, {**PROPS, "existing": True, "name": "Old_Style"}, set()).failures == []


EXISTING = {"__owner": PROPS["__owner"], "region": "eu", "existing": True, "name": "theirs"}


def test_of_an_existing_object_nothing_is_told_that_may_not_be_true(cloud: Cloud) -> None:
    cloud.objects["theirs"] = object()
    thing = Lifecycle(ThingHandler, run_of(cloud, **{"palette:tags": '{"team": "x"}'}))
    props = thing.check({}, EXISTING, set()).props
    assert props == {**EXISTING, "__made_under": ACCOUNT, "arn": f"arn:{ACCOUNT}:theirs"}
    made = thing.create(props)
    shown = {name for name, value in outputs(made.state).items() if value is not None}
    assert {name for name in shown if not name.startswith("__")} == {
        name for name in props if not name.startswith("__")
    }
    there = thing.read(made.id, outputs(made.state))
    assert there is not None and inputs(there) == {**props, "__lineage": ""}


def test_what_earlier_code_noted_of_an_existing_object_is_no_difference(
    thing: Lifecycle, cloud: Cloud
) -> None:
    cloud.objects["theirs"] = object()
    defaults = {"days": 30, "force": False}
    before = {**checked(thing), **defaults, **checked(thing, existing=True, name="theirs")}
    assert {"days", "force"} <= before.keys() - EXISTING.keys()
    props = thing.check(before, EXISTING, set()).props
    assert thing.diff("theirs", before, props, set()) == Difference(False, [])
    elsewhere = thing.check(before, {**EXISTING, "region": "us"}, set()).props
    assert thing.diff("theirs", before, elsewhere, set()).replaces == ["region"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": 5}, "name: must be text"),
        ({"name": ""}, "name: is empty"),
        ({"name": "a*"}, "name: 'a*' is not allowed: *, ? and ${...} stand for more than one"),
        ({"password": ""}, "password: is empty"),
        ({"password": 5}, "password: must be text"),
    ],
)
def test_of_name_and_secret_of_an_existing_object_only_the_impossible_is_refused(
    thing: Lifecycle, cloud: Cloud, given: dict[str, Any], says: str
) -> None:
    cloud.objects |= {"theirs": object(), "a*": object()}
    (told,) = reasons(thing.check({}, {**EXISTING, **given}, set()))
    assert told.startswith(says)


def test_a_secret_of_an_existing_object_is_its_owner_s_business(
    thing: Lifecycle, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.objects["theirs"] = object()
    refusal = [Invalid("password", "is too short"), Invalid("days", "is too long")]
    monkeypatch.setattr(checking, "violations", lambda *_: refusal)
    found = thing.check({}, {**EXISTING, "password": "short"}, set())
    assert reasons(found) == ["days: is too long"]
    assert len(thing.check({}, {**PROPS, "password": "short"}, set()).failures) == 2


def test_what_only_what_is_made_has_to_keep_is_not_asked_of_an_existing_object(
    thing: Lifecycle, cloud: Cloud
) -> None:
    cloud.objects["theirs"] = object()
    assert thing.check({}, {**EXISTING, "region": "moon"}, set()).failures == []


def test_another_existing_object_is_looked_at_as_the_first(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = object()
    before = checked(thing, existing=True, name="theirs")
    other = {**EXISTING, "name": "others"}
    assert reasons(thing.check(before, other, set())) == [": There is no others."]
    cloud.objects["others"] = object()
    broken = {**other, "tags": {"broken": "yes"}}
    assert reasons(thing.check(before, broken, set())) == ["name: is broken"]


def test_what_is_unfit_is_refused_when_it_is_first_used_as_existing(
    thing: Lifecycle, cloud: Cloud
) -> None:
    cloud.objects["theirs"] = object()
    existing = {**PROPS, "existing": True, "name": "theirs", "tags": {"broken": "yes"}}
    assert reasons(thing.check({}, existing, set())) == ["name: is broken"]
    assert thing.check(existing, existing, set()).failures == []


def test_a_resource_does_not_use_what_it_made_as_existing(
    thing: Lifecycle, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, before = made(thing, name="ours")
    existing = {**PROPS, "existing": True, "name": "ours"}
    assert thing.check(before, existing, set()).failures == []
    monkeypatch.setattr(thing.handler_type, "palette_identity", "name")
    cloud.calls.clear()
    (told,) = reasons(thing.check(before, existing, set()))
    assert told.startswith("existing: this very resource made ours: using it as existing would")
    assert "Leave existing out" in told and "`pulumi state delete`" in told
    assert f"find in {ACCOUNT}" not in cloud.calls
    assert thing.check({}, existing, set()).failures == []  # another's, or no longer in state
    assert thing.check(existing, existing, set()).failures == []
    cloud.objects["theirs"] = object()
    assert thing.check(before, {**existing, "name": "theirs"}, set()).failures == []
    there = {**existing, "identity": {"profile": "2222"}}
    assert thing.check(before, there, set()).failures == []


def test_an_existing_object_is_never_changed(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = theirs = object()
    id, olds = made(thing, existing=True, name="theirs")
    assert "token" not in olds
    state = thing.update(id, olds, checked(thing, existing=True, name="theirs", days=7))
    assert state.model_dump()["days"] == 7
    assert thing.read(id, olds) == load_state(State, olds)
    thing.delete(id, olds)
    assert cloud.objects == {"theirs": theirs}
    changed = {"create", "update", "delete"}
    assert not changed & {call.partition(" ")[0] for call in cloud.calls}


def test_what_was_existing_is_gone_when_it_is_gone(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = object()
    id, olds = made(thing, existing=True, name="theirs")
    cloud.objects.clear()
    assert thing.read(id, olds) is None


def test_what_was_existing_can_be_taken_over_only_by_create(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = object()
    id, olds = made(thing, existing=True, name="theirs")
    state = thing.update(id, olds, checked(thing, name="theirs"))
    assert f"create in {ACCOUNT}" in cloud.calls
    assert isinstance(state, State)
    assert state.incarnation


def test_values_of_old_that_todays_rules_refuse_stay(thing: Lifecycle, cloud: Cloud) -> None:
    before = {**checked(thing), "days": -1}
    assert thing.check(before, {**PROPS, "days": -1}, set()).failures == []
    assert reasons(thing.check(before, {**PROPS, "days": -2}, set())) != []
    assert reasons(thing.check({}, {**PROPS, "days": -1}, set())) != []


def test_a_rule_about_several_fields_judges_what_changed(
    thing: Lifecycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = checked(thing, days=7)
    refusal = [Invalid("", "days and door exclude each other")]
    monkeypatch.setattr(checking, "violations", lambda *_: refusal)
    assert thing.check(before, {**PROPS, "days": 7}, set()).failures == []
    for changed in ({**PROPS, "days": 8}, {**PROPS, "days": 7, "tags": {"a": "b"}}, PROPS):
        assert thing.check(before, changed, set()).failures == refusal
    without_door = {name: value for name, value in PROPS.items() if name != "door"}
    assert thing.check(before, {**without_door, "days": 7}, set()).failures == refusal


def test_what_is_to_be_adopted_is_compared_before_it_is_made(
    thing: Lifecycle, cloud: Cloud
) -> None:
    id, _ = made(thing, name="theirs")
    assert checked(thing, name="theirs", adopt=id)["adopt"] == id
    assert f"adoption_conflict in {ACCOUNT}" in cloud.calls
    assert reasons(thing.check({}, {**PROPS, "adopt": id, "days": 2}, set())) == [
        "adopt: is not as the program says"
    ]


def test_what_is_made_or_not_known_yet_is_not_compared(thing: Lifecycle, cloud: Cloud) -> None:
    before = checked(thing, name="theirs")
    again = thing.check(before, {**PROPS, "name": "theirs", "adopt": "theirs"}, set())
    waiting = thing.check({}, {**PROPS, "name": "theirs", "adopt": "theirs"}, {"tags"})
    assert again.failures == waiting.failures == []
    assert f"adoption_conflict in {ACCOUNT}" not in cloud.calls


def test_the_name_of_what_is_adopted_is_not_judged_then_or_later(
    thing: Lifecycle, cloud: Cloud
) -> None:
    cloud.objects["Their Name"] = State.model_construct(days=30)
    before = checked(thing, name="Their Name", adopt="Their Name")
    assert thing.check(before, {**PROPS, "name": "Their Name"}, set()).failures == []
    (refused,) = thing.check(before, {**PROPS, "name": "Another Name"}, set()).failures
    assert refused.path == "name"
    id, olds = made(thing, name="Their Name", adopt="Their Name")
    assert thing.update(id, olds, {**before, "days": 3}).name == "Their Name"  # type: ignore[attr-defined]


# diff


def test_equal_is_no_difference(thing: Lifecycle) -> None:
    id, olds = made(thing)
    assert thing.diff(id, olds, checked(thing), set()) == Difference(False, [])


def test_of_a_visible_change_the_engine_shows_the_detail(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    found = thing.diff(id, olds, checked(thing, days=7), set())
    assert found == Difference(None, [], visible=["days"])
    assert cloud.calls[-1] == f"check_update in {ACCOUNT}"


@pytest.mark.parametrize("also", [{}, {"days": 7}, {"door": {**DOOR, "color": "blue"}}])
def test_a_hidden_change_is_a_difference(thing: Lifecycle, also: dict[str, Any]) -> None:
    id, olds = made(thing)
    renamed = {**checked(thing, **also), "__owner": "o/p/other/nightly:ab12cd"}
    assert thing.diff(id, olds, renamed, set()) == Difference(True, [], visible=[*also])


@pytest.mark.parametrize("unknown", ["days", "tags.a", "door.key.password"])
def test_something_unknown_is_a_difference_that_the_engine_sees(
    thing: Lifecycle, unknown: str
) -> None:
    id, olds = made(thing)
    news = {k: v for k, v in checked(thing).items() if k != unknown}
    found = Difference(None, [], visible=[unknown.partition(".")[0]])
    assert thing.diff(id, olds, news, {unknown}) == found
    assert thing.diff(id, olds, news, {unknown, "__goes_with"}) == replace(found, changes=True)


def test_something_hidden_that_is_unknown_is_a_difference(thing: Lifecycle) -> None:
    id, olds = made(thing)
    assert thing.diff(id, olds, checked(thing), {"__owner"}) == Difference(True, [])


def test_what_is_read_only_when_it_is_made_is_no_difference_while_unknown(
    thing: Lifecycle,
) -> None:
    id, olds = made(thing)
    assert thing.diff(id, olds, checked(thing), {"adopt"}) == Difference(False, [])


@pytest.mark.parametrize(
    ("unknown", "replaces"), [("region", "region"), ("door.house", "door"), ("name", "name")]
)
def test_an_unknown_field_that_replaces_replaces(
    thing: Lifecycle, unknown: str, replaces: str
) -> None:
    id, olds = made(thing)
    found = thing.diff(id, olds, checked(thing), {unknown})
    assert (found.changes, found.replaces) == (None, [replaces])
    assert found.delete_first is (unknown != "name")


def test_a_replacement_under_a_new_name_makes_before_it_deletes(
    thing: Lifecycle, cloud: Cloud
) -> None:
    id, olds = made(thing)
    found = thing.diff(id, olds, checked(thing, region="us"), set())
    assert found == Difference(None, ["name", "region"], False, ["arn", "name", "region"])
    assert cloud.calls[-1] == f"check_replace in {ACCOUNT}"
    assert f"check_update in {ACCOUNT}" not in cloud.calls


def test_a_replacement_that_keeps_the_name_deletes_first(thing: Lifecycle) -> None:
    id, olds = made(thing, name="fixed")
    found = thing.diff(id, olds, checked(thing, name="fixed", region="us"), set())
    assert found == Difference(None, ["region"], True, ["region"])


def test_a_nested_field_that_replaces_is_told_by_its_property(thing: Lifecycle) -> None:
    id, olds = made(thing)
    news = checked(thing, door={**DOOR, "house": "10"})
    assert thing.diff(id, olds, news, set()).replaces == ["door"]


@pytest.mark.parametrize(
    ("asked", "props"), [("update", {"days": 7}), ("replace", {"region": "us"})]
)
def test_what_is_bound_to_fail_is_refused_in_preview(
    thing: Lifecycle, cloud: Cloud, asked: str, props: dict[str, Any]
) -> None:
    id, olds = made(thing)
    cloud.fails[f"check_{asked}"] = Blocked("it holds objects")
    with pytest.raises(Blocked):
        thing.diff(id, olds, checked(thing, **props), set())


def test_a_diff_that_no_program_asked_for_foresees_nothing(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    news = checked(thing, days=7)
    cloud.fails["check_update"] = Blocked("it holds objects")
    thing.run.asked.clear()  # as in a refresh, and in a destruction of a few
    assert thing.diff(id, olds, news, set()).changes is None


@pytest.mark.parametrize(("props", "stays"), [({"days": 7}, True), ({"region": "us"}, False)])
def test_what_stays_is_noted_and_what_is_replaced_is_not(
    thing: Lifecycle, props: dict[str, Any], stays: bool
) -> None:
    id, olds = made(thing)
    thing.run.kept.clear()
    thing.diff(id, olds, checked(thing, **props), set())
    assert ((ThingHandler, id) in thing.run.kept) is stays


def test_an_existing_object_that_is_taken_over_differs(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = object()
    id, olds = made(thing, existing=True, name="theirs")
    assert "existing" in thing.diff(id, olds, checked(thing, name="theirs"), set()).visible


def test_a_renamed_stack_is_told_once(thing: Lifecycle, capsys: pytest.CaptureFixture[str]) -> None:
    id, olds = made(thing)
    news = checked(thing, __owner="o/p/prod/nightly:ab12cd")
    for _ in range(2):
        assert thing.diff(id, olds, news, set()).changes
    told = capsys.readouterr().out
    assert told.count("The stack o/p/s is called o/p/prod now: the marks of all") == 1


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"__owner": "o/p/s/weekly:ab12cd"}, "nightly is called weekly now: the marks of what"),
        ({"__owner": "o/p/s/nightly:000000"}, "nightly is under another parent now: the marks"),
        ({"__lineage": "202611281a2b3c4d"}, "The marks of all that o/p/s made get the id of"),
    ],
)
def test_a_mark_that_changes_is_told(
    thing: Lifecycle, now: dict[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    id, olds = made(thing)
    assert thing.diff(id, olds, checked(thing, **now), set()).changes
    assert told in capsys.readouterr().out


def test_what_somebody_else_holds_is_not_changed(thing: Lifecycle) -> None:
    id, olds = made(thing)
    with pytest.raises(NotOwned, match=f"{id} is held by o/p/other"):
        thing.diff(id, {**olds, "held_by": "o/p/other"}, checked(thing), set())


def test_what_nobody_holds_is_marked_anew(
    thing: Lifecycle, capsys: pytest.CaptureFixture[str]
) -> None:
    id, olds = made(thing)
    thing.diff(id, {**olds, "held_by": NOBODY}, checked(thing), set())
    assert f"{id} is held by {NOBODY}; it is marked for this state anew" in capsys.readouterr().out


def half_made(thing: Lifecycle, cloud: Cloud) -> Created[Any]:
    """What a creation says that ended once the thing was there, with more days than are wanted."""
    whole = thing.create(checked(thing))
    cloud.objects[whole.id] = cloud.objects[whole.id].model_copy(update={"days": 99})
    state = cast(State, whole.state)
    failing = pytest.raises(HalfMade, match=r"^no more days$")
    with failing as raised, finishing(whole.id, state):
        raise ProviderError("no more days")
    return raised.value.made


def test_a_half_made_thing_is_finished_from_what_is_there(
    thing: Lifecycle, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    half = half_made(thing, cloud)
    have, props = outputs(half.state), checked(thing)
    assert thing.diff(half.id, have, props, set()) == Difference(True, [], visible=["held_by"])
    assert "was made by a run that failed; this one finishes it" in capsys.readouterr().out
    whole = outputs(thing.update(half.id, have, props))
    assert cloud.objects[half.id].days == whole["days"] == 30
    assert thing.diff(half.id, whole, props, set()) == Difference(False, [])


def test_a_half_made_thing_can_be_deleted(thing: Lifecycle, cloud: Cloud) -> None:
    half = half_made(thing, cloud)
    thing.delete(half.id, outputs(half.state))
    assert cloud.objects == {}


def test_an_update_makes_nothing_half(thing: Lifecycle, cloud: Cloud) -> None:
    id, have = made(thing)
    cloud.fails["update"] = HalfMade(Created(id, State(region="eu", name=id)), Blocked("full"))
    with pytest.raises(Blocked, match="full"):
        thing.update(id, have, checked(thing, days=7))


@pytest.mark.parametrize(("held_by", "reads"), [(None, 0), (UNFINISHED, 1)])
def test_an_update_reads_first_what_a_half_made_thing_has(
    thing: Lifecycle, cloud: Cloud, held_by: str | None, reads: int
) -> None:
    id, have = made(thing)
    cloud.calls.clear()
    thing.update(id, {**have, "held_by": held_by}, checked(thing, days=7))
    assert cloud.calls.count(f"read in {ACCOUNT}") == reads


def test_an_unchanged_thing_is_asked_nothing(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    news = checked(thing)
    cloud.calls.clear()
    thing.diff(id, olds, news, set())
    assert cloud.calls == []


# create, read, update, delete


def test_the_whole_life_of_a_thing(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    assert olds["token"] == "t0ken-of-the-cloud"
    news = checked(thing, days=7)
    assert outputs(thing.update(id, olds, news)) == {**olds, "days": 7}
    there = thing.read(id, olds)
    assert there is not None
    assert outputs(there)["days"] == 7
    thing.delete(id, olds)
    assert cloud.objects == {}
    assert thing.read(id, olds) is None


def test_what_only_the_api_tells_is_carried_over(thing: Lifecycle) -> None:
    id, olds = made(thing)
    state = thing.update(id, olds, checked(thing, days=7))
    assert isinstance(state, State)
    assert (state.token, state.incarnation) == (olds["token"], olds["__incarnation"])


def test_refreshed_inputs_are_what_check_would_have_made(thing: Lifecycle) -> None:
    id, olds = made(thing)
    there = thing.read(id, olds)
    assert there is not None
    assert inputs(there) == checked(thing)
    assert thing.check(inputs(there), PROPS, set()).props == checked(thing)


def test_what_is_as_it_always_is_is_not_shown(thing: Lifecycle) -> None:
    props = checked(thing, days=30, door={**DOOR, "color": "red"}, tags={})
    assert not {"days", "tags"} & props.keys() and "color" not in props["door"]
    assert props["door"]["key"]["kind"] == "login"


def test_a_default_shows_where_it_takes_the_place_of_something_else(thing: Lifecycle) -> None:
    before = checked(thing, days=7, door={**DOOR, "color": "blue"})
    props = thing.check(before, {**PROPS, "door": DOOR}, set()).props
    assert (props["days"], props["door"]["color"]) == (30, "red")
    again = thing.check(props, {**PROPS, "door": DOOR}, set()).props
    assert "days" not in again and "color" not in again["door"]


def test_defaults_that_older_inputs_hold_are_no_difference(thing: Lifecycle) -> None:
    id, olds = made(thing)
    older = {**checked(thing), "days": 30, "tags": {}}
    news = thing.check(older, PROPS, set()).props
    assert thing.diff(id, olds, news, set()) == Difference(False, [])


def test_confirmed_absent_is_gone_and_deleting_it_succeeds(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    cloud.objects.clear()
    assert thing.read(id, olds) is None
    thing.delete(id, olds)


def test_a_part_that_is_gone_is_not_the_whole(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    cloud.fails["delete"] = NotFound("Its second key is gone.")
    with pytest.raises(ProviderError, match=r"key is gone\. The rest is still there, and"):
        thing.delete(id, olds)


@pytest.mark.parametrize("error", ERRORS)
def test_every_other_error_keeps_the_state(
    thing: Lifecycle, cloud: Cloud, error: Exception
) -> None:
    id, olds = made(thing)
    cloud.fails |= {"read": error, "delete": error}
    with pytest.raises(type(error)):
        thing.read(id, olds)
    with pytest.raises(type(error)):
        thing.delete(id, olds)


def test_an_account_that_cannot_be_found_is_not_a_thing_that_is_gone(
    thing: Lifecycle, cloud: Cloud
) -> None:
    id, olds = made(thing)
    cloud.fails["whoami"] = NotFound("no such key")
    with pytest.raises(NotFound):
        thing.read(id, olds)
    with pytest.raises(NotFound):
        thing.delete(id, olds)


def test_another_account_is_never_gone(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing)
    news = checked(thing, days=7)
    elsewhere = Lifecycle(ThingHandler, run_of(Cloud("2222")))
    refused = pytest.raises(WrongIdentity, match=r"made in the cloud account 1111.* belong to 2222")
    with refused:
        elsewhere.read(id, olds)
    with refused:
        elsewhere.update(id, olds, news)
    with refused:
        elsewhere.delete(id, olds)
    assert id in cloud.objects


def test_each_call_is_made_under_the_identity_in_state(thing: Lifecycle, cloud: Cloud) -> None:
    id, olds = made(thing, identity={"profile": "2222"})
    thing.read(id, olds)
    thing.delete(id, olds)
    did = [c for c in cloud.calls if not c.startswith("whoami")]
    assert did == ["create in 2222", "read in 2222", "delete in 2222"]


def test_a_look_up_by_id_alone(thing: Lifecycle, cloud: Cloud) -> None:
    id, _ = made(thing)
    cloud.calls.clear()
    assert thing.read(id, {"__owner": "o/p/s/looked-up:1"}) is not None
    assert cloud.calls == [f"read in {ACCOUNT}"]


# old state


OLD = {"region": 7, "name": "Not_Today", "days": 0, "colour": "red", "door": {"size": 1.0}}


def test_old_state_that_today_s_rules_refuse_stays_readable() -> None:
    state = load_state(State, {**OLD, "__provider": "pickle"})
    assert (state.region, state.name, state.days, state.token) == (7, "Not_Today", 0, "")
    assert not {"colour", "__provider"} & outputs(state).keys()
    assert "size" not in outputs(state)["door"]


def test_extra_fields_alone_do_not_loosen_the_types() -> None:
    state = load_state(State, {"region": "eu", "name": "abc", "days": 7.0, "colour": "red"})
    assert isinstance(state.days, int)


def test_old_state_can_be_deleted_and_replaced(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["Not_Today"] = object()
    assert "region" in thing.diff("Not_Today", OLD, checked(thing), set()).replaces
    thing.delete("Not_Today", OLD)
    assert cloud.objects == {}


def test_old_inputs_do_not_stop_a_check(thing: Lifecycle) -> None:
    assert thing.check(OLD, PROPS, set()).failures == []


# laws


VALUES = st.integers() | st.text(max_size=3)
KEYS = st.text("ab.", min_size=1, max_size=4)
TREES = st.dictionaries(
    st.text("ab", min_size=1, max_size=2), VALUES | st.dictionaries(KEYS, VALUES, min_size=1)
)


@given(TREES, TREES)
def test_nothing_unknown_leaves_all_as_it_is(known: dict[str, Any], olds: dict[str, Any]) -> None:
    assert fill_unknowns(known, olds, set()) == known


@given(TREES, st.data())
def test_what_is_unknown_is_filled_from_what_was(
    whole: dict[str, Any], data: st.DataObject
) -> None:
    known: dict[str, Any] = {}
    unknown: set[str] = set()
    for name, value in whole.items():
        if data.draw(st.booleans()):
            unknown.add(name)
        elif isinstance(value, dict):
            gone = data.draw(st.sets(st.sampled_from(sorted(value))))
            known[name] = {k: v for k, v in value.items() if k not in gone}
            unknown |= {f"{name}.{k}" for k in gone}
        else:
            known[name] = value
    assert fill_unknowns(known, whole, unknown) == whole


def test_filling_from_nothing_leaves_it_open() -> None:
    assert fill_unknowns({"a": 1}, {}, {"b", "c.d"}) == {"a": 1, "c": {}}


# import


THEIRS = State(region="eu", name="theirs")
WHOSE = {"__owner": PROPS["__owner"], "__lineage": "20261129abcd"}


def test_what_is_imported_is_marked_by_its_first_update(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = THEIRS.model_copy(update={"held_by": NOBODY})
    found = thing.locate("theirs", WHOSE)
    assert found and found.id == "theirs"
    have = outputs(found.state)
    assert {name: have[name] for name in WHOSE} == WHOSE
    assert (have["__made_under"], have["__incarnation"]) == (ACCOUNT, "")
    assert have["held_by"] is None
    props = thing.check(inputs(found.state), {**PROPS, **WHOSE, "name": "theirs"}, set()).props
    assert outputs(thing.update("theirs", have, props))["__incarnation"]


def test_what_is_not_there_is_not_imported(thing: Lifecycle) -> None:
    assert thing.locate("nothing", WHOSE) is None


def test_what_somebody_else_holds_is_imported_by_no_run(thing: Lifecycle, cloud: Cloud) -> None:
    cloud.objects["theirs"] = THEIRS.model_copy(update={"held_by": "o/p/other/nightly"})
    found = thing.locate("theirs", WHOSE)
    assert found
    props = thing.check(inputs(found.state), {**PROPS, **WHOSE, "name": "theirs"}, set()).props
    with pytest.raises(NotOwned, match="theirs is held by o/p/other/nightly, as its mark says"):
        thing.diff("theirs", outputs(found.state), props, set())
