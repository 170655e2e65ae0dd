"""What the plugin answers to a diff of every type beside `replaceOnChanges` and `ignoreChanges`."""

from contextlib import suppress
from typing import Any

import grpc
from pulumi.runtime import proto

from palette_backup_provider.core.markers import CreateOnly
from palette_backup_provider.core.model import fields, property_name
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.shape import path_on_wire
from palette_backup_provider.engine.wire import write
from tests.contract.test_every_adapter import (
    CHANGES,
    GIVEN,
    checked,
    each_sample,
    one_run,
    stored,
    stub,
)
from tests.contract.test_every_input import Input, each_input
from tests.contract.test_every_type import TYPES
from tests.served import check, plain, struct, urn_of

__all__ = ["one_run", "stub"]


@each_input
def test_a_change_beside_a_hidden_one_is_named(stub: Any, place: Input) -> None:
    """Else the engine would not know that `replaceOnChanges` names it."""
    state, (name, *_) = TYPES[place.token].handler.state_type, place.path
    olds, news = stored(place.token, place.sample), checked(place.token, place.sample)
    check(stub, place.token, plain(write(state, {**place.sample, **GIVEN})))
    later = {**news, name: place.holding("another")[name], "__lineage": "20261128ffffffff"}
    request = proto.DiffRequest(
        id="id", urn=urn_of(place.token), olds=write(state, olds), news=write(state, later)
    )
    with suppress(grpc.RpcError):  # a failure that is foreseen, or a value of no sense
        found = stub.Diff(request)
        assert found.changes == CHANGES.DIFF_SOME
        assert unseen(state, name) or camel(name) in found.diffs


@each_sample
def test_what_is_unknown_the_engine_compares(stub: Any, token: str, sample: dict[str, Any]) -> None:
    state = TYPES[token].handler.state_type
    olds, news = stored(token, sample), checked(token, sample)
    check(stub, token, plain(write(state, {**sample, **GIVEN})))
    for name in sample:
        request = proto.DiffRequest(
            id="id",
            urn=urn_of(token),
            olds=write(state, olds),
            news=write(state, news, [(name,)]),
        )
        with suppress(grpc.RpcError):
            told = CHANGES.DIFF_NONE if unseen(state, name) else CHANGES.DIFF_UNKNOWN
            assert stub.Diff(request).changes == told


@each_input
def test_what_is_ignored_stays_through_a_move(stub: Any, place: Input) -> None:
    """Names of two words are spelled otherwise in what the dynamic adapter wrote."""
    state = TYPES[place.token].handler.state_type
    olds, given = stored(place.token, place.sample), checked(place.token, place.sample)
    check(stub, place.token, plain(write(state, {**place.sample, **GIVEN})))
    name = place.path[0]
    sides = {
        "id": "id",
        "urn": urn_of(place.token),
        "olds": struct({**olds, "__provider": "pickle"}),
        "old_inputs": struct({**given, "__provider": "pickle"}),
        "news": write(state, {**given, name: place.holding("another")[name]}),
        "ignoreChanges": [path_on_wire(state, ".".join(place.path))],
    }
    found = stub.Diff(proto.DiffRequest(**sides))
    assert (found.changes, list(found.diffs)) == (CHANGES.DIFF_SOME, [])
    assert stub.Update(proto.UpdateRequest(**sides)).properties == write(state, olds)


def unseen(state: Any, name: str) -> bool:
    """Whether a change to the property alone shows no change."""
    return name.startswith("__") or name in {
        property_name(state, field) for field in fields(state, CreateOnly)
    }
