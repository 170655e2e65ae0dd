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
from palette_backup_provider.core.capabilities import Adopts, UsesExisting
from palette_backup_provider.core.errors import NotImportable
from palette_backup_provider.core.handler import Handler
from palette_backup_provider.core.markers import AutoNamed, Computed, Derived, Replaces, Secret
from palette_backup_provider.core.model import (
    Model,
    Owned,
    Prerequisite,
    fields,
    is_model,
    property_name,
)
from palette_backup_provider.core.rotation.credential import CredentialHandler
from palette_backup_provider.core.rotation.retired import RetiredCredentialHandler
from palette_backup_provider.engine.dynamic import load
from tests.contract.clouds import merged
from tests.contract.samples import NoClients

TYPES = {kind.token: kind for kind in registry.RESOURCES}
SECRET = re.compile("(?<!access_)(secret|password|private|json_credentials)(?!_arn)")
FOUND_OTHERWISE = merged("samples", "FOUND_OTHERWISE") | {
    "palette:BackupLocation": "A location is found by its mark, whatever its uid."
}
each_type = pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)


def state_of(kind: Any) -> type[Model]:
    state: type[Model] = kind.handler.state_type
    return state


def args_of(kind: Any) -> Any:
    return getattr(sys.modules[kind.__module__], f"{kind.__name__}Args")


def asked(state: type[Model]) -> set[str]:
    """The fields that a user can set."""
    hidden = {name for name in state.model_fields if property_name(state, name).startswith("__")}
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
    state = state_of(kind)
    parts = [f"{name}Args", state.__name__, f"{name}Handler", name]
    if state.__module__ != kind.__module__:  # its helpers import it too
        folder, _, _ = kind.__module__.rpartition(".")
        assert re.fullmatch(rf"{folder}\.\w+\.state", state.__module__)
        parts.remove(state.__name__)
    found = [re.search(rf"(?m)^class {part}\b", source) for part in parts]
    order = [match.start() for match in found if match]
    assert len(order) == len(parts)
    assert order == sorted(order)


@each_type
def test_what_it_takes_over_is_told_in_a_preview(kind: Any) -> None:
    bears_no_mark = issubclass(kind.handler, CredentialHandler | RetiredCredentialHandler)
    if not bears_no_mark and kind.token not in FOUND_OTHERWISE:
        assert kind.handler.known_as or kind.handler.place is not Handler.place


@each_type
def test_its_state_is_named_after_it(kind: Any) -> None:
    assert state_of(kind).__name__ == f"{kind.__name__}State"


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
    assert outputs <= {property_name(state, field) for field in state.model_fields}


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
    for named in fields(state, AutoNamed):
        others = fields(state, Replaces) - {named} - fields(state, Derived)
        late = {name for name in others if order.index(name) > order.index(named)}
        assert late <= SETTLED_BY_NAME.get(kind.token, set())


SETTLED_BY_NAME: dict[str, set[str]] = merged("samples", "SETTLED_BY_NAME")
"""A field declared after the name on purpose: a change keeps the name, and so deletes first."""


@each_type
def test_what_can_exist_already_says_how(kind: Any) -> None:
    assert issubclass(state_of(kind), Prerequisite) == issubclass(kind.handler, UsesExisting)
    assert ("adopt" in state_of(kind).model_fields) == issubclass(kind.handler, Adopts)


@each_type
def test_what_palette_signs_in_as_is_told_by_a_known_property(kind: Any) -> None:
    if issubclass(kind.handler, UsesExisting) and (property := kind.handler.palette_identity):
        state = state_of(kind)
        assert issubclass(state, Prerequisite)
        assert property in state.model_fields.keys() - fields(state, Computed)


@each_type
def test_it_can_be_looked_up(kind: Any) -> None:
    assert list(inspect.signature(kind.get).parameters)[:3] == ["resource_name", "id", "opts"]


@each_type
def test_a_credential_without_its_secret_is_not_imported(kind: Any) -> None:
    if issubclass(kind.handler, CredentialHandler | RetiredCredentialHandler):
        with pytest.raises(NotImportable, match=r"^AKIA cannot be imported: "):
            kind.handler(NoClients()).locate("AKIA")
