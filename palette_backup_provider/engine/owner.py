"""Who a resource is, as its mark says: one rule for both adapters.

A program tells the dynamic adapter its organization. Nobody tells a plugin, so there the last run's
organization stays, or config says it. In a URN the types above a resource are named, and their
names are not. Components call what they are made of by their own name, so that is taken for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from palette_backup_provider.engine.properties import LINEAGE, OWNER

PACKAGE = "palette-backup"
"""What the plugin and its schema are called."""
DEFAULT_ORGANIZATION = "organization"
"""The organization where none is told, as on backends of one's own."""
_NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_.-]")
_NATIVE = re.compile(rf"\b{PACKAGE}:(?!index:)(\w+:\w+)")


def owner_of(
    organization: str, project: str, stack: str, name: str, *, above: str, token: str
) -> str:
    """The owner of the resource `name` of the type `token`; `above` is the URN of its parent.

    It is organization, project, stack and name as a person reads them, cut to fit a tag, and a
    hash. The hash is of all of these, uncut, of the resource's type and of the types above it.
    """
    above = _NATIVE.sub(r"pulumi-python:dynamic/\1", above)
    who = (organization, project, stack, name)
    unique = sha256(f"{above}{token}::{'/'.join(who)}".encode()).hexdigest()[:6]
    return f"{shown(*who)}:{unique}"


def shown(*parts: str) -> str:
    """The names in an owner, as a tag can carry them."""
    return "/".join(_NOT_IN_TAGS.sub("-", part)[:50] for part in parts)


@dataclass(frozen=True)
class Urn:
    """The name that the engine gives a resource of the plugin."""

    text: str

    @property
    def token(self) -> str:
        """The type, such as `palette:BackupLocation`."""
        return self._types[-1].partition(":")[2]

    def owner(self, organization: str) -> str:
        """The owner of the resource, in that organization."""
        start, project, _, name = self._parts
        above = "$".join(self._types[:-1])
        stack = start.removeprefix("urn:pulumi:")
        above = f"{start}::{project}::{above}::{name}" if above else ""
        return owner_of(organization, project, stack, name, above=above, token=self.token)

    @property
    def _parts(self) -> list[str]:
        return self.text.split("::", 3)

    @property
    def _types(self) -> list[str]:
        return self._parts[2].split("$")


class Origin:
    """Where the resources of a plugin come from, as their marks say it.

    The lineage is empty in a preview that makes the provider resource: it has no id before the run.
    """

    def __init__(self, organization: str = "", lineage: str = "") -> None:
        self._organization, self._lineage = organization, lineage
        self._before: dict[Urn, Mapping[str, Any]] = {}

    def marked(
        self, urn: Urn, before: Mapping[str, Any], props: Mapping[str, Any]
    ) -> dict[str, Any]:
        """`props` with owner and lineage, unless the program gives them; a lineage that is not
        known yet is left out. `before` are the inputs of the last run, whose organization and
        lineage stay. Of a replacement the engine asks once more, and then without these."""
        before = before or self._before.get(urn, {})
        self._before[urn] = before
        was = str(before.get(OWNER) or "").partition("/")[0]
        organization = self._organization or was or DEFAULT_ORGANIZATION
        owner = props.get(OWNER) or urn.owner(organization)
        lineage = props.get(LINEAGE) or before.get(LINEAGE) or self._lineage
        told = {name: value for name, value in props.items() if name != LINEAGE}
        return {**told, OWNER: owner, **({LINEAGE: lineage} if lineage else {})}
