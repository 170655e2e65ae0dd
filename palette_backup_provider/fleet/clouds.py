"""What a location can be on: each component, by the name that an inventory gives it."""

import re
from dataclasses import Field, dataclass, fields
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

from palette_backup_provider.components.component import Component, every_component
from palette_backup_provider.core.errors import MissingExtra
from palette_backup_provider.core.markers import Replaces
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.model import fields as marked
from palette_backup_provider.engine.given import args_type_of, nested
from palette_backup_provider.registry import RESOURCES

DISTRIBUTION = "palette-backup-provider"
_OF_EXTRA = re.compile(r"""([\w.-]+).*;.*\bextra\s*==\s*["']([\w-]+)["']""")


@dataclass(frozen=True)
class Thing:
    """A thing that a component makes or uses, such as a bucket."""

    named: str
    """The argument that names one to make."""
    existing: str
    """The argument that names an existing one."""
    within: str
    """The noun of the thing in which its name is unique; empty if the account is that."""


@dataclass(frozen=True)
class Cloud:
    """A component, with what an inventory has to know of it."""

    name: str
    """The component's own, without `BackupLocation`: words in lower case, with hyphens."""
    component: type[Component[Any]]

    @cached_property
    def arguments(self) -> dict[str, Field[Any]]:
        """What it takes."""
        return {field.name: field for field in fields(args_type_of(self.component))}

    @cached_property
    def identity(self) -> type[Any]:
        """The Args of who signs in."""
        (kind,) = nested(self.arguments["identity"].type)
        return kind

    @property
    def family(self) -> str:
        """The extra, and the folder of resources: clouds of one family take one identity."""
        return self.identity.__module__.split(".")[-2]

    @cached_property
    def missing(self) -> str:
        """Which package of the extra is not installed, with what installs it; empty if all are."""
        for line in requires(DISTRIBUTION) or ():
            extra = _OF_EXTRA.match(line)
            if extra and extra[2] == self.family and not _installed(extra[1]):
                return str(MissingExtra(self.family, extra[1]))
        return ""

    @cached_property
    def things(self) -> dict[str, Thing]:
        """All that it makes or uses, by noun."""
        nouns = [name[9:] for name in self.arguments if name.startswith("existing_")]
        return {noun: self._thing(noun, nouns) for noun in nouns}

    def _thing(self, noun: str, nouns: list[str]) -> Thing:
        token = f"{self.family}:{noun.title().replace('_', '')}"
        (kind,) = (kind for kind in RESOURCES if kind.token == token)
        state: type[Model] = kind.handler.state_type
        around = [noun for noun in nouns if noun in marked(state, Replaces)]
        (named,) = {f"{noun}_name", f"{noun}_id"} & self.arguments.keys()
        return Thing(named, f"existing_{noun}", around[-1] if around else "")


@cache
def clouds() -> dict[str, Cloud]:
    """Every cloud by its name."""
    names = {
        re.sub(r"\B([A-Z])", r"-\1", kind.__name__.removesuffix("BackupLocation")).lower(): kind
        for kind in every_component()
    }
    return {name: Cloud(name, names[name]) for name in sorted(names)}


def _installed(distribution: str) -> bool:
    try:
        return bool(version(distribution))
    except PackageNotFoundError:
        return False
