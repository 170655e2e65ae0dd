"""Fills wanted inputs in: defaults, settings, physical names, and all that can be derived.

What check fills in is known to dependants in preview, on a first run too. So a handler leaves to
`create` only what nothing but the remote API can tell.
"""

from collections.abc import Callable, Mapping
from inspect import getattr_static
from typing import Any

from palette_backup_provider.core.model import (
    Computed,
    Derived,
    FromSetting,
    Kept,
    Model,
    Named,
    Replaces,
    fields,
    key,
    logical,
    marker,
    recalled,
    variant,
)
from palette_backup_provider.core.settings import Settings

PREFIX = "palette:namePrefix"
Facts = Callable[[Any], Mapping[str, Callable[[], Any]]]


class NotKnown(Exception):
    """A property that an input waits for has no value yet."""


class Draft:
    """Wanted state while it is being filled in; reading what is not known yet raises NotKnown.

    It reads like the model, whose properties and methods work on it.
    """

    def __init__(self, model: type[Model], whole: dict[str, Any], unknown: set[str]) -> None:
        self._model, self._whole, self._unknown = model, whole, unknown

    def __getattr__(self, field: str) -> Any:
        if field not in self._model.model_fields:
            return getattr_static(self._model, field).__get__(self)
        name = key(self._model, field)
        if any(u.partition(".")[0] == name for u in self._unknown):
            raise NotKnown(name)
        value: Any = self._whole.get(name)
        inner = _inner(self._model, field, value)
        return recalled(inner, value) if inner else value


def completed(
    model: type[Model],
    props: Mapping[str, Any],
    unknown: set[str],
    before: Mapping[str, Any],
    settings: Settings,
    facts: Facts | None = None,
) -> dict[str, Any]:
    """`props` with everything that can be told before the object is made.

    `before` are the inputs of the last run: a physical name stays while no replacing field before
    it changes, so neither a renamed stack nor a new rule for names replaces anything. What depends
    on something unknown is added to `unknown`.
    """
    whole = dict(props)
    draft = Draft(model, whole, unknown)
    tell = facts(draft) if facts else {}
    for field, info in model.model_fields.items():
        name = info.alias or field
        named = marker(model, field, Named)
        if name in unknown or field in fields(model, Computed):
            continue
        try:
            if field in fields(model, Derived):
                if facts and field in tell:
                    kept = marker(model, field, Kept) and _kept(draft, field, before)
                    whole[name] = kept or tell[field]()
            elif setting := marker(model, field, FromSetting):
                _from_setting(whole, name, setting.key, info, settings)
            elif name in props:
                if inner := _inner(model, field, props[name]):
                    whole[name] = _nested(inner, props[name], name, unknown, settings)
            elif named and facts:
                whole[name] = _name(draft, field, named, before, settings)
            elif not named and not info.is_required():
                default = info.get_default(call_default_factory=True)
                if default is not None:
                    whole[name] = default
        except NotKnown:
            unknown.add(name)
    return whole


def _inner(model: type[Model], field: str, value: Any) -> type[Model] | None:
    """The model that `value` of a nested field is a map of."""
    annotation = model.model_fields[field].annotation
    return variant(annotation, value) if isinstance(value, Mapping) else None


def _nested(
    model: type[Model], props: Any, name: str, unknown: set[str], settings: Settings
) -> dict[str, Any]:
    below = {u.removeprefix(f"{name}.") for u in unknown if u.startswith(f"{name}.")}
    return completed(model, props, below, {}, settings)


def _from_setting(
    whole: dict[str, Any], name: str, setting: str, info: Any, settings: Settings
) -> None:
    default = info.get_default(call_default_factory=True)
    if isinstance(default, dict):
        given = whole.get(name, {})
        if isinstance(given, Mapping):
            whole[name] = {**settings.mapping(setting), **given}
    elif name not in whole and (value := settings.get(setting) or default) is not None:
        whole[name] = value


def _name(
    draft: Draft, field: str, named: Named, before: Mapping[str, Any], settings: Settings
) -> str:
    lent = before.get("existing") is True and draft._whole.get("existing") is not True
    if not lent and (kept := _kept(draft, field, before)):
        return str(kept)
    owner = draft.owner or ""
    given = {k: v for k, v in _seed(draft, field).items() if v is not None}
    return named.name(settings.get(PREFIX) or "", logical(owner), [owner, given])


def _seed(draft: Draft, field: str) -> dict[str, Any]:
    """The replacing fields declared before `field`."""
    model: type[Model] = draft._model
    order = list(model.model_fields)
    fixed = [f for f in order[: order.index(field)] if f in fields(model, Replaces)]
    return {key(model, f): getattr(draft, f) for f in fixed}


def _kept(draft: Draft, field: str, before: Mapping[str, Any]) -> Any:
    """What `field` was, unless a replacing field before it changes; left out is the default."""
    model: type[Model] = draft._model
    seed = _seed(draft, field)
    for fixed in fields(model, Replaces):
        info, name = model.model_fields[fixed], key(model, fixed)
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        if name in seed and before.get(name, default) != seed[name]:
            return None
    return before.get(key(model, field))
