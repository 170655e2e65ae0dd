"""The keys of one service account, and those among them that an interrupted run left behind.

A key carries no mark, and Google shows it once. If a run is killed after making a key, nobody can
use the key. Therefore the description of the account notes the intent, in words after the mark. It
has `<key resource>?<time>` before the call, and `<key resource>=<starts of key ids>` after it. A
later run deletes the key that was made just after an open note, if there is exactly one. Google
does not show when a key was last used. So a key that is noted as made is never deleted as an
orphan: it may be in use. It is deleted with the account. Only accounts that this stack made get
notes, and only their keys are deleted.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Any
from urllib.parse import quote

from palette_backup_provider.clients.gcp.client import GcpClient, project_of
from palette_backup_provider.clients.gcp.rest import IAM
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.rotation.credential import strays
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.gcp.mark import marked

OPEN, MADE = "?", "="
MOMENT = re.compile(r"\d{1,12}")
"""Seconds since the epoch. Any other text was written by somebody else."""
EARLIEST, LATEST = -300, 600
"""Seconds from an open note to its key: clocks differ, and calls with all their retries take time.
A key made later is somebody else's."""
SHOWN = 10
"""Digits of a key's id in a note: a description has room for 256 characters."""
FOREVER = "9999"
NOTE = re.compile(r"([0-9a-f]{6}[?=])([0-9a-f,]+)")
NOTES = threading.Lock()
"""Notes are read, changed and written back: by one thread at a time."""

Notes = dict[str, str]
"""By the resource of the key with OPEN or MADE: what follows."""


@dataclass(frozen=True)
class Key:
    """A key that a person or program holds, as far as Google tells."""

    id: str
    made: datetime
    ends: str
    enabled: bool


Keys = Mapping[str, Key]


def account_path(email: str) -> str:
    """The service account in the paths of the IAM API."""
    return f"/v1/projects/{quote(project_of(email))}/serviceAccounts/{quote(email)}"


def excluding(keys: Keys, ids: Iterable[str]) -> Keys:
    """`keys` without those that have `ids`."""
    return {id: key for id, key in keys.items() if id not in set(ids)}


def notes_of(state: Owned, notes: Notes) -> Notes:
    """The notes of the resource of `state`."""
    return {name: note for name, note in notes.items() if name[:-1] == _name(state)}


def expiry(key: Mapping[str, Any]) -> str | None:
    """When Google ends the key, None for never."""
    ends = str(key.get("validBeforeTime", FOREVER))
    return None if ends.startswith(FOREVER) else ends


