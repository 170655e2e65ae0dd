"""Arguments that several classes of arguments share."""

from dataclasses import dataclass, fields
from typing import Any

from pulumi import Input


def inherited(kind: type[Any], args: Any) -> dict[str, Any]:
    """The arguments that `args` has of its base class `kind`, as keywords to hand on."""
    return {field.name: getattr(args, field.name) for field in fields(kind)}


@dataclass(kw_only=True)
class RotationArgs:
    """When a credential is replaced, and how long the old credential goes on working.

    Args:
        rotate_after: Days after which the first `pulumi up` makes a new credential and hands it to
            its users, 1 or more. Default: never. Changed in place.
        rotation: Any text; a change makes a new credential now. Default: none.
        retire_after: Hours that the old credential goes on working, 0 to 8760: clusters take up the
            new credential later than Palette does. The first `pulumi up` after that removes the old
            credential; with 0, the next `pulumi up` does. Default: 24.
    """

    rotate_after: Input[int] | None = None
    rotation: Input[str] | None = None
    retire_after: Input[int] | None = None
