"""A policy that names storage which is replaced: the same grant on the new storage is no more."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from palette_backup_provider.review.changes import Change
from palette_backup_provider.review.services import rules_of

_NAMES = ("name", "arn", "resource_id")
"""The properties of ours by which others name a resource."""
_PLAIN = re.compile(r"[A-Za-z0-9._:/-]{3,}")
"""What a name may be: no pattern among them, as a grant on one would reach further."""


def moved(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes of one component, as if the old inputs had named its new storage."""
    listed = list(changes)
    renamed = dict(pair for change in listed for pair in _renamed(change))
    for change in listed:
        yield (
            _with(change, renamed) if renamed and not rules_of(change.urn.token).holder else change
        )


def _renamed(change: Change) -> Iterator[tuple[str, str]]:
    if change.action != "replace" or not rules_of(change.urn.token).holder:
        return
    for name in _NAMES:
        old, new = str(change.old.inputs.get(name)), str(change.new.inputs.get(name))
        if old != new and _PLAIN.fullmatch(old) and _PLAIN.fullmatch(new):
            yield old, new


def _with(change: Change, renamed: dict[str, str]) -> Change:
    longest_first = sorted(renamed, key=len, reverse=True)
    names = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<![A-Za-z0-9-])(?:{names})(?![A-Za-z0-9-])")
    text = pattern.sub(lambda match: renamed[match[0]], json.dumps(dict(change.old.inputs)))
    return replace(change, old=replace(change.old, inputs=json.loads(text)))
