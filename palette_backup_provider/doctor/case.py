"""What is examined, and what checks find out for the checks that build on them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.stack import Recorded, Stack
from palette_backup_provider.resources.palette.location.scope import scope_uid

TOGETHER = 2.6
"""How many times the time of one check all may take together: of 15 s, two are for the start."""


@dataclass
class Case:
    """The settings, and what a person wants to know about."""

    settings: Settings
    stack: Stack | None = None
    unread: str = ""
    """Why the stack could not be read; empty where it was, or where none is wanted."""
    clouds: tuple[str, ...] = ()
    """The clouds in use."""
    project: str | None = None
    tenant: bool = False
    locations: Sequence[str] = ()
    """Names or uids of the locations to ask about; all without any."""
    timeout: float = 5.0
    """Seconds that one check may take."""
    begun: float = field(default_factory=time.monotonic)
    """When the command began, which has read the stack since."""
    skew: timedelta | None = field(default=None, init=False)
    """How far this machine's clock is ahead of Palette's."""
    red: set[str] = field(default_factory=set, init=False)
    """The ids of the checks that failed so far."""

    @cached_property
    def run(self) -> Run:
        """The clients, one of each kind."""
        return Run(self.settings)

    @property
    def whole(self) -> float:
        """Seconds that all checks may take together."""
        return TOGETHER * self.timeout

    @property
    def left(self) -> float:
        """Seconds of that which are left."""
        return self.begun + self.whole - time.monotonic()

    @property
    def palette(self) -> PaletteClient:
        return self.run.client(PaletteClient)

    @property
    def has_scope(self) -> bool:
        """Whether a project is set, or the tenant is meant."""
        return self.tenant or bool(self.project or self.palette.default_project)

    @property
    def scope(self) -> str:
        """The uid of the project that is asked about, empty for the tenant."""
        return scope_uid(self.palette, "tenant" if self.tenant else None, self.project)

    def resources(self, cloud: str) -> list[Recorded]:
        """Those of a cloud that the stack's state has."""
        recorded = self.stack.resources if self.stack else ()
        return [resource for resource in recorded if resource.cloud == cloud]

    def origins(self, key: Key) -> list[tuple[str, str]]:
        """Every place that sets `key`, in words, and the value there; the first one counts."""
        variables = [(place, self.settings.environment.get(place)) for place in key.variables]
        places = [(f"${name}{self._of_environment(name)}", value) for name, value in variables]
        places.insert(0, (self._of_config(key.name), self.settings.config(key.name)))
        return [(place, value.strip()) for place, value in places if value and value.strip()]

    def origin(self, key: Key) -> str:
        """Where `key` is set, in words; empty if it is nowhere."""
        return next((place for place, _ in self.origins(key)), "")

    def _of_config(self, name: str) -> str:
        if self.stack is None or name in self.stack.written:
            return f"{name} of {self.stack.file if self.stack else 'the stack'}"
        if self.stack.environments:
            return f"{name} of the environment {', '.join(self.stack.environments)}"
        return f"{name} of Pulumi.yaml"

    def _of_environment(self, name: str) -> str:
        if self.stack is None or name not in self.stack.variables:
            return ""
        return f" of the environment {', '.join(self.stack.environments)}"