class AccountKeys:
    """The keys of one service account and the notes about them."""

    def __init__(self, client: GcpClient, email: str, clock: Callable[[], float] = time) -> None:
        self._client, self.email, self._clock = client, email, clock
        self.path = account_path(email)

    def list(self) -> Keys:
        """The keys that were made for a person or program, without Google's own."""
        answer = self._client.call(IAM, "GET", f"{self.path}/keys", keyTypes="USER_MANAGED")
        keys = (_read(key) for key in answer.get("keys", []))
        return {key.id: key for key in keys}

    def mark(self) -> str | None:
        """The mark of the account."""
        return marked(self._description())

    def notes(self) -> Notes:
        """The notes in the description."""
        return _notes(self._description())

    def note_open(self, state: Owned, listed: Keys) -> None:
        """Note recent keys too: a later run must not mistake them for the key to be made."""
        now = int(self._clock())
        recent = [k.id[:SHOWN] for k in listed.values() if k.made.timestamp() > now + EARLIEST]
        self._write(lambda _: {_name(state) + OPEN: ",".join([str(now), *recent])})

    def note_made(self, state: Owned, id: str) -> None:
        """Earlier keys stay noted: an earlier key may be in use until it is replaced, or be an
        orphan."""
        entry = _name(state) + MADE
        self._write(
            lambda notes: {
                entry: ",".join([*_ids(notes, entry), id[:SHOWN]]),
                _name(state) + OPEN: "",
            }
        )

    def forget(self, id: str) -> None:
        """Drop the note about the key `id`, whichever resource made it."""

        def without_it(notes: Notes) -> Notes:
            return {
                entry: ",".join(key for key in _ids(notes, entry) if key != id[:SHOWN])
                for entry in notes
                if entry.endswith(MADE) and id[:SHOWN] in _ids(notes, entry)
            }

        if without_it(self.notes()):
            self._write(without_it)

    def rename(self, have: Owned, want: Owned) -> None:
        """Move the notes to the new name of their resource: another may bear the old one soon."""
        old, new = _name(have) + MADE, _name(want) + MADE
        if old != new and old in self.notes():
            self._write(lambda notes: {old: "", new: notes[old]})

    def recorded(self, keys: Keys, notes: Notes) -> set[str]:
        """The ids of the keys that this stack made, by `notes`."""
        starts = {id for name in notes if name.endswith(MADE) for id in _ids(notes, name)}
        return {id for id in keys if id[:SHOWN] in starts}

    def orphaned(self, keys: Keys, notes: Notes) -> set[str]:
        """The keys that nobody can have: made just after an open note of `notes`, and not
        recorded."""
        candidates: set[str] = set()
        recorded = self.recorded(keys, self.notes())
        for name, note in notes.items():
            start, *listed_before = note.split(",")
            if not (name.endswith(OPEN) and MOMENT.fullmatch(start)):
                continue
            ages = {k.id: k.made.timestamp() - int(start) for k in keys.values()}
            new = {id for id, age in ages.items() if EARLIEST <= age <= LATEST} - recorded
            new = {id for id in new if id[:SHOWN] not in listed_before}
            candidates |= new if len(new) == 1 else set()  # one of two is foreign
        return candidates

    def delete_orphaned(self, ids: Iterable[str]) -> None:
        for id in ids:
            with suppress(NotFound):
                self.delete(id)
            announce(f"{self.email}: deleted the key {id}, which an interrupted run had left")

    def strays(
        self, state: Owned, notes: Notes, keys: Keys, known: set[str], *, told: bool = True
    ) -> str:
        """A warning of enabled `keys` that no resource of the stack knows; empty if there are
        none."""
        others = {name: note for name, note in notes.items() if name not in notes_of(state, notes)}
        left = excluding(keys, known | self.recorded(keys, others))
        unknown = {id: key for id, key in left.items() if key.enabled}
        whose = f"The service account {self.email}"
        return strays(whose, self.described(unknown), told=told) if unknown else ""

    def delete(self, id: str) -> None:
        self._client.call(IAM, "DELETE", f"{self.path}/keys/{id}")

    def revoke(self, id: str) -> None:
        """Delete the key and forget it."""
        with suppress(NotFound):
            self.delete(id)
        self.forget(id)

    def described(self, keys: Keys) -> str:
        """Each key with its age, for a person to choose which one to delete."""
        today = datetime.fromtimestamp(self._clock(), UTC)
        return "; ".join(
            f"{key.id} (made {key.made:%Y-%m-%d}, {max((today - key.made).days, 0)} days ago"
            f"{'' if key.enabled else ', disabled'})"
            for key in keys.values()
        )

    def _description(self) -> str:
        account = self._client.call(IAM, "GET", self.path)
        return str(account.get("description", ""))

    def _write(self, changes: Callable[[Notes], Notes]) -> None:
        with NOTES:
            description = self._description()
            notes = _notes(description)
            words = [f"{name}{note}" for name, note in {**notes, **changes(notes)}.items() if note]
            mark = marked(description) or ""
            body = {
                "serviceAccount": {"description": " ".join([MARK, mark, *words])},
                "updateMask": "description",
            }
            self._client.call(IAM, "PATCH", self.path, body)


def _notes(description: str) -> Notes:
    words = (NOTE.fullmatch(word) for word in description.split())
    return {note[1]: note[2] for note in words if note}


def _ids(notes: Notes, name: str) -> Sequence[str]:
    return [id for id in notes.get(name, "").split(",") if id]


def _read(key: Mapping[str, Any]) -> Key:
    return Key(
        key["name"].rpartition("/")[2],
        datetime.fromisoformat(key["validAfterTime"]),
        str(key.get("validBeforeTime", FOREVER)),
        enabled=not key.get("disabled", False),
    )


def _name(state: Owned) -> str:
    return state.owner.rpartition(":")[2]
