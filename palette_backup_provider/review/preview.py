"""A preview: what the engine plans for each resource of a stack, and what it says besides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Props = Mapping[str, Any]
STACK = "pulumi:pulumi:Stack"
OURS = "pulumi-python:dynamic/"
COMPONENTS = "palette-backup:index:"
NOTE = "palette:Lineage"
"""A resource of ours that stands for the state itself: nobody decides anything about it."""


@dataclass(frozen=True)
class Urn:
    """The name by which the engine knows a resource."""

    text: str

    @cached_property
    def _parts(self) -> list[str]:
        return [*self.text.split("::", 3), "", "", "", ""][:4]

    @property
    def stack(self) -> str:
        return self._parts[0].removeprefix("urn:pulumi:")

    @property
    def project(self) -> str:
        return self._parts[1]

    @property
    def types(self) -> list[str]:
        """The types of the resources above it, and its own last."""
        return self._parts[2].split("$")

    @property
    def name(self) -> str:
        """Its name in the program."""
        return self._parts[3]

    @property
    def token(self) -> str:
        """Its type: of ours as `service:Type`, of others as their package has it."""
        return self.types[-1].removeprefix(OURS)

    @property
    def ours(self) -> bool:
        return self.types[-1].startswith((OURS, COMPONENTS))


@dataclass(frozen=True)
class Side:
    """A resource before or after the run."""

    inputs: Props = field(default_factory=dict)
    parent: str = ""
    id: str = ""
    protect: bool = False
    retained: bool = False
    """Whether a deletion leaves it where it is, by `retain_on_delete`."""


@dataclass(frozen=True)
class Step:
    """One line of the engine's plan."""

    op: str
    """As the engine calls it: create, update, delete, replace, same, refresh and so on."""
    urn: Urn
    old: Side | None = None
    new: Side | None = None
    replaces: tuple[str, ...] = ()
    """The properties for which it is replaced, as the engine tells them."""


@dataclass(frozen=True)
class Said:
    """A message of the engine, of a resource or of a policy."""

    severity: str
    """`error`, `warning` or `info`."""
    text: str
    urn: str = ""


@dataclass(frozen=True)
class Preview:
    """What one file holds."""

    source: str
    """The file's name."""
    steps: tuple[Step, ...] = ()
    said: tuple[Said, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Resources by what happens to them; those that stay the same are only counted."""
    failed: bool = False

    @cached_property
    def errors(self) -> list[Said]:
        return [one for one in self.said if one.severity == "error"]

    @cached_property
    def organization(self) -> str:
        """The organization, where marks tell it and it is a real one."""
        for step in self.steps:
            for side in (step.old, step.new):
                owner = str(side.inputs.get("__owner") or "") if side else ""
                if owner.count("/") >= 3 and not owner.startswith("organization/"):
                    return owner.partition("/")[0]
        return ""

    @cached_property
    def stack(self) -> str:
        """`<organization>/<project>/<stack>`, as far as it is known."""
        urn = next((step.urn for step in self.steps), None)
        parts = [self.organization, urn.project, urn.stack] if urn else []
        return "/".join(part for part in parts if part)

    @cached_property
    def first_run(self) -> bool:
        """Whether the stack is made by this run."""
        return any(s.op == "create" for s in self.steps if s.urn.types[-1] == STACK)

    @cached_property
    def refreshed(self) -> bool:
        """Whether what exists was looked at."""
        return any(step.op == "refresh" for step in self.steps)

    @cached_property
    def only_refreshed(self) -> bool:
        """Whether no program ran: each difference is one between state and what exists."""
        ops = {step.op for step in self.steps if step.urn.types[-1] == STACK}
        return ops == {"refresh"}
