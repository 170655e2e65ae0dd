"""The same questions to every type through both adapters: the answers agree."""

import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.output import UNKNOWN
from pulumi.runtime import proto, rpc

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.model import property_name, variant
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine import dynamic as adapter
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.properties import load_state, outputs
from palette_backup_provider.engine.shape import on_wire, path_on_wire
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.engine.wire import read, write
from palette_backup_provider.plugin.spelling import spell
from tests.contract.samples import SAMPLES, NoClients
from tests.contract.test_every_input import INPUTS, Input, each_input
from tests.contract.test_every_type import TYPES, nested
from tests.served import OneRun, bare, check, plain, secret, served, struct, urn_of

GIVEN = {"__owner": "organization/project/stack/nightly:1a2b3c", "__lineage": "202611281a2b3c4d"}
WRONG: list[Any] = [{"x": ["s3cr3t"]}, "no such value \n"]
SAMPLED = [(token, sample) for token, samples in SAMPLES.items() for sample in samples]
each_sample = pytest.mark.parametrize(("token", "sample"), SAMPLED)
BUG = "an error that is not told on purpose"
CHANGES: Any = proto.DiffResponse


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with served(OneRun(NoClients())) as stub:
        yield stub


@pytest.fixture(autouse=True)
def one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_run", NoClients())


def dynamic(token: str) -> DynamicProvider:
    return DynamicProvider(token, handler_of(token))


