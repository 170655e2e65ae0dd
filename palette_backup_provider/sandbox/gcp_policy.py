"""Allow policies as Google Cloud keeps them, of projects and of buckets."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

from palette_backup_provider.sandbox.store import Body


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
        self.bindings, self.version = body.get("bindings", []), body.get("version", 1)
        self.generation += 1

    def roles(self, member: str) -> Iterator[str]:
        """Those of a member that hold on no condition; conditions are not judged here."""
        for binding in self.bindings:
            if member in binding["members"] and not binding.get("condition"):
                yield binding["role"]


def rename_member(policy: Policy, old: str, new: str) -> None:
    """Have the policy's bindings name another member."""
    for binding in policy.bindings:
        binding["members"] = [new if member == old else member for member in binding["members"]]
