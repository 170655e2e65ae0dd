"""Where doctor is tried: a stack in a sandbox, with which everything is well until a test spoils
it."""

import stat
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Check, Outcome
from palette_backup_provider.doctor.checks import CHECKS
from palette_backup_provider.doctor.examination import examine, with_needs
from palette_backup_provider.doctor.opening import case_of
from palette_backup_provider.doctor.stack import Recorded, Stack
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.run import Sandbox
from tests.clouds import in_some_folders

NAME = "acme/shop/dev"
OWNER = f"{NAME}/nightly:0a1b2c"
MARK = f"{OWNER}@abc.def"
PLACES = in_some_folders(f"{__package__}.clouds", "place")
"""Where a location can be, by the word of the cloud."""
ANY = next(iter(PLACES))
"""For tests that any cloud will do for."""


class Ward:
    """Settings, a state and a Palette, all of which a test may change."""

    def __init__(self, sandbox: Sandbox, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.sandbox, self.patch, self.folder = sandbox, patch, folder
        for name, value in sandbox.env.items():
            patch.setenv(name, value)
        self.config: dict[str, str] = {}
        self.resources: list[Recorded] = []
        self.changes: dict[str, Any] = {"timeout": 20.0}
        """What differs in the case from what is opened."""
        self.stack: dict[str, Any] = {}
        """What differs in the stack."""
        self._instead: dict[str, Check] = {}
        self.on(ANY)

    def on(self, cloud: str) -> None:
        """Have locations be on that cloud."""
        self.cloud, self.place = cloud, PLACES[cloud].place(self.sandbox.env)

    def case(self) -> Case:
        stack = Stack(
            NAME,
            config=self.config,
            written=frozenset(self.config),
            resources=tuple(self.resources),
            **self.stack,
        )
        found = case_of(stack, "", 20.0)
        for name, value in self.changes.items():
            setattr(found, name, value)
        return found

    def outcomes(self, id: str) -> list[Outcome]:
        """What the check found, and every other that it stands on."""
        checks = [self._instead.get(check.id, check) for check in CHECKS]
        return self.examine(*with_needs([id], checks))

    def examine(self, *checks: Check) -> list[Outcome]:
        return examine(self.case(), checks)

    def replace(self, checks: dict[str, Check]) -> None:
        """Have these asked instead of those of their ids."""
        self._instead |= checks

    @property
    def project(self) -> str:
        """The uid of the project that is set."""
        return self.sandbox.store.projects["Default"]

    def refuse(self, call: str, status: int = 403) -> None:
        """Have Palette refuse a call, as often as it is made."""
        fault = Fault(fault="status", service="palette", call=call, status=status, times=99)
        self.sandbox.conditions.faults.plan([fault])

    def programs(self, folder: Path, *, does: str = "", **says: str) -> None:
        """Have these programs alone on PATH, each with what it prints, and what it does then."""
        for name, text in says.items():
            file = folder / name.replace("_", "-")
            file.write_text(f"#!/bin/sh\necho '{text}'\n{does}\n")
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        self.patch.setenv("PATH", str(folder))

    def location(self, name: str = "nightly", *, in_state: bool = True, mark: str = MARK) -> str:
        """A location that Palette and the state have, on a bucket that is there; its uid."""
        self.place.make()
        metadata = {"name": name, "annotations": {"palette-backup/mark": mark}}
        body = {"metadata": metadata, "spec": {"config": self.place.config()}}
        uid = self.sandbox.store.create(self.project, self.place.kind, body).uid
        if in_state:
            self.record("palette:BackupLocation", uid, **self._state())
        return uid

    def _state(self) -> dict[str, Any]:
        return {
            "name": "nightly",
            "project_uid": self.project,
            "storage": self.place.storage(),
            "palette_validate": False,
            "__made_under": self.sandbox.store.tenant,
            "__owner": OWNER,
            "__lineage": "abc",
            "__incarnation": "def",
        }

    def record(self, token: str, id: str, **props: Any) -> None:
        """Have the state hold a resource."""
        self.resources.append(Recorded(token, id, "nightly", props))
