"""Allow policies as Google Cloud keeps them, of projects and of buckets."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

from palette_backup_provider.sandbox.json import Body

_LOWER_CASE = {"user", "group", "domain"}
"""Members whose addresses are kept in lower case, however they were given."""


@dataclass
class Policy:
    """An allow policy."""

    bindings: list[Body] = field(default_factory=list)
    version: int = 1
    generation: int = 1

    @property
    def etag(self) -> str:
        return base64.b64encode(b"\x08" + self.generation.to_bytes(4, "big")).decode()

    def replace(self, body: Body) -> None:
        self.bindings = [
            {**binding, "members": [_kept(member) for member in binding["members"]]}
            for binding in body.get("bindings", [])
        ]
        self.version = body.get("version", 1)
        self.generation += 1

    def roles(self, member: str) -> Iterator[str]:
        """Those of a member that hold on no condition; conditions are not judged here."""
        for binding in self.bindings:
            named = any(_includes(granted, member) for granted in binding["members"])
            if named and not binding.get("condition"):
                yield binding["role"]


def rename_member(policy: Policy, old: str, new: str) -> None:
    """Have the policy's bindings name another member."""
    for binding in policy.bindings:
        binding["members"] = [new if member == old else member for member in binding["members"]]


def _includes(named: str, member: str) -> bool:
    """Whether what a binding names is the member, or a set that it is in."""
    kind, _, what = named.partition(":")
    if kind == "domain":
        return member.casefold().endswith(f"@{what.casefold()}")
    if kind == "principalSet":
        return member.startswith(f"principal:{what.partition('/attribute')[0].removesuffix('/*')}/")
    return named in (member, "allUsers", "allAuthenticatedUsers")


def _kept(member: str) -> str:
    kind, _, address = member.partition(":")
    return f"{kind}:{address.lower()}" if kind in _LOWER_CASE else member