def checked(token: str, sample: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a resource, as the dynamic adapter makes them of a sample."""
    return dict(dynamic(token).check({}, {**sample, **GIVEN}).inputs)


def stored(token: str, sample: dict[str, Any]) -> dict[str, Any]:
    """The outputs of that resource."""
    return outputs(load_state(TYPES[token].handler.state_type, checked(token, sample)))


@each_sample
def test_what_a_program_ignores_comes_back_from_the_plugin(
    token: str, sample: dict[str, Any]
) -> None:
    """The engine gives the dynamic adapter the plugin's inputs in the place of the program's."""
    state, olds = TYPES[token].handler.state_type, checked(token, sample)
    told = dynamic(token).check(on_wire(state, olds), on_wire(state, {**sample, **GIVEN}))
    assert told.inputs == dynamic(token).check(olds, {**sample, **GIVEN}).inputs
    assert not told.failures


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_no_two_properties_have_one_name_on_the_wire(kind: Any) -> None:
    for model in nested(kind.handler.state_type):
        names = [camel(property_name(model, field)) for field in model.model_fields]
        assert len({*names}) == len(names)


@each_sample
def test_check_makes_the_same_inputs(stub: Any, token: str, sample: dict[str, Any]) -> None:
    state = TYPES[token].handler.state_type
    answer = check(stub, token, plain(write(state, {**sample, **GIVEN})))
    assert list(answer.failures) == []
    assert read(state, answer.inputs).props == checked(token, sample)


@each_sample
def test_names_on_the_wire_are_those_of_the_schema(
    stub: Any, token: str, sample: dict[str, Any]
) -> None:
    answer = plain(check(stub, token, {**sample, **GIVEN}).inputs)
    assert not [name for name in answer if "_" in name and not name.startswith("__")]


@each_sample
def test_what_is_unknown_stays_unknown(stub: Any, token: str, sample: dict[str, Any]) -> None:
    state = TYPES[token].handler.state_type
    for name in sample:
        news = {**sample, **GIVEN}
        native = check(stub, token, plain(write(state, news, [(name,)])))
        ours = dynamic(token).check({}, {**news, name: UNKNOWN})
        assert [one.reason for one in native.failures] == [
            spell(one.reason) for one in ours.failures
        ]
        found = read(state, native.inputs)
        waiting = {name for name, value in ours.inputs.items() if value == rpc.UNKNOWN}
        assert found.waiting == waiting
        assert found.props == {n: v for n, v in ours.inputs.items() if n not in waiting}


@each_input
def test_a_map_without_its_parts_is_refused_or_compared(stub: Any, place: Input) -> None:
    state = TYPES[place.token].handler.state_type
    given = write(state, place.holding({}) | GIVEN, [(*place.path, "a")])
    answer = check(stub, place.token, plain(given))
    if not answer.failures:
        olds = write(state, stored(place.token, place.sample))
        urn = urn_of(place.token)
        request = proto.DiffRequest(id="id", urn=urn, olds=olds, news=answer.inputs)
        assert answer_to(stub.Diff, request) != BUG


@each_input
def test_a_refusal_is_the_same_in_the_spelling_of_the_schema(stub: Any, place: Input) -> None:
    state = TYPES[place.token].handler.state_type
    for value in WRONG:
        props = place.holding(value) | GIVEN
        native = check(stub, place.token, plain(write(state, props))).failures
        ours = dynamic(place.token).check({}, props).failures
        assert [one.property for one in native] == [""] * len(ours)
        told = [one.reason for one in native]
        assert told == [in_schema(state, one.reason) for one in ours]
        if place.secret:
            assert "no such value" not in "".join(told)


def in_schema(state: Any, text: str) -> str:
    """A refusal by the dynamic adapter, with the names that the schema has."""
    path, colon, reason = text.partition(": ")
    return path_on_wire(state, path) + colon + spell(reason)


@each_input
def test_a_change_has_the_same_consequences(stub: Any, place: Input) -> None:
    state = TYPES[place.token].handler.state_type
    olds, news = stored(place.token, place.sample), checked(place.token, place.sample)
    # A diff foresees failures only of what the run has checked, as the engine always does first.
    check(stub, place.token, plain(write(state, {**place.sample, **GIVEN})))
    for value in ("another", {"another": "b"}):
        changed = json.loads(json.dumps(place.holding(value)))
        want = {**news, place.path[0]: changed[place.path[0]]}
        request = proto.DiffRequest(
            id="id", urn=urn_of(place.token), olds=write(state, olds), news=write(state, want)
        )
        assert answer_to(stub.Diff, request) == difference(place.token, olds, want)


def answer_to(ask: Any, request: Any) -> Any:
    """What the plugin answers: its text, if that is a deliberate error."""
    try:
        found = ask(request)
    except grpc.RpcError as error:
        deliberate = error.code() is grpc.StatusCode.FAILED_PRECONDITION
        return error.details() if deliberate else BUG
    return found.changes, sorted(found.replaces), found.deleteBeforeReplace


def difference(token: str, olds: Any, news: Any) -> Any:
    """What the dynamic adapter answers, as the engine is told it."""
    try:
        found = dynamic(token).diff("id", olds, news)
    except ProviderError as error:
        return spell(str(error))
    except Exception:
        return BUG
    told = {None: CHANGES.DIFF_UNKNOWN, True: CHANGES.DIFF_SOME, False: CHANGES.DIFF_NONE}
    replaces = sorted(map(camel, found.replaces or ()))
    return told[found.changes], replaces, found.delete_before_replace


@each_sample
def test_each_secret_is_sealed(stub: Any, token: str, sample: dict[str, Any]) -> None:
    state = TYPES[token].handler.state_type
    answer = check(stub, token, plain(write(state, {**sample, **GIVEN})))
    assert "s3cr3t" not in json.dumps(bare(answer.inputs))
    request = proto.CreateRequest(urn=urn_of(token), properties=answer.inputs, preview=True)
    assert "s3cr3t" not in json.dumps(bare(stub.Create(request).properties))
    assert ("s3cr3t" in json.dumps(sample)) == ("s3cr3t" in json.dumps(plain(answer.inputs)))


@each_sample
def test_a_kind_may_be_a_secret(stub: Any, token: str, sample: dict[str, Any]) -> None:
    """Everybody knows the kinds, so no text is cleared of their words."""
    state = TYPES[token].handler.state_type
    answer = check(stub, token, kinds_sealed(plain(write(state, {**sample, **GIVEN}))))
    assert [failure.reason for failure in answer.failures] == []
    found = {n: v for n, v in read(state, answer.inputs).props.items() if n != "__sealed"}
    assert found == checked(token, sample)
    kinds = " ".join(kinds_of(sample))
    assert cleared(kinds) == kinds


def kinds_sealed(props: Any) -> Any:
    """The properties with each `kind` a secret."""
    if not isinstance(props, dict):
        return props
    return {n: secret(v) if n == "kind" else kinds_sealed(v) for n, v in props.items()}


def kinds_of(props: Any) -> Iterator[str]:
    if isinstance(props, dict):
        for name, value in props.items():
            yield from [value] if name == "kind" else kinds_of(value)


@each_sample
def test_a_preview_tells_what_a_create_will(stub: Any, token: str, sample: dict[str, Any]) -> None:
    state = TYPES[token].handler.state_type
    made = checked(token, sample)
    request = proto.CreateRequest(urn=urn_of(token), properties=write(state, made), preview=True)
    found = read(state, stub.Create(request).properties)
    whole = read(state, write(state, stored(token, sample))).props
    told = {name: value for name, value in whole.items() if (name,) not in found.unknown}
    assert found.props == told


@each_sample
def test_what_the_dynamic_adapter_wrote_is_spelled_anew(
    stub: Any, token: str, sample: dict[str, Any]
) -> None:
    state = TYPES[token].handler.state_type
    olds = struct({**stored(token, sample), "__provider": "pickle"})
    news = check(stub, token, plain(write(state, {**sample, **GIVEN})), checked(token, sample))
    request = proto.DiffRequest(id="id", urn=urn_of(token), olds=olds, news=news.inputs)
    found = stub.Diff(request)
    assert (found.changes, list(found.replaces)) == (CHANGES.DIFF_SOME, [])
    update = proto.UpdateRequest(id="id", urn=urn_of(token), olds=olds, news=news.inputs)
    respelled = stub.Update(update).properties
    assert respelled == write(state, stored(token, sample))
    again = proto.DiffRequest(id="id", urn=urn_of(token), olds=respelled, news=news.inputs)
    assert stub.Diff(again).changes == CHANGES.DIFF_NONE


@each_sample
def test_what_is_gone_is_gone(stub: Any, token: str, sample: dict[str, Any]) -> None:
    state, have = TYPES[token].handler.state_type, stored(token, sample)
    request = proto.ReadRequest(id="id", urn=urn_of(token), properties=write(state, have))
    ours = dynamic(token).read("id", have)
    assert (stub.Read(request).id, plain(stub.Read(request).properties)) == (
        ours.id,
        plain(write(state, ours.outs or {})),
    )


def test_a_nested_model_is_told_by_its_kind() -> None:
    state = TYPES["palette:BackupLocation"].handler.state_type
    for sample in SAMPLES["palette:BackupLocation"]:
        inner = variant(state.model_fields["storage"].annotation, sample["storage"])
        assert inner is not None
        assert read(state, write(state, sample)).props == sample
    assert INPUTS
