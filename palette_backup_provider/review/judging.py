"""What a reviewer has to decide: what each change means to backups, and to who reaches them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from typing import Literal

from palette_backup_provider.review.changes import Change
from palette_backup_provider.review.moved import moved
from palette_backup_provider.review.rules import Guard
from palette_backup_provider.review.services import rules_of
from palette_backup_provider.review.wording import in_camel, name

Class = Literal["deletes-backups", "weakens-protection", "widens-access", "rotates", "drift"]
Severity = Literal["red", "orange", "blue"]
CLASSES: Mapping[Class, str] = {
    "deletes-backups": "Backups are deleted",
    "weakens-protection": "Protection weakens",
    "widens-access": "Access widens",
    "rotates": "Key rotates",
    "drift": "Changed outside Pulumi",
}
"""In the order in which a comment has them, each with its heading."""
_ORDER: tuple[Class, ...] = tuple(CLASSES)
_SEVERITIES: tuple[Severity, ...] = ("red", "orange", "blue")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_GOES = ("delete", "replace")
_GUARDED = "cannot happen while it holds anything"


@dataclass(frozen=True)
class Finding:
    """One thing to decide."""

    kind: Class
    severity: Severity
    subject: str
    """The component or resource that it is about, by its name in the program."""
    what: str
    """A sentence of `wording`, without its subject."""
    why: str = ""
    proof: str = ""
    """How to prove the opposite, in a sentence; empty where nothing does."""


def findings(changes: Iterable[Change], rows: Mapping[str, str], fresh: set[str]) -> list[Finding]:
    """All findings, the gravest first, and one for several of the same kind and subject.

    `rows` has the component of each URN. `fresh` are the components that are made or deleted as a
    whole: what such a component grants to itself is nothing new to anybody else.
    """
    listed = list(changes)
    by_row: dict[str, list[Change]] = {}
    for change in listed:
        by_row.setdefault(rows[change.urn.text], []).append(change)
    all_findings = [
        each
        for row, several in by_row.items()
        for change in moved(several)
        for each in map(partial(_spelled, change), _of(change, row, fresh))
    ]
    all_findings.sort(
        key=lambda f: (_ORDER.index(f.kind), _SEVERITIES.index(f.severity), f.subject)
    )
    groups = groupby(all_findings, key=lambda f: (f.kind, f.severity, f.subject, f.why))
    return [_together(list(group)) for _, group in groups]


def _spelled(change: Change, finding: Finding) -> Finding:
    """What was found, in the words of the program's language."""
    if not change.urn.by_plugin:
        return finding
    return replace(finding, what=in_camel(finding.what), why=in_camel(finding.why))


def _together(several: list[Finding]) -> Finding:
    first = several[0]
    what = "; ".join(dict.fromkeys(finding.what for finding in several))
    return replace(first, what=what)


def _of(change: Change, row: str, fresh: set[str]) -> Iterator[Finding]:
    if change.old.inputs.get("existing") is True and change.new.inputs.get("existing") is not False:
        return  # its owner's: nothing is done to it
    subject = row.rpartition("::")[2]
    yield from _deletes(change, subject)
    whole = row in fresh and change.action in ("create", "delete", "import")
    if not (whole and change.action == "delete"):
        yield from _weakens(change, subject)
    if change.action == "drift":
        listed = ", ".join(name(d.path) for d in change.differences[:6])
        what = listed if change.new.inputs else "is gone"
        yield Finding(
            "drift", "orange", subject, f"{noun(change.urn.token)}: {what}", "found by the refresh"
        )
    elif not whole:
        yield from _widens(change, subject)
    if whole and change.action != "delete":
        for what in rules_of(change.urn.token).everything(change.new.inputs):
            yield Finding(
                "widens-access", "orange", subject, f"{noun(change.urn.token)} {what}", "is new"
            )
    yield from _rotates(change, subject)


