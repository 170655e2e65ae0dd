"""The same questions to every type whose object may exist already."""

from typing import Any
from unittest.mock import MagicMock

import pytest

from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.markers import AutoNamed, Derived, Replaces, Secret
from palette_backup_provider.core.model import Model, Prerequisite, fields, property_name
from palette_backup_provider.engine.comparison import Difference
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.properties import load_state, outputs, with_defaults
from tests.contract.samples import SAMPLES, NoClients, UnreachableClient
from tests.contract.test_every_type import TYPES

OWNER = {"__owner": "acme/shop/dev/nightly:0a1b2c", "__lineage": "2026"}
EXISTING = {t: k for t, k in TYPES.items() if issubclass(k.handler.state_type, Prerequisite)}
ODD = "Of/earlier times: über*"
each_existing = pytest.mark.parametrize("token", EXISTING)


class Somewhere(UnreachableClient):
    """Whatever is looked for is there, and like nothing that is made here."""

    def __getattr__(self, call: str) -> Any:
        return MagicMock(name=call)


class SomeClients(NoClients):
    def client(self, kind: Any, identity: Any = None) -> Any:
        found = super().client(kind, identity)
        return Somewhere() if isinstance(found, UnreachableClient) else found


def lifecycle(token: str) -> Lifecycle:
    return Lifecycle(EXISTING[token].handler, SomeClients())


def which(token: str) -> dict[str, Any]:
    """What a program says of an existing object."""
    state: type[Model] = EXISTING[token].handler.state_type
    says = fields(state, Replaces) | {n for n, f in state.model_fields.items() if f.is_required()}
    given = {name: value for name, value in SAMPLES[token][0].items() if name in says}
    named = {property_name(state, field): "theirs" for field in fields(state, AutoNamed)}
    return {**OWNER, **given, **named, "existing": True}


def before(token: str) -> dict[str, Any]:
    """What earlier code noted of it: all that it would have made, too."""
    given = {name: value for name, value in which(token).items() if name != "existing"}
    checked = lifecycle(token).check({}, given, set())
    assert not checked.failures
    return {**with_defaults(EXISTING[token].handler.state_type, checked.props), "existing": True}


@each_existing
def test_what_earlier_code_noted_of_it_is_no_difference(token: str) -> None:
    old, one = before(token), lifecycle(token)
    checked = one.check(old, which(token), set())
    assert not checked.failures
    derived = {property_name(one.state, field) for field in fields(one.state, Derived)}
    known = {name: value for name, value in checked.props.items() if name not in derived}
    noted = {**old, **{name: checked.props[name] for name in derived & checked.props.keys()}}
    assert one.diff("theirs", noted, checked.props, checked.unknown) == Difference(False, [])
    assert known.items() <= old.items()


@each_existing
def test_no_default_of_ours_is_told_of_it(token: str) -> None:
    one = lifecycle(token)
    handler = one.handler_type(one.run)
    assert isinstance(handler, UsesExisting)
    told = one.check(before(token), which(token), set()).props
    says = handler.observed(MagicMock()).keys()
    finds = {
        property_name(one.state, f)
        for f in fields(one.state, Replaces) - fields(one.state, Derived)
    }
    assert told.keys() <= which(token).keys() | {"__made_under"} | says | finds
    shown = {
        name for name, value in outputs(load_state(one.state, told)).items() if value is not None
    }
    assert {name for name in shown if not name.startswith("__")} <= told.keys()


@each_existing
def test_it_can_be_turned_into_one_that_is_made_in_place(token: str) -> None:
    """What is not told of it is no difference that replaces."""
    one = lifecycle(token)
    had = one.check(before(token), which(token), set()).props
    found = one.diff("theirs", had, before(token) | {"existing": False}, set())
    assert found.changes is not False and set(found.replaces) <= had.keys()


@each_existing
def test_its_name_and_its_secret_are_its_owner_s_business(token: str) -> None:
    one = lifecycle(token)
    theirs = fields(one.state, AutoNamed) | fields(one.state, Secret)
    literal = ODD.replace("*", "").replace("/", "")
    for field in theirs:
        known = {
            **before(token),
            property_name(one.state, field): "before",
        }  # so that it is not looked for
        given = {**which(token), property_name(one.state, field): literal * 9}
        failures = Lifecycle(one.handler_type, NoClients()).check(known, given, set()).failures
        assert not [f for f in failures if f.path == field], failures
