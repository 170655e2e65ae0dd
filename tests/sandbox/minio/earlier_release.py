"""Locations of earlier releases on MinIO: Palette has the user's own secret, and gets a key."""

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import access_key
from tests.sandbox.control import Control
from tests.sandbox.crash.checks import in_state
from tests.sandbox.earlier_release import EarlierRelease
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.stack import PAST, Stack

MADE = {"minio:AccessKey", "minio:RetiringSecret"}
"""What a location gets."""


def own_keys(stack: Stack) -> dict[str, tuple[str, str]]:
    """Name and own secret of the users on MinIO that components made, by logical name."""
    urns = [r["urn"] for r in stack.resources() if r["type"].endswith("minio:User")]
    names = [urn.rpartition("::")[2] for urn in urns if "MinioBackupLocation$" in urn]
    users = {name: in_state(stack, "minio:User", name) for name in names}
    return {name: (id, told["secret_access_key"]) for name, (id, told) in users.items()}


class Earlier(EarlierRelease):
    def __init__(self, stack: Stack, sandbox: Sandbox, control: Control) -> None:
        super().__init__(stack, sandbox, control)
        self._minio = MinioInspector(sandbox.env)
        self._own = own_keys(stack)
        assert self._own

    @classmethod
    def spares(cls, line: str) -> bool:
        return "minio" in line.lower()  # a user is given the time for the first time

    def makes(self, type: str, name: str) -> bool:
        return type in MADE and name in self._own

    def says(self) -> list[str]:
        return [f"{name}: others sign in with access keys of the user" for name in self._own]

    def _held(self) -> dict[str, tuple[str, str]]:
        """The keys that Palette has, by the logical names of their locations."""
        return {
            one["name"].rpartition("-")[0]: access_key(one)
            for one in self.control.locations()
            if one["kind"] == "minio"
        }

    def upgraded(self) -> None:
        held = self._held()
        for name, key in self._own.items():
            assert self._minio.keys(key[0]) == [held[name][0]] and self._minio.signs_in(*key)
            self.stack.edit("minio:User", name, retiring_until=PAST)

    def ended(self) -> None:
        held = self._held()
        for name, key in self._own.items():
            assert not self._minio.signs_in(*key) and self._minio.signs_in(*held[name])