def _deletes(change: Change, subject: str) -> Iterator[Finding]:
    read = rules_of(change.urn.token).holder
    if change.action not in (*_GOES, "other") or read is None:
        return
    held = read(change.old.inputs)
    verb = "is replaced" if change.action == "replace" else "goes"
    thing = f"{held.noun} {name(held.name)}"
    if change.action == "other":
        why = f"this version does not know the operation {name(change.op)}"
        yield Finding("deletes-backups", "orange", subject, f"{thing} may go", why)
        return
    if change.old.retained or held.kept:
        why = "retain_on_delete" if change.old.retained else "replace_with_data='retain'"
        yield Finding("deletes-backups", "blue", subject, f"{thing} is kept, out of state", why)
    elif change.old.protect:
        yield Finding("deletes-backups", "orange", subject, f"{thing} {verb}", "protected: refused")
    elif held.forced:
        why = held.why or f"a {held.noun} goes with all that it holds"
        yield Finding("deletes-backups", "red", subject, f"{thing} with all it holds", why)
    else:
        yield Finding("deletes-backups", "orange", subject, f"{thing} {verb}", _GUARDED)


def _weakens(change: Change, subject: str) -> Iterator[Finding]:
    if change.old.protect and change.new.inputs and not change.new.protect:
        what = f"{noun(change.urn.token)}: {name('protect')} is dropped"
        yield Finding("weakens-protection", "orange", subject, what, "Pulumi may delete it")
    rules = rules_of(change.urn.token)
    if not change.old.inputs or change.action == "same":
        return
    if rules.holder and change.new.inputs:
        had, has = rules.holder(change.old.inputs), rules.holder(change.new.inputs)
        if has.forced and not had.forced:
            what = f"{has.noun}: a deletion will take all that it holds"
            yield Finding("weakens-protection", "orange", subject, what, _by(change))
    old = rules.guards(change.old.inputs)
    if change.new.inputs:
        new = rules.guards(change.new.inputs)
    elif rules.holder or change.action != "delete":
        return  # the backups go, or are gone, too
    else:
        new = {}
    for label, guard in old.items():
        if weaker := _weaker(guard, new.get(label, Guard(0.0, "gone"))):
            what = f"{noun(change.urn.token)}: {label}"
            yield Finding("weakens-protection", "orange", subject, f"{what} {weaker}", _by(change))


def _weaker(old: Guard, new: Guard) -> str:
    if old.strength is None or old == new:
        return ""
    if new.strength is None:
        return f"may weaken: {name(old.says)} → {name(new.says)}" if old.strength > 0 else ""
    return f"{name(old.says)} → {name(new.says)}" if new.strength < old.strength else ""


def _by(change: Change) -> str:
    return "outside Pulumi" if change.action == "drift" else ""


def _widens(change: Change, subject: str) -> Iterator[Finding]:
    rules = rules_of(change.urn.token)
    if change.action == "same" or (change.action == "delete" and rules.holder):
        return
    for what in rules.widens(change.old.inputs, change.new.inputs):
        text = f"{noun(change.urn.token)}: {what}"
        yield Finding("widens-access", "orange", subject, text, "", rules.proof)


def _rotates(change: Change, subject: str) -> Iterator[Finding]:
    called = rules_of(change.urn.token).credential
    old, new = change.old.inputs, change.new.inputs
    if change.retires:
        what = f"the old key {name(old.get('credential_id'))} ends"
        yield Finding("rotates", "blue", subject, what, "its time after the rotation is over")
    elif called and change.action == "replace":
        what = f"{called}: replaced; the old one ends in this run"
        yield Finding("rotates", "orange", subject, what, _reasons(change))
    elif called and change.action == "update" and _turns(old) < _turns(new):
        until = new.get("retiring_until")
        why = f"the old one works until {name(until)}" if until else "the old one ends next"
        yield Finding("rotates", "blue", subject, f"{called}: {_occasion(change)}", why)


def _turns(props: Mapping[str, object]) -> int:
    count = props.get("__rotations")
    return int(count) if isinstance(count, (int, float)) else 0


def _occasion(change: Change) -> str:
    old, new = change.old.inputs, change.new.inputs
    if new.get("rotation") != old.get("rotation"):
        return f"rotation={name(new.get('rotation'))}"
    try:
        days = date.fromisoformat(new["made_on"]) - date.fromisoformat(old["made_on"])
    except (KeyError, TypeError, ValueError):
        return "rotated"
    return f"{days.days} days old, rotate_after={name(new.get('rotate_after'))}"


def _reasons(change: Change) -> str:
    listed = ", ".join(map(name, change.replaces))
    return f"because of {listed}" if listed else ""


def noun(token: str) -> str:
    """What a type is called in a sentence: `AccessKey` is an access key."""
    words = _WORDS.findall(token.rpartition(":")[2])
    return " ".join(word if word.isupper() else word.lower() for word in words) or name(token)
