"""What becomes of each resource: the engine's steps for it as one change, and what differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from palette_backup_provider.review.preview import NOTE, STACK, Preview, Props, Side, Step, Urn

Action = Literal["create", "update", "delete", "replace", "import", "drift", "same", "other"]
_ACTIONS: Mapping[str, Action] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "discard": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "discard-replaced": "replace",
    "read-replacement": "replace",
    "import": "import",
    "import-replacement": "replace",
    "same": "same",
    "refresh": "same",
    "read": "same",
    "read-discard": "same",
    "remove-pending-replace": "same",
}
_WEIGHT = ("same", "other", "drift", "update", "import", "create", "delete", "replace")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
NOTHING = Side()


@dataclass(frozen=True)
class Difference:
    """One property that differs; None where a side does not have it."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """What becomes of one resource."""

    urn: Urn
    action: Action
    op: str
    """The word of the engine, for an action that is not known here."""
    old: Side = NOTHING
    new: Side = NOTHING
    replaces: tuple[str, ...] = ()

    @cached_property
    def differences(self) -> list[Difference]:
        """The properties that a reader can see and that differ."""
        if self.action == "same":
            return []
        return list(_differences(self))

    @property
    def parent(self) -> str:
        return self.new.parent or self.old.parent

    @property
    def retires(self) -> bool:
        """Whether all that happens is that a credential ends which a rotation replaced."""
        return self.action == "replace" and "__told" in self.old.inputs

    @property
    def in_state_alone(self) -> bool:
        """Whether an update changes marks or notes, and nothing that a reader can see."""
        return self.action == "update" and not self.differences


def changes(preview: Preview) -> list[Change]:
    """One change for each resource, and one more for what was found changed by another hand."""
    by_urn: dict[str, list[Step]] = {}
    for step in preview.steps:
        if step.urn.types[-1] != STACK and step.urn.token != NOTE:
            by_urn.setdefault(step.urn.text, []).append(step)
    all_changes = [
        change for steps in by_urn.values() for change in _of(steps, preview.only_refreshed)
    ]
    return sorted(all_changes, key=lambda change: (change.urn.name, change.urn.text))


def visible(props: Props) -> dict[str, Any]:
    """The properties that have a value, without what the engine and we note for ourselves."""
    return {k: v for k, v in props.items() if not k.startswith("__") and v not in _EMPTY}


def leaves(old: Any, new: Any, path: str) -> Iterator[Difference]:
    """The smallest parts in which two values differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from leaves(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from leaves(a, b, f"{path}[{number}]")
    elif old != new:
        yield Difference(path, old, new)


def _of(steps: Iterable[Step], only_refreshed: bool) -> Iterator[Change]:
    listed = list(steps)
    refresh = next((s for s in listed if s.op == "refresh"), None)
    planned = [s for s in listed if s.op != "refresh"]
    if not planned:
        yield from _drift(refresh.urn, refresh.old, refresh.new) if refresh else ()
        return
    if only_refreshed:
        for step in planned:
            yield from _drift(step.urn, step.old, step.new)
        return
    first = planned[0]
    if refresh and any(s.op != "create" for s in planned):
        yield from _drift(first.urn, refresh.old, first.old)
    actions = [_ACTIONS.get(s.op, "other") for s in planned]
    action = max(actions, key=_WEIGHT.index)
    if {"create", "delete"} <= set(actions):
        action = "replace"
    yield Change(
        first.urn,
        action,
        first.op,
        next((s.old for s in planned if s.old), NOTHING),
        next((s.new for s in reversed(planned) if s.new), NOTHING),
        tuple(dict.fromkeys(reason for s in planned for reason in s.replaces)),
    )


def _drift(urn: Urn, state: Side | None, actual: Side | None) -> Iterator[Change]:
    change = Change(urn, "drift", "refresh", state or NOTHING, actual or NOTHING)
    if change.differences:
        yield change
    elif state and actual and state.protect != actual.protect:
        yield replace(change, action="same")


def _differences(change: Change) -> Iterator[Difference]:
    old, new = visible(change.old.shown), visible(change.new.shown)
    if change.old is NOTHING or change.new is NOTHING or not change.urn.ours:
        yield from leaves(old, new, "")
        return
    for name in _differing(change):
        yield from leaves(old.get(name), new.get(name), name)


def _differing(change: Change) -> list[str]:
    """The properties that differ by the model's own comparison, where there is a model."""
    old, new = visible(change.old.inputs), visible(change.new.inputs)
    plain = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    if not plain:
        return []
    from palette_backup_provider.review import models  # imports Pulumi: half a second

    token = change.urn.token
    by_model = models.differing(token, change.old.inputs, change.new.inputs, plain)
    names = plain if by_model is None else [name for name in plain if name in by_model]
    return [models.spelled(token, name) for name in names] if change.urn.by_plugin else names
