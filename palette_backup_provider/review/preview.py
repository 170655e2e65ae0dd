"""A preview: what the engine plans for each resource of a stack, and what it says besides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Props = Mapping[str, Any]
STACK = "pulumi:pulumi:Stack"
OURS = "pulumi-python:dynamic/"
PLUGIN = "palette-backup:"
"""What the types begin with that the plugin serves."""
COMPONENTS = f"{PLUGIN}index:"
NOTE = "palette:Lineage"
"""A resource of ours that stands for the state itself: nobody decides anything about it."""


def token_of(type: str) -> str:
    """A type of ours as `service:Type`; a component's, and others, as their package has it."""
    return type if type.startswith(COMPONENTS) else type.removeprefix(OURS).removeprefix(PLUGIN)


def is_ours(type: str) -> bool:
    """Whether a type is of this package."""
    return type.startswith((OURS, PLUGIN))


def is_by_plugin(type: str) -> bool:
    """Whether the plugin serves resources of a type, which then have names as in its schema."""
    return type.startswith(PLUGIN) and not type.startswith(COMPONENTS)


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
        """Its type, as `token_of` has it."""
        return token_of(self.types[-1])

    @property
    def ours(self) -> bool:
        return is_ours(self.types[-1])

    @property
    def by_plugin(self) -> bool:
        return is_by_plugin(self.types[-1])


@dataclass(frozen=True)
class Side:
    """A resource before or after the run."""

    inputs: Props = field(default_factory=dict)
    """Of ours, by the names that they have in Python."""
    parent: str = ""
    id: str = ""
    protect: bool = False
    retained: bool = False
    """Whether a deletion leaves it where it is, by `retain_on_delete`."""
    spelled: Props | None = None
    """The inputs as the program spells them, where it does not spell them as Python does."""

    @property
    def shown(self) -> Props:
        """The inputs as a reader of the program knows them."""
        return self.inputs if self.spelled is None else self.spelled


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
        return [diagnostic for diagnostic in self.said if diagnostic.severity == "error"]

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
