"""The same questions to every resource type in the registry."""

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields as args_fields
from dataclasses import is_dataclass
from typing import Any, get_args

import pytest

from palette_backup_provider import registry
from palette_backup_provider.core.model import (
    Computed,
    Derived,
    Model,
    Named,
    Owned,
    Prerequisite,
    Replaces,
    Secret,
    fields,
    is_model,
    key,
)
from palette_backup_provider.engine.dynamic import load
from tests.contract.test_every_component import COMPONENTS

TYPES = {kind.token: kind for kind in registry.RESOURCES}
SECRET = re.compile("(?<!access_)(secret|password|private|json_credentials)(?!_arn)")
each_type = pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)


def state_of(kind: Any) -> type[Model]:
    state: type[Model] = kind.handler.state_type
    return state


def args_of(kind: Any) -> Any:
    return getattr(sys.modules[kind.__module__], f"{kind.__name__}Args")


def asked(state: type[Model]) -> set[str]:
    """The fields that a user can set."""
    hidden = {name for name in state.model_fields if key(state, name).startswith("__")}
    return state.model_fields.keys() - fields(state, Computed) - fields(state, Derived) - hidden


def nested(state: type[Model]) -> Iterator[type[Model]]:
    """The models within a state, itself included."""
    yield state
    for info in state.model_fields.values():
        for choice in (info.annotation, *get_args(info.annotation)):
            if is_model(choice):
                yield from nested(choice)


@each_type
def test_the_registry_names_it_by_its_place(kind: Any) -> None:
    *_, cloud, file = kind.__module__.split(".")
    assert kind.token == f"{cloud}:{kind.__name__}"
    assert file == re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    assert getattr(sys.modules[f"palette_backup_provider.resources.{cloud}"], kind.__name__) is kind
    assert load(kind.token).handler is kind.handler


@each_type
def test_its_file_has_one_order(kind: Any) -> None:
    name = kind.__name__
    source = inspect.getsource(sys.modules[kind.__module__])
    order = [f"class {name}Args", "class State(", f"class {name}Handler(", f"class {name}("]
    found = [source.index(part) for part in order]
    assert found == sorted(found)


@each_type
def test_arguments_are_the_fields_that_a_user_can_set(kind: Any) -> None:
    args = args_of(kind)
    assert is_dataclass(args)
    assert {field.name for field in args_fields(args)} == asked(state_of(kind))


@each_type
def test_help_tells_of_every_argument(kind: Any) -> None:
    text = inspect.getdoc(args_of(kind)) or ""
    for field in args_fields(args_of(kind)):
        assert re.search(rf"(?m)^    {field.name}: \S", text), field.name
    assert inspect.getdoc(kind)


@each_type
def test_every_output_is_a_property_of_state(kind: Any) -> None:
    state = state_of(kind)
    outputs = {name for name in kind.__annotations__ if not name.startswith("_")}
    assert outputs <= {key(state, field) for field in state.model_fields}


@each_type
def test_secrets_are_marked(kind: Any) -> None:
    for model in nested(state_of(kind)):
        for name in model.model_fields:
            if SECRET.search(name):
                assert name in fields(model, Secret), f"{model.__name__}.{name}"


@each_type
def test_it_carries_a_mark_and_the_identity_it_was_made_under(kind: Any) -> None:
    state = state_of(kind)
    assert issubclass(state, Owned)
    assert "made_under" in fields(state, Replaces)
    assert kind.handler.realm


@each_type
def test_a_name_is_seeded_by_all_that_replaces(kind: Any) -> None:
    state = state_of(kind)
    order = list(state.model_fields)
    for named in fields(state, Named):
        others = fields(state, Replaces) - {named} - fields(state, Derived)
        late = {name for name in others if order.index(name) > order.index(named)}
        assert late <= SETTLED_BY_NAME.get(kind.token, set())


SETTLED_BY_NAME = {"aws:Bucket": {"object_lock"}}
"""A field declared after the name on purpose: a change keeps the name, and so deletes first."""


@each_type
def test_what_can_be_brought_says_how(kind: Any) -> None:
    if issubclass(state_of(kind), Prerequisite):
        assert "bring" in vars(kind.handler)


@each_type
def test_what_palette_signs_in_as_is_told_by_a_known_property(kind: Any) -> None:
    if kind.handler.signs_in:
        property, argument = kind.handler.signs_in
        state = state_of(kind)
        assert issubclass(state, Prerequisite)
        assert property in state.model_fields.keys() - fields(state, Computed)
        text = "".join(inspect.getsource(one) for one in COMPONENTS.values())
        assert f"args.{argument}" in text


@each_type
def test_it_can_be_looked_up(kind: Any) -> None:
    assert list(inspect.signature(kind.get).parameters)[:3] == ["name", "id", "opts"]
