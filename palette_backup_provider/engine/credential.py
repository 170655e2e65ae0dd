"""What stands beside a credential in the program for the one that a rotation replaced.

Pulumi updates a credential before whatever uses it, and deletes last, once all updates succeeded.
So the old credential is ended by a deletion: of a small resource that is replaced when the
deadline has passed. If a location could not take the new credential in time, because Palette was
down or refused it, the old one stays until an `up` completes. (With `--continue-on-error` Pulumi
deletes all the same; then `RetiringHandler` refuses.)
"""

from dataclasses import dataclass
from typing import Any

from pulumi import Output, ResourceOptions


@dataclass(frozen=True)
class Old:
    """How to declare what stands for the old credential."""

    id: Output[str]
    """The old credential's id; empty before a rotation."""
    until: Output[str]
    """Until when it goes on working; empty before a rotation and after the deadline."""
    opts: ResourceOptions


def old(credential: Any, args: Any) -> Old | None:
    """None where the program never rotates `credential`.

    Destroying the credential ends both itself and the old one, after its users are gone.
    """
    if args.rotate_after is None and args.rotation is None:
        return None
    # protect and retain_on_delete would be the credential's, and would keep every old one
    opts = ResourceOptions(
        parent=credential, deleted_with=credential, protect=False, retain_on_delete=False
    )
    return Old(credential.previous, credential.retiring_until, opts)
