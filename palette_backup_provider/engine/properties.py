"""What the engine holds of a resource, as a bag of properties and as a model."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from palette_backup_provider.core.model import Computed, Model, fields, key, recalled

Props = dict[str, Any]
ENGINE = {"__provider", "__defaults"}


def ours(props: Mapping[str, Any]) -> Props:
    """`props` without what the engine adds for itself, and without what is unset."""
    return {k: v for k, v in props.items() if k not in ENGINE and v is not None}


def held(state: type[Model], props: Mapping[str, Any]) -> Any:
    """What state holds. Values that today's rules would refuse stay readable."""
    try:
        names = {key(state, f) for f in state.model_fields}
        return state.model_validate({k: v for k, v in ours(props).items() if k in names})
    except ValidationError:
        return recalled(state, ours(props))


def outputs(state: Model) -> Props:
    """`state` as properties."""
    return state.model_dump(by_alias=True, warnings=False)


def inputs(state: Model) -> Props:
    """What check would have made of a program that asks for `state`: what refresh compares."""
    hidden = set(fields(type(state), Computed))
    return state.model_dump(exclude=hidden, exclude_none=True, by_alias=True, warnings=False)


def brought(state: Model) -> bool:
    """Whether it is the user's own: read, and never changed or deleted."""
    return getattr(state, "existing", False) is True


def filled(known: Any, olds: Any, unknown: set[str]) -> Any:
    """`known`, with the values `olds` has at the paths that are `unknown`."""
    whole = dict(known)
    have = olds if isinstance(olds, Mapping) else {}
    for path in unknown:
        top, _, rest = (path, "", "") if path in have else path.partition(".")  # a tag's key: a.b
        old = have.get(top)
        if rest:
            below = whole.get(top)
            whole[top] = filled(below if isinstance(below, Mapping) else {}, old, {rest})
        elif old is not None:
            whole[top] = old
    return whole
