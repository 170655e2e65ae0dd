"""Declares the resource that represents a rotated-out credential until it is revoked.

Pulumi updates a credential before whatever uses it, and deletes last, once all updates succeeded.
So the old credential is ended by a deletion: of a small resource, declared from the first rotation
on, that is replaced when the deadline has passed. If a location could not take the new credential
in time, because Palette was down or refused it, the old one stays until an `up` completes. (With
`--continue-on-error` Pulumi deletes all the same; then `RetiredCredentialHandler` refuses.)
"""

from dataclasses import fields
from typing import Any, ClassVar

from pulumi import Output, Resource, ResourceOptions

from palette_backup_provider.core.model import IDENTITY
from palette_backup_provider.core.rotation.retired import NOTED, NOTED_AFTER, NOTED_UNTIL
from palette_backup_provider.core.rotation.schedule import ROTATIONS
from palette_backup_provider.engine.given import args_type_of


class Rotating:
    """A credential that declares the resource for the credential which a rotation replaced.

    Write `class X(XInit, Rotating, Resource[XArgs], handler=XHandler, retired=RetiringX)`. The
    arguments of `retired` are outputs of the credential, except `identity`.
    """

    retired_type: ClassVar[type[Any]]

    def __init_subclass__(cls, *, retired: type[Any], **others: Any) -> None:
        super().__init_subclass__(**others)
        cls.retired_type = retired

    def _declare_companion(self, name: str, args: Any) -> None:
        kind, outputs = args_type_of(self.retired_type), vars(self)
        arguments = {
            each.name: outputs[each.name] for each in fields(kind) if each.name != IDENTITY
        }
        retired = kind(**arguments, identity=args.identity)
        self.retiring = declare_retired(
            self, name, args, self.retired_type, retired, ends=rotates(args)
        )


def rotates(args: Any) -> bool:
    """Whether the program says when a credential is to be rotated."""
    return args.rotate_after is not None or args.rotation is not None


def rotations(credential: Any) -> Output[int]:
    """How often `credential` was rotated; a preview knows it."""
    count: Output[int] = vars(credential)[ROTATIONS]
    return count


def declare_retired(
    credential: Any,
    name: str,
    args: Any,
    kind: type[Any],
    retired: Any,
    *,
    ends: bool,
    previous: str = "previous",
) -> Output[list[Resource]]:
    """The resource of type `kind` with the arguments `retired`, once `credential` was rotated.

    `args` are those of the credential, and its output `previous` holds the id of the old
    credential. Nothing is declared where the program has no old credential that `ends`. Destroying
    the credential ends both itself and the old one, after its users are gone.
    """
    outputs = vars(credential)
    note = {
        NOTED: outputs[previous],
        NOTED_UNTIL: outputs["retiring_until"],
        NOTED_AFTER: args.retire_after,
    }
    # protect and retain_on_delete would be those of the credential, and would keep every old one
    opts = ResourceOptions(
        parent=credential, deleted_with=credential, protect=False, retain_on_delete=False
    )
    return rotations(credential).apply(
        lambda rotated: [kind(name, retired, opts, noted=note)] if ends and rotated else []
    )
