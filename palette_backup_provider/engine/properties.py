"""What the engine holds of a resource, as a bag of properties and as a model."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from palette_backup_provider.core.markers import Computed
from palette_backup_provider.core.model import (
    Model,
    Prerequisite,
    defaults,
    fields,
    is_existing,
    load_unchecked,
    property_name,
    variant,
)

Props = dict[str, Any]
ENGINE = {"__provider", "__defaults"}
"""What the engine adds for itself."""
OWNER, LINEAGE, MADE_UNDER, SEALED = "__owner", "__lineage", "__made_under", "__sealed"
"""The properties of `Owned` that an adapter or a rule of ours reads or writes by name."""
UNBORN = "unborn"
"""What stands for a lineage that is not known yet."""


def without_engine_keys(props: Mapping[str, Any]) -> Props:
    """`props` without what the engine adds for itself, and without what is unset."""
    return {k: v for k, v in props.items() if k not in ENGINE and v is not None}


def load_state(state: type[Model], props: Mapping[str, Any]) -> Any:
    """What state holds. Values that today's rules would refuse stay readable."""
    whole = state.upgraded(without_engine_keys(props))
    try:
        names = {property_name(state, f) for f in state.model_fields}
        return state.model_validate({k: v for k, v in whole.items() if k in names})
    except ValidationError:
        return load_unchecked(state, whole)


def outputs(state: Model) -> Props:
    """`state` as properties."""
    return state.model_dump(by_alias=True, include=_fields_in_state(state), warnings=False)


def inputs(state: Model) -> Props:
    """What check would have made of a program that asks for `state`: what refresh compares."""
    props = state.model_dump(
        include=_fields_in_state(state),
        exclude=set(fields(type(state), Computed)),
        exclude_none=True,
        by_alias=True,
        warnings=False,
    )
    return without_defaults(type(state), props)


def without_defaults(state: type[Model], props: Props, before: Props | None = None) -> Props:
    """`props` without what is as it always is: a reviewer need not read it.

    A default that takes the place of another value of `before` stays.
    """
    if is_existing(props):
        return props
    left_out, before = defaults(state), before or {}
    return {
        name: _nested(without_defaults, state, name, value, before.get(name))
        for name, value in props.items()
        if name not in left_out or not value == left_out[name] == before.get(name, value)
    }


def with_defaults(state: type[Model], props: Props) -> Props:
    """`props` with the defaults that were left out of them."""
    if not props or is_existing(props):
        return props
    whole = {**defaults(state), **props}
    return {name: _nested(with_defaults, state, name, value) for name, value in whole.items()}


def _nested(
    change: Callable[..., Props], state: type[Model], name: str, value: Any, *others: Any
) -> Any:
    """`value` of a property, changed if it is that of a nested model."""
    info = state.model_fields.get(name)
    inner = variant(info.annotation, value) if info and isinstance(value, dict) else None
    return (
        change(inner, value, *(other for other in others if isinstance(other, dict)))
        if inner
        else value
    )


def _fields_in_state(state: Model) -> set[str] | None:
    """The fields that state tells: of an existing object, none that only has its default."""
    if not is_existing(state):
        return None
    return state.model_fields_set | Prerequisite.model_fields.keys()


def fill_unknowns(known: Any, olds: Any, unknown: set[str]) -> Any:
    """`known`, with the values `olds` has at the paths that are `unknown`."""
    whole = dict(known)
    have = olds if isinstance(olds, Mapping) else {}
    for path in unknown:
        top, _, rest = (path, "", "") if path in have else path.partition(".")  # a tag's key: a.b
        old = have.get(top)
        if rest:
            below = whole.get(top)
            whole[top] = fill_unknowns(below if isinstance(below, Mapping) else {}, old, {rest})
        elif old is not None:
            whole[top] = old
    return whole
