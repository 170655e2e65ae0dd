"""Completes wanted inputs: defaults, settings, physical names, and all that can be derived.

What check fills in is known to dependants in preview, on a first run too. So a handler leaves to
`create` only values that the remote API alone knows.
"""

from collections.abc import Callable, Mapping, Sequence
from inspect import getattr_static
from typing import Any

from palette_backup_provider.core.markers import (
    AutoNamed,
    Computed,
    Derived,
    DerivedDefault,
    FromSetting,
    Replaces,
    Spelled,
    Sticky,
)
from palette_backup_provider.core.model import (
    Model,
    fields,
    is_existing,
    load_unchecked,
    logical_name,
    marker,
    properties_with,
    property_name,
    variant,
)
from palette_backup_provider.core.own_settings import NAME_PREFIX
from palette_backup_provider.core.settings import Settings

Facts = Callable[[Any], Mapping[str, Callable[[], Any]]]


class UnknownValue(Exception):
    """A property that an input waits for has no value yet."""


class DraftState:
    """Wanted state while it is being filled in; reading what is not known yet raises UnknownValue.

    It reads like the model, whose properties and methods work on it; so does a nested one.
    """

    def __init__(self, model: type[Model], whole: dict[str, Any], unknown: set[str]) -> None:
        self._model, self._whole, self._unknown = model, whole, unknown

    def __getattr__(self, field: str) -> Any:
        if field not in self._model.model_fields:
            return getattr_static(self._model, field).__get__(self)
        name = property_name(self._model, field)
        value: Any = self._whole.get(name)
        inner = _inner(self._model, field, value)
        below = _below(self._unknown, name)
        if name in self._unknown or (below and not inner):
            raise UnknownValue(name)
        if inner and below:
            return DraftState(inner, value, below)
        return load_unchecked(inner, value) if inner else value


def complete(
    model: type[Model],
    props: Mapping[str, Any],
    unknown: set[str],
    before: Mapping[str, Any],
    settings: Settings,
    facts: Facts | None = None,
) -> dict[str, Any]:
    """`props` with everything that can be told before the object is made.

    `before` are the inputs of the last run. A physical name stays while no replacing field before
    it changes. So neither a renamed stack nor a new rule for names replaces anything. What depends
    on something unknown is added to `unknown`. An existing object has only what the program says,
    what `facts` tell, and what it takes to find it.
    """
    whole = dict(props)
    existing = is_existing(props)
    draft = DraftState(model, whole, unknown)
    tell = facts(draft) if facts else {}
    for field, info in model.model_fields.items():
        name = info.alias or field
        named = marker(model, field, AutoNamed)
        if name in unknown or field in fields(model, Computed):
            continue
        if existing and not (name in props or field in tell or (facts and name in found_by(model))):
            continue  # it is as its owner made it: a default of ours would not be true of it
        try:
            if field in fields(model, Derived) or (
                field in fields(model, DerivedDefault) and name not in props
            ):
                if facts and field in tell:
                    earlier = marker(model, field, Sticky) and _kept(draft, field, before)
                    if (value := earlier or tell[field]()) is not None:
                        whole[name] = value
            elif existing and name not in props and field in tell:
                whole[name] = _kept(draft, field, before) or tell[field]()
            elif setting := marker(model, field, FromSetting):
                _from_setting(whole, name, setting.keys, info, settings)
            elif name in props:
                if inner := _inner(model, field, props[name]):
                    whole[name] = _nested(inner, props[name], name, unknown, settings)
            elif named and facts:
                whole[name] = _name(draft, field, named, before, settings)
            elif not named and not info.is_required():
                default = info.get_default(call_default_factory=True)
                if default is not None:
                    whole[name] = default
        except UnknownValue:
            unknown.add(name)
        if (spelled := marker(model, field, Spelled)) and isinstance(whole.get(name), str):
            whole[name] = spelled.spelling(whole[name])
    return whole


def _inner(model: type[Model], field: str, value: Any) -> type[Model] | None:
    """The model that `value` of a nested field is a map of."""
    annotation = model.model_fields[field].annotation
    return variant(annotation, value) if isinstance(value, Mapping) else None


def _nested(
    model: type[Model], props: Any, name: str, unknown: set[str], settings: Settings
) -> dict[str, Any]:
    return complete(model, props, _below(unknown, name), {}, settings)


def _below(unknown: set[str], name: str) -> set[str]:
    """The paths in `unknown` that are within `name`, as seen from there."""
    return {u.removeprefix(f"{name}.") for u in unknown if u.startswith(f"{name}.")}


def _from_setting(
    whole: dict[str, Any], name: str, keys: Sequence[str], info: Any, settings: Settings
) -> None:
    default = info.get_default(call_default_factory=True)
    if isinstance(default, dict):
        own = whole.get(name, {})
        if isinstance(own, Mapping):
            maps = [*map(settings.mapping, keys), own]
            whole[name] = {name: value for one in maps for name, value in one.items()}
    elif name not in whole and (value := settings.get(*keys) or default) is not None:
        whole[name] = value


def _name(
    draft: DraftState, field: str, named: AutoNamed, before: Mapping[str, Any], settings: Settings
) -> str:
    lent = is_existing(before) and not is_existing(draft._whole)
    if not lent and (earlier := _kept(draft, field, before)):
        return str(earlier)
    owner = draft.owner or ""
    seed = {k: v for k, v in _seed(draft, field).items() if v is not None}
    return named.name(settings.get(NAME_PREFIX.name) or "", logical_name(owner), [owner, seed])


def found_by(model: type[Model]) -> set[str]:
    """The properties by which an existing object is found."""
    return properties_with(model, Replaces) - properties_with(model, Derived)


def _seed(draft: DraftState, field: str) -> dict[str, Any]:
    """The replacing fields declared before `field`."""
    model: type[Model] = draft._model
    order = list(model.model_fields)
    fixed = [f for f in order[: order.index(field)] if f in fields(model, Replaces)]
    seed = {property_name(model, f): getattr(draft, f) for f in fixed}
    if open_ := [name for name, value in seed.items() if isinstance(value, DraftState)]:
        raise UnknownValue(open_[0])
    return seed


def _kept(draft: DraftState, field: str, before: Mapping[str, Any]) -> Any:
    """What `field` was, unless a replacing field before it changes; left out is the default."""
    model: type[Model] = draft._model
    seed = _seed(draft, field)
    for fixed in fields(model, Replaces):
        info, name = model.model_fields[fixed], property_name(model, fixed)
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        if name in seed and before.get(name, default) != seed[name]:
            return None
    return before.get(property_name(model, field))
