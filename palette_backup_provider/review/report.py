"""One stack's preview as a report: what to decide, the components that change, and the rest."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from palette_backup_provider.review.changes import Action, Change, Difference, changes
from palette_backup_provider.review.judging import CLASSES, Finding, findings, noun
from palette_backup_provider.review.preview import COMPONENTS, Preview, Said, token_of
from palette_backup_provider.review.wording import name, shown

_TOP = re.compile(r"[.\[]")
_FIELDS = 5
_SHORT = 60
_WITH_VALUES = 2
_WHOLE = ("create", "delete")
FAILS = (*CLASSES, "replaces")
"""What `--fail-on` takes."""


@dataclass(frozen=True)
class Row:
    """A component, or a resource of ours that is in none, and what becomes of it."""

    name: str
    type: str
    action: str
    """create, update, delete, replace, import, drift or rotate."""
    short: str
    """A sentence of `wording`."""
    changes: tuple[Change, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Report:
    """All that is shown of one stack."""

    stack: str
    failed: bool
    errors: tuple[Said, ...]
    warnings: tuple[Said, ...]
    findings: tuple[Finding, ...]
    rows: tuple[Row, ...]
    others: tuple[Row, ...]
    """Resources of other packages that change."""
    unchanged: int
    in_state_alone: int
    refreshed: bool

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to see."""
        return not (self.failed or self.findings or self.rows or self.others or self.warnings)

    def meets(self, wanted: Iterable[str]) -> list[str]:
        """Those of `wanted`, as `--fail-on` takes them, that are the case."""
        met: set[str] = {one.kind for one in self.findings}
        if any(row.action == "replace" for row in (*self.rows, *self.others)):
            met.add("replaces")
        return [one for one in wanted if one in met]


def report(preview: Preview) -> Report:
    """What a preview says to a reviewer."""
    all_changes = changes(preview)
    above = _Above(preview, all_changes)
    rows = {change.urn.text: above.row(change) for change in all_changes}
    grouped: dict[str, list[Change]] = {}
    for change in all_changes:
        grouped.setdefault(rows[change.urn.text], []).append(change)
    fresh = {row for row in grouped if _is_component(row) and above.action(row) in _WHOLE}
    if preview.first_run:
        fresh |= {row for row, several in grouped.items() if _whole(several)}
    all_findings = tuple(findings(all_changes, rows, fresh))
    turning = {one.subject for one in all_findings if one.kind == "rotates"}
    listed = list(_rows(grouped, above, turning))
    return Report(
        stack=preview.stack,
        failed=preview.failed,
        errors=tuple(preview.errors),
        warnings=tuple(one for one in preview.said if one.severity == "warning"),
        findings=all_findings,
        rows=tuple(row for ours, row in listed if ours),
        others=tuple(row for ours, row in listed if not ours),
        unchanged=_unchanged(preview),
        in_state_alone=sum(change.in_state_alone for change in all_changes),
        refreshed=preview.refreshed,
    )


class _Above:
    """Who is whose parent, as far as the preview tells: what stays the same is not in it."""

    def __init__(self, preview: Preview, all_changes: Iterable[Change]) -> None:
        self._parents = {
            step.urn.text: side.parent
            for step in preview.steps
            for side in (step.old, step.new)
            if side and side.parent
        }
        self._actions = {change.urn.text: change.action for change in all_changes}

    def row(self, change: Change) -> str:
        """The URN of the component of ours that a resource is in, or its own."""
        urn = change.urn.text
        while parent := self._parents.get(urn):
            if _is_component(parent):
                return parent
            urn = parent
        types = change.urn.types
        for depth, type in enumerate(types[:-1], 1):
            if type.startswith(COMPONENTS):  # its children bear its name
                head = change.urn.text.split("::")[:2]
                return "::".join([*head, "$".join(types[:depth]), urn.rpartition("::")[2]])
        return change.urn.text

    def action(self, row: str) -> Action | None:
        return self._actions.get(row)


def _is_component(urn: str) -> bool:
    return urn.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2].startswith(COMPONENTS)


def _whole(several: list[Change]) -> bool:
    return all(change.action in ("create", "import") for change in several)


def _rows(
    grouped: dict[str, list[Change]], above: _Above, turning: set[str]
) -> Iterator[tuple[bool, Row]]:
    for urn, several in grouped.items():
        changed = [c for c in several if not (c.action == "same" or c.in_state_alone)]
        if not changed:
            continue
        children = [c for c in changed if not c.urn.token.startswith(COMPONENTS)]
        named = urn.rpartition("::")[2]
        action: str = above.action(urn) or "update"
        if action not in _WHOLE:
            action = _gravest([c for c in changed if not c.retires], named in turning)
        token = token_of(urn.split("::")[2].rpartition("$")[2])
        type = token.removeprefix(COMPONENTS).rpartition("/")[2]
        ours = any(c.urn.ours for c in changed)
        yield ours, Row(named, type, action, _short(action, children), tuple(children))


def _gravest(several: list[Change], rotates: bool) -> str:
    order = ("other", "drift", "import", "create", "delete", "update", "replace")
    actions = {change.action for change in several}
    if rotates and "replace" not in actions:
        return "rotate"
    if len(actions) > 1 and actions <= {"create", "delete", "import"}:
        return "update"
    return max(actions, key=order.index)


def _short(action: str, several: list[Change]) -> str:
    if action in _WHOLE:
        return ", ".join(dict.fromkeys(noun(change.urn.token) for change in several))
    return "; ".join(dict.fromkeys(_in_short(change) for change in several))


def _in_short(change: Change) -> str:
    label = noun(change.urn.token)
    if change.action in ("create", "delete", "import"):
        return f"{change.action} {label}"
    if change.action == "other":
        return f"{name(change.op)} {label}"
    if change.retires:
        return f"end the {label}"
    label = f"replace {label}" if change.action == "replace" else label
    by_field: dict[str, list[Difference]] = {}
    for difference in change.differences:
        by_field.setdefault(_TOP.split(difference.path, maxsplit=1)[0], []).append(difference)
    if change.action == "replace":  # what follows from it is no news
        chosen = [top for top in by_field if top in change.replaces and top != "name"]
        by_field = {top: by_field[top] for top in chosen or by_field}
    with_values = len(by_field) <= _WITH_VALUES
    fields = [_field(top, several, with_values) for top, several in by_field.items()]
    more = f" and {len(fields) - _FIELDS} more" if len(fields) > _FIELDS else ""
    return f"{label}: {', '.join(fields[:_FIELDS])}{more}" if fields else label


def _field(top: str, several: list[Difference], with_values: bool) -> str:
    if (
        not with_values
        or len(several) > 1
        or any(isinstance(v, (list, dict)) for v in (several[0].old, several[0].new))
    ):
        return name(top)
    (difference,) = several
    if (
        difference.old is None
        or difference.new is None
        or len(shown(difference.old)) + len(shown(difference.new)) > _SHORT
    ):
        return name(difference.path)
    return f"{name(difference.path)} {name(difference.old)} → {name(difference.new)}"


def _unchanged(preview: Preview) -> int:
    """Without the stack itself, which the engine counts as a resource."""
    return max(preview.counts.get("same", 0) - 1, 0)
