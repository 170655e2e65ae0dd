"""The locations and credentials that a case is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.core.rotation.credential import Credential
from palette_backup_provider.core.rotation.retired import RetiredCredential
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Finding, skipped
from palette_backup_provider.engine.owner import shown
from palette_backup_provider.engine.properties import load_state
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.resources.palette.backup_location import BackupLocation
from palette_backup_provider.resources.palette.location.answers import mark_of
from palette_backup_provider.resources.palette.location.state import BackupLocationState

AT_MOST = 50
"""How many locations are checked if the user names none."""


@dataclass(frozen=True)
class Located:
    """A location, by what the stack's state or Palette's list has of it."""

    uid: str
    name: str
    state: BackupLocationState | None = None
    """As the stack has it, with its secret; None if the stack does not have it."""
    listed: Any = None
    """Its entry in the list of the scope in question; None if the list does not have it."""
    ours: bool = False
    """Whether the mark says that this stack made it."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Held:
    """A credential of the stack, or what stands for one that a rotation replaced."""

    name: str
    state: Credential | RetiredCredential

    def __str__(self) -> str:
        return self.name


def locations(case: Case) -> Sequence[Located | Finding]:
    """The locations that the user named, else the stack's own, else all of the scope."""
    return _bounded(case, _chosen(case))


def existing(case: Case) -> Sequence[Located | Finding]:
    """The same locations, without those that neither state nor Palette has."""
    return _bounded(
        case, [location for location in _chosen(case) if location.state or location.listed]
    )


def _chosen(case: Case) -> list[Located]:
    located = _known(case)
    if case.locations:
        named = [
            location for location in located if {location.uid, location.name} & set(case.locations)
        ]
        known = {word for location in named for word in (location.uid, location.name)}
        return named + [Located(word, word) for word in case.locations if word not in known]
    own = [location for location in located if location.state or location.ours]
    return own or located


def _bounded(case: Case, located: list[Located]) -> Sequence[Located | Finding]:
    """The first of them, and a word on the others; all where somebody named them."""
    others = len(located) - AT_MOST
    if case.locations or others <= 0:
        return located
    more = f"{others} more {'location is' if others == 1 else 'locations are'} not asked about"
    return [*located[:AT_MOST], skipped(f"{more}, unless --location names them")]


def credentials(case: Case) -> Sequence[Held]:
    """Those of the stack's state."""
    recorded = case.stack.resources if case.stack else ()
    kinds = [(one, handler_of(one.token).state_type) for one in recorded]
    held = [
        Held(one.name, load_state(kind, one.props))
        for one, kind in kinds
        if issubclass(kind, Credential | RetiredCredential)
    ]
    return [one for one in held if isinstance(one.state, Credential) or one.state.credential_id]


def _known(case: Case) -> list[Located]:
    """All that state or Palette knows of."""
    listed = case.palette.locations(case.scope) if case.has_scope else {}
    recorded = case.resources("palette")
    states = {
        one.id: load_state(BackupLocationState, one.props)
        for one in recorded
        if one.token == BackupLocation.token
    }
    located = [
        Located(uid, state.name, state, listed.get(uid), ours=True) for uid, state in states.items()
    ]
    located += [
        Located(uid, item["metadata"]["name"], None, item, _ours(case, item))
        for uid, item in listed.items()
        if uid not in states
    ]
    return sorted(located, key=lambda one: (one.name, one.uid))


def _ours(case: Case, item: Any) -> bool:
    """Whether the mark of a location names the stack."""
    stack = shown(*case.stack.name.split("/")) if case.stack else ""
    return bool(stack) and (mark_of(item) or "").startswith(f"{stack}/")
