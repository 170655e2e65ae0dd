"""Differences between inputs of our own types, as the types themselves tell them."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from palette_backup_provider.core.compare import changes, top
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.model import Model, load_unchecked
from palette_backup_provider.engine.properties import without_engine_keys
from palette_backup_provider.engine.shape import in_python, shape_of
from palette_backup_provider.engine.tokens import handler_of


def differing(
    token: str, old: Mapping[str, Any], new: Mapping[str, Any], names: Collection[str]
) -> set[str] | None:
    """Those of the properties `names` in which two inputs of a type differ.

    What is left out on one side and has its default on the other does not differ. None stands for
    a type that is not known here. The inputs are what check made of a program: they are in order.
    """
    state = _model(token)
    if state is None:
        return None
    have, want = (_part(state, side, names) for side in (old, new))
    return {top(change.path) for change in changes(have, want)}


def renamed(token: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Inputs by their names in Python, which are spelled as in the plugin's schema. Those of a type
    that is not known here keep theirs."""
    state = _model(token)
    properties: Mapping[str, Any] = in_python({None: state}, inputs) if state else inputs
    return properties


def spelled(token: str, name: str) -> str:
    """The name of a property of a known type as the plugin's schema spells it."""
    state = _model(token)
    return shape_of(state).wire.get(name, name) if state else name


def _part(state: type[Model], props: Mapping[str, Any], names: Collection[str]) -> Any:
    whole = state.upgraded(without_engine_keys(props))
    return load_unchecked(state, {name: whole[name] for name in names if name in whole})


@cache
def _model(token: str) -> type[Model] | None:
    try:
        state: type[Model] = handler_of(token).state_type
    except ProviderError:
        return None
    return state
