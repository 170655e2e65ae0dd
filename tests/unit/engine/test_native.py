from typing import Any

import grpc
import pytest
from pulumi.runtime import proto, rpc
from pulumi.runtime.proto import status_pb2

from palette_backup_provider.core.compare import UNKNOWN_PROPERTY, Invalid
from palette_backup_provider.core.errors import MissingExtra, ProviderError
from palette_backup_provider.core.handler import finishing
from palette_backup_provider.core.ownership import UNFINISHED
from palette_backup_provider.engine import native
from palette_backup_provider.engine.owner import Origin
from palette_backup_provider.plugin.servicer import DETAILS
from tests.served import LINEAGE, bare, check, plain, secret, struct, urn_of
from tests.unit.engine.fake import ACCOUNT, SECRET, TOKEN, Cloud, State, ThingHandler, run_of

URN = urn_of(TOKEN)
DOOR = {"house": "9", "key": {"kind": "login", "user": "me", "password": SECRET}}
NEWS = {"region": "eu", "days": 7, "door": DOOR}
CHANGES: Any = proto.DiffResponse


def inputs(stub: Any, olds: Any = None, **news: Any) -> Any:
    answer = check(stub, TOKEN, {**NEWS, **news}, olds)
    assert list(answer.failures) == []
    return answer.inputs


def create(stub: Any, given: Any, **how: Any) -> Any:
    return stub.Create(proto.CreateRequest(urn=URN, properties=given, **how))


def diff(stub: Any, made: Any, news: Any) -> Any:
    request = proto.DiffRequest(urn=URN, id=made.id, olds=made.properties, news=news)
    found = stub.Diff(request)
    return found.changes, list(found.replaces), found.deleteBeforeReplace


def update(stub: Any, made: Any, news: Any, **how: Any) -> dict[str, Any]:
    request = proto.UpdateRequest(urn=URN, id=made.id, olds=made.properties, news=news, **how)
    return plain(stub.Update(request).properties)


def test_a_lineage_that_nobody_drew_yet_is_unknown(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "handler_of", {TOKEN: ThingHandler}.__getitem__)
    provider = native.NativeProvider(URN, run_of(cloud), Origin(), str)
    checked = provider.check(proto.CheckRequest(urn=URN, news=struct(NEWS)))
    assert not checked.failures
    assert checked.inputs.fields["__lineage"].string_value == rpc.UNKNOWN


def test_the_life_of_a_thing_as_the_engine_asks(stub: Any, cloud: Cloud) -> None:
    given = inputs(stub)
    made = create(stub, given)
    whole = plain(made.properties)
    assert whole["__lineage"] == LINEAGE
    assert whole["__owner"].startswith("organization/project/stack/nightly:")
    assert diff(stub, made, given) == (CHANGES.DIFF_NONE, [], False)
    moved = inputs(stub, plain(given), region="us", name=whole["name"])
    assert diff(stub, made, moved) == (CHANGES.DIFF_UNKNOWN, ["region"], True)
    longer = inputs(stub, plain(given), days=8)
    assert update(stub, made, longer) == {**whole, "days": 8}
    asked = proto.ReadRequest(urn=URN, id=made.id, properties=made.properties, inputs=given)
    read = stub.Read(asked)
    assert (read.id, plain(read.properties)) == (made.id, {**whole, "days": 8})
    assert "token" not in plain(read.inputs)
    stub.Delete(proto.DeleteRequest(urn=URN, id=made.id, properties=made.properties))
    assert stub.Read(asked).id == ""
    assert cloud.objects == {}


def test_a_first_preview_tells_all_but_what_is_computed(stub: Any, cloud: Cloud) -> None:
    planned = plain(create(stub, inputs(stub), preview=True).properties)
    unknown = {name for name, value in planned.items() if value == rpc.UNKNOWN}
    assert unknown == {"token", "__incarnation", "__schema_version"}
    assert "create in 1111" not in cloud.calls
    made = plain(create(stub, inputs(stub)).properties)
    assert made.keys() == planned.keys()
    assert {n: v for n, v in made.items() if n not in unknown} == {
        n: v for n, v in planned.items() if n not in unknown
    }


