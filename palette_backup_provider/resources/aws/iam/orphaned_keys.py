"""The access keys of one user, and those among them that an interrupted run left behind.

A key carries no mark, and AWS shows its secret once. If a run is killed after CreateAccessKey,
nobody can use the key. Therefore a tag of the user notes the intent: `open <time> <existing keys>`
before the call, `made <key> <earlier keys>` after it. A later run deletes a noted key if it was
never used, and if state is known to have another. Only users that this stack made get notes, and
only their keys are deleted.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Any

from palette_backup_provider.clients.aws.client import AwsClient, tag_set, tags
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.rotation.credential import strays
from palette_backup_provider.core.tags import MARK

NOTE = f"{MARK}-key/"
MOMENT = re.compile(r"\d{1,12}")
"""Seconds since the epoch. Any other text was written by somebody else."""
EARLIEST, LATEST = -300, 600
"""Seconds from an open note to its key: AWS accepts a clock that is 5 minutes wrong, and a call
with all its retries is over in 10. A key made later is somebody else's."""


@dataclass(frozen=True)
class Key:
    """An access key, as far as AWS tells."""

    id: str
    made: datetime
    active: bool


Keys = Mapping[str, Key]
Notes = dict[str, str]


def excluding(keys: Keys, ids: Iterable[str]) -> Keys:
    """`keys` without those that have `ids`."""
    return {id: key for id, key in keys.items() if id not in set(ids)}


def recorded(notes: Notes) -> set[str]:
    """The ids of the keys that this stack made, by `notes`."""
    return {*_made(notes)}


def notes_of(state: Owned, notes: Notes) -> Notes:
    """The note of the resource of `state`."""
    return {name: note for name, note in notes.items() if name == _name(state)}


def unfinished(notes: Notes) -> Notes:
    """The notes of runs that ended before they knew the new key."""
    return {name: note for name, note in notes.items() if note.startswith("open ")}


class UserKeys:
    """The access keys of one user and the notes about them."""

    def __init__(self, aws: AwsClient, user: str, clock: Callable[[], float] = time) -> None:
        self._aws, self._user, self._clock = aws, user, clock

    def list(self) -> Keys:
        keys = self._iam("list_access_keys")["AccessKeyMetadata"]
        return {
            key["AccessKeyId"]: Key(
                key["AccessKeyId"], key["CreateDate"], active=key["Status"] == "Active"
            )
            for key in keys
        }

    def tags(self) -> Notes:
        """Every tag of the user: the notes, and the mark of the user."""
        return tags(self._iam("list_user_tags")["Tags"])

    def note_open(self, state: Owned, listed: Keys) -> Notes:
        return self._note(state, " ".join(["open", str(int(self._clock())), *listed]))

    def note_made(self, state: Owned, *ids: str) -> None:
        self._note(state, " ".join(["made", *ids]))

    def forget(self, state: Owned, id: str) -> None:
        """Drop the note that `state` made the key `id`; a note of its successor stays."""
        with suppress(NotFound):
            made = _made(notes_of(state, self.tags()))
            if id in made and (others := [other for other in made if other != id]):
                self.note_made(state, *others)
            elif id in made:
                self._iam("untag_user", TagKeys=[_name(state)])

    def rename(self, have: Owned, want: Owned, id: str) -> None:
        """Move the note to the new name of its resource: the old one may name another key soon."""
        made = _made(notes_of(have, self.tags()))
        if _name(have) != _name(want) and id in made:
            self.note_made(want, *made)
            self._iam("untag_user", TagKeys=[_name(have)])

    def orphaned(self, keys: Keys, notes: Notes) -> set[str]:
        """The keys that nobody can have: a note names them, and they were never used."""
        candidates: set[str] = set()
        for name, note in notes.items():
            match note.split() if name.startswith(NOTE) else []:
                case ["made", *ids]:
                    candidates |= keys.keys() & ids
                case ["open", start, *listed_before] if MOMENT.fullmatch(start):
                    ages = {k.id: k.made.timestamp() - int(start) for k in keys.values()}
                    new = {id for id, age in ages.items() if EARLIEST <= age <= LATEST}
                    new -= set(listed_before)
                    candidates |= new if len(new) == 1 else set()  # one of two is foreign
        return {id for id in candidates if "LastUsedDate" not in self._last_used(id)}

    def delete_orphaned(self, ids: Iterable[str]) -> None:
        for id in ids:
            with suppress(NotFound):
                self.delete(id)
            announce(f"{self._user}: deleted {id}, which an interrupted run had left")

    def delete(self, id: str) -> None:
        self._iam("delete_access_key", AccessKeyId=id)

    def strays(
        self, state: Owned, notes: Notes, keys: Keys, known: set[str], *, told: bool = True
    ) -> str:
        """A warning of active `keys` that no resource of the stack knows; empty if there are
        none."""
        others = recorded(notes) - recorded(notes_of(state, notes))
        unknown = {id: key for id, key in excluding(keys, known | others).items() if key.active}
        whose = f"The user {self._user}"
        return strays(whose, self.described(unknown), told=told) if unknown else ""

    def described(self, keys: Keys) -> str:
        """Each key with its age and its last use, for a person to choose which one to delete."""
        today = datetime.fromtimestamp(self._clock(), UTC)
        return "; ".join(
            f"{key.id} (made {key.made:%Y-%m-%d}, {max((today - key.made).days, 0)} days ago, "
            f"{'' if key.active else 'inactive, '}{_use(self._last_used(key.id))})"
            for key in keys.values()
        )

    def _last_used(self, id: str) -> dict[str, Any]:
        answer = self._aws.call("iam", "get_access_key_last_used", AccessKeyId=id)
        used: dict[str, Any] = answer["AccessKeyLastUsed"]
        return used

    def _note(self, state: Owned, value: str) -> Notes:
        self._iam("tag_user", Tags=tag_set({_name(state): value}))
        return {_name(state): value}

    def _iam(self, operation: str, **params: Any) -> dict[str, Any]:
        return self._aws.call("iam", operation, UserName=self._user, **params)


def _made(notes: Notes) -> list[str]:
    """The ids that notes of finished runs name."""
    all_words = (note.split() for name, note in notes.items() if name.startswith(NOTE))
    return [id for words in all_words if words[:1] == ["made"] for id in words[1:]]


def _name(state: Owned) -> str:
    return NOTE + state.owner.rpartition("/")[2]


def _use(used: dict[str, Any]) -> str:
    if "LastUsedDate" not in used:
        return "never used"
    return f"last used {used['LastUsedDate']:%Y-%m-%d} for {used['ServiceName']}"
