"""A user as its handler and its helpers see it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from palette_backup_provider.core.literal import LITERAL
from palette_backup_provider.core.markers import (
    AutoNamed,
    Beside,
    Computed,
    CreateOnly,
    Derived,
    Replaces,
    Secret,
)
from palette_backup_provider.core.model import Prerequisite, matches
from palette_backup_provider.core.rotation.schedule import ROTATIONS, rotations
from palette_backup_provider.resources.minio.identity import MinioState

NAME = matches(r"[A-Za-z0-9+.@_-]{3,64}", "3 to 64 letters, digits and +.@_-")
POLICY = matches(r"[^,\s]+", "the name of a policy has no comma and no blank")


SHORTEST, LONGEST = 8, 40


def fits(secret: str) -> str:
    """`secret`, if MinIO takes it."""
    if not SHORTEST <= len(secret) <= LONGEST:
        raise ValueError(f"has {len(secret)} characters; MinIO takes {SHORTEST} to {LONGEST}")
    return secret


class UserState(MinioState, Prerequisite):
    name: Annotated[str, Replaces(), AutoNamed(64, reaches=False), NAME, Beside()]
    secret_key: Annotated[str | None, Secret(), AfterValidator(lambda s: s and fits(s))] = None
    policies: Annotated[
        list[Annotated[str, LITERAL, POLICY]], AfterValidator(lambda found: sorted(set(found)))
    ] = Field(default_factory=list)
    keys_only: bool = False
    retire_after: Annotated[int, Field(ge=0, le=8760), CreateOnly()] = 24
    status: Annotated[str, Derived()] = "enabled"
    """`enabled`, or `disabled` where another hand disabled the user."""
    access_key_id: Annotated[str, Derived()] = ""
    """The name that the user signs in by."""
    retiring_until: Annotated[str, Derived()] = ""
    """Until when the previous secret goes on working; empty while none was retired."""
    retirements: Annotated[int, Derived()] = Field(alias="__rotations", default=0)
    """How often a secret was retired. In a state by earlier code: whether a secret is retiring."""
    secret_access_key: Annotated[str, Computed(), Secret()] = ""
    """The secret of the user; empty for an existing user."""
    old_secret_key: Annotated[str, Computed(), Secret()] = ""
    """The secret that the server has, instead of `secret_access_key`, until a retirement ends."""
    retired: Annotated[str, Computed()] = ""
    """The name of the user, once a secret of the user was retired."""

    @classmethod
    def upgraded(cls, props: Mapping[str, Any]) -> Mapping[str, Any]:
        return {ROTATIONS: rotations(props), **props}

    def retires(self, have: "UserState") -> bool:
        """Whether the update from `have` begins to retire the secret."""
        return self.retirements != have.retirements