def test_a_preview_of_an_update_tells_what_stays(stub: Any, cloud: Cloud) -> None:
    made = create(stub, inputs(stub))
    news = inputs(stub, plain(inputs(stub)), days=8, tags={"a": rpc.UNKNOWN})
    planned = update(stub, made, news, preview=True)
    assert planned == {**plain(made.properties), "days": 8, "tags": {"a": rpc.UNKNOWN}}
    assert "update in 1111" not in cloud.calls


def test_what_a_handler_changes_is_unknown_in_a_preview(
    stub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create(stub, inputs(stub))
    monkeypatch.setattr(ThingHandler, "known_after_update", lambda *_: {"incarnation": "x"})
    planned = update(stub, made, inputs(stub, days=8), preview=True)
    assert (planned["token"], planned["__incarnation"]) == (rpc.UNKNOWN, "x")


def test_an_existing_thing_has_what_it_has(stub: Any, cloud: Cloud) -> None:
    cloud.objects["theirs"] = None
    given = check(stub, TOKEN, {"region": "eu", "name": "theirs", "existing": True}).inputs
    planned = create(stub, given, preview=True)
    assert rpc.UNKNOWN not in plain(planned.properties).values()
    assert planned.properties == create(stub, given).properties


@pytest.mark.parametrize(
    "hostile",
    [
        {"__owner": {"a": "b"}},
        {"colour": secret("a-secret-of-the-program")},
        {"region": {"a": {"b": [secret("a-secret-of-the-program")]}}},
        {"days": float("nan")},
    ],
)
def test_what_no_program_gives_is_refused_by_its_name(stub: Any, hostile: Any) -> None:
    (failure,) = check(stub, TOKEN, {**NEWS, **hostile}).failures
    assert failure.reason.startswith(f"{next(iter(hostile))}: ")
    assert "a-secret-of-the-program" not in failure.reason


def test_where_secrets_are_is_told_by_their_marks_alone(stub: Any) -> None:
    for told in (5, [5], [[["tags"]]], [["tags"]]):
        assert "__sealed" not in plain(inputs(stub, __sealed=told))


def test_a_secret_of_the_program_is_sealed_wherever_it_comes_back(stub: Any) -> None:
    given = inputs(stub, tags={"a": secret("t0p"), "b": "plain"})
    made = create(stub, given)
    read = stub.Read(proto.ReadRequest(urn=URN, id=made.id, properties=made.properties))
    for message in (given, made.properties, read.properties, read.inputs):
        assert plain(message)["tags"] == {"a": "t0p", "b": "plain"}
        assert bare(message)["tags"] == {"b": "plain"}
        assert SECRET not in str(bare(message))
    assert plain(given)["__sealed"] == [["tags", "a"]]


@pytest.mark.parametrize(
    ("news", "told"),
    [
        ({"tags": {"a": secret("t0p")}}, ["tags"]),  # which seals them, and that is hidden
        ({"tags": secret({"a": "t0p"}), "days": 8}, ["days", "tags"]),
        ({"tags": {"a": secret("t0p")}, "days": rpc.UNKNOWN}, ["days", "tags"]),
        ({"tags": {}}, []),
    ],
)
def test_of_a_hidden_change_the_engine_is_told_what_else_changes(
    stub: Any, news: dict[str, Any], told: list[str]
) -> None:
    given = inputs(stub, tags={"a": "b"} if told else secret({}))
    made = create(stub, given)
    request = proto.DiffRequest(
        urn=URN, id=made.id, olds=made.properties, news=inputs(stub, plain(given), **news)
    )
    found = stub.Diff(request)
    assert (found.changes, list(found.diffs)) == (CHANGES.DIFF_SOME, told)


def test_what_is_unknown_the_engine_compares_itself(stub: Any) -> None:
    given = inputs(stub)
    made = create(stub, given)
    news = inputs(stub, plain(given), tags={"a": rpc.UNKNOWN, "b": "plain"})
    assert diff(stub, made, news) == (CHANGES.DIFF_UNKNOWN, [], False)


def test_of_a_change_with_a_move_the_engine_is_told_what_changes(stub: Any) -> None:
    """It would take each property of two words for another one, and replace for it."""
    given = inputs(stub)
    made = create(stub, given)
    for news, told in (({}, []), ({"days": 8}, ["days"]), ({"tags": rpc.UNKNOWN}, ["tags"])):
        request = proto.DiffRequest(
            urn=URN,
            id=made.id,
            olds=struct({**plain(made.properties), "__provider": "pickle"}),
            news=inputs(stub, plain(given), **news),
        )
        found = stub.Diff(request)
        assert (found.changes, list(found.diffs)) == (CHANGES.DIFF_SOME, told)
        assert (found.hasDetailedDiff, list(found.detailedDiff)) == (True, told)


def test_what_is_ignored_stays_as_state_has_it(
    stub: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what follows from it; Check was told of neither."""
    monkeypatch.setattr(
        ThingHandler, "derive", lambda _, want: {"arn": lambda: f"arn:{want.days}:{want.name}"}
    )
    given = inputs(stub)
    made = create(stub, given)
    news = inputs(stub, plain(given), days=8, tags={"a": "b"})
    sides = {"id": made.id, "urn": URN, "olds": made.properties, "old_inputs": given, "news": news}
    asked: Any = {**sides, "ignoreChanges": ["tags", "days"]}
    cloud.calls.clear()
    found = stub.Diff(proto.DiffRequest(**asked))
    assert found.changes == CHANGES.DIFF_NONE
    asked["ignoreChanges"] = ["days"]
    found = stub.Diff(proto.DiffRequest(**asked))
    assert found.changes == CHANGES.DIFF_UNKNOWN
    for preview in (True, False):
        updated = plain(stub.Update(proto.UpdateRequest(**asked, preview=preview)).properties)
        assert updated == {**plain(made.properties), "tags": {"a": "b"}}


def test_what_is_ignored_may_make_the_rest_wrong(
    stub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def validate(_: Any, want: State) -> Any:
        if want.days == 7 and want.tags:
            yield Invalid("tags", "take 8 days")

    monkeypatch.setattr(ThingHandler, "validate", validate)
    given = inputs(stub)
    made = create(stub, given)
    news = inputs(stub, plain(given), days=8, tags={"a": "b"})
    request = proto.DiffRequest(
        id=made.id, urn=URN, olds=made.properties, news=news, ignoreChanges=["days"]
    )
    with pytest.raises(grpc.RpcError, match="tags: take 8 days"):
        stub.Diff(request)


def test_what_the_dynamic_adapter_wrote_is_written_anew_without_a_call(
    stub: Any, cloud: Cloud
) -> None:
    given = inputs(stub)
    made = create(stub, given)
    old = proto.CreateResponse(
        id=made.id, properties=struct({**plain(made.properties), "__provider": "pickle"})
    )
    assert diff(stub, old, given) == (CHANGES.DIFF_SOME, [], False)
    cloud.calls.clear()
    assert update(stub, old, given) == plain(made.properties)
    assert "update in 1111" not in cloud.calls
    assert update(stub, old, inputs(stub, plain(given), days=8))["days"] == 8
    assert "update in 1111" in cloud.calls


@pytest.mark.parametrize(
    ("news", "told"),
    [
        ({"days": 0}, "days: must be greater than or equal to 1"),
        ({"days": "seven"}, "days: must be a whole number"),
        ({"dayz": 1}, f"dayz: {UNKNOWN_PROPERTY}. Did you mean days?"),
        ({"door": {**DOOR, "colour": "red"}},
         f"door.colour: {UNKNOWN_PROPERTY}. Did you mean color?"),
        ({"zzzzzz": 1}, f"zzzzzz: {UNKNOWN_PROPERTY}"),
        ({"days": 0, "__arguments": {"days": "keep_days"}},
         "keepDays: must be greater than or equal to 1"),
    ],
)  # fmt: skip
def test_a_refusal_names_what_the_program_wrote(stub: Any, news: Any, told: str) -> None:
    (failure,) = check(stub, TOKEN, {**NEWS, **news}).failures
    assert failure.property == ""
    assert failure.reason.startswith(told)


def test_a_missing_extra_is_one_line(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: Any) -> Any:
        raise MissingExtra("thing", "thing-sdk")

    monkeypatch.setattr(ThingHandler, "whoami", absent)
    (failure,) = check(stub, TOKEN, NEWS).failures
    assert "pip install 'palette-backup-provider[thing]'" in failure.reason
    assert "\n" not in failure.reason


def test_a_deliberate_error_leaves_state_as_it_is(stub: Any, cloud: Cloud) -> None:
    made = create(stub, inputs(stub))
    cloud.fails["update"] = ProviderError("It holds backups: set force_destroy.")
    with pytest.raises(grpc.RpcError) as refused:
        update(stub, made, inputs(stub, days=8))
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert refused.value.details() == "It holds backups: set forceDestroy."


def test_an_error_leaves_a_value_of_the_program_as_it_is(stub: Any, cloud: Cloud) -> None:
    made = create(stub, inputs(stub, region="access_key"))
    cloud.fails["update"] = ProviderError("Region access_key is full: set force_destroy.")
    with pytest.raises(grpc.RpcError) as refused:
        update(stub, made, inputs(stub, region="access_key", days=8))
    assert refused.value.details() == "Region access_key is full: set forceDestroy."


def test_a_half_made_thing_is_kept(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ThingHandler.create

    def breaks(self: ThingHandler, want: State) -> Any:
        whole = made(self, want)
        with finishing(whole.id, whole.state):
            raise ProviderError("Its force_destroy was refused.")

    given = inputs(stub)
    monkeypatch.setattr(ThingHandler, "create", breaks)
    with pytest.raises(grpc.RpcError) as broken:
        create(stub, given)
    (text,) = [one.value for one in broken.value.trailing_metadata() if one.key == DETAILS]
    status, detail = status_pb2.Status.FromString(text), proto.ErrorResourceInitFailed()
    status.details[0].Unpack(detail)
    assert (broken.value.code(), status.code) == (grpc.StatusCode.UNKNOWN, 2)
    assert broken.value.details() == "Its forceDestroy was refused."
    assert list(detail.reasons) == ["Its forceDestroy was refused."]
    half = plain(detail.properties)
    assert (detail.id, half["heldBy"]) == (half["name"], UNFINISHED)
    assert SECRET not in str(bare(detail.properties))
    found = diff(stub, proto.CreateResponse(id=detail.id, properties=detail.properties), given)
    assert found == (CHANGES.DIFF_SOME, [], False)


def test_a_bug_keeps_its_traceback_and_no_secret(stub: Any, cloud: Cloud) -> None:
    given = inputs(stub)
    cloud.fails["create"] = ValueError(f"no attribute force_destroy with {SECRET}")
    with pytest.raises(grpc.RpcError) as broken:
        create(stub, given)
    assert broken.value.code() is grpc.StatusCode.UNKNOWN
    assert broken.value.details().endswith("no attribute force_destroy with [secret]\n")
    assert broken.value.details().startswith("Traceback")


def test_the_account_is_that_of_the_run(stub: Any) -> None:
    assert plain(inputs(stub))["__made_under"] == ACCOUNT
