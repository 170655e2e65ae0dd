"""An IAM user and the managed policies attached to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients.aws.client import AwsClient, tags
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import ApiError, Blocked, NotOwned
from palette_backup_provider.core.handler import Created, finishing
from palette_backup_provider.core.ownership import (
    HOW_TO_RECOVER,
    demand_ours,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.iam.denied import with_advice
from palette_backup_provider.resources.aws.iam.orphaned_keys import UserKeys, excluding, recorded
from palette_backup_provider.resources.aws.iam.principal import Principal, PrincipalState
from palette_backup_provider.resources.aws.identity import AwsArgs, InAwsAccount
from palette_backup_provider.resources.aws.inits import UserInit
from palette_backup_provider.resources.aws.mark import CARRIER, mark_of, marked


@documented
@dataclass(kw_only=True)
class UserArgs(AwsArgs):
    """An IAM user. Palette acts as this user.

    Tags and policies that others put on the user stay. The user is not deleted while it has unknown
    access keys, or anything else that others gave it.

    Args:
        name: 1 to 64 letters, digits and `+=,.@_-`. Default: made from the resource's name. A
            change replaces the user.
        path: Groups users: begins and ends with `/`, at most 512 characters. Default: the stack's
            `palette:iamPath`, else `/`. A change moves the user in place. Keys and policies go on
            working; the ARN changes.
        permissions_boundary: The ARN of the policy that limits what the user can ever do. Default:
            the stack's `palette:permissionsBoundary`, else none. Changed in place.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags` and `aws:defaultTags`. Changed in place.
        policies: ARNs of the managed policies to attach, in any order. Default: none. Changed in
            place: a policy that leaves the list is detached.
        existing: Whether to use the existing user of that name. It is read, and never changed or
            deleted. A user that this resource made is refused. Default: false.
    """

    name: Input[str] | None = None
    path: Input[str] | None = None
    permissions_boundary: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    policies: Input[Sequence[Input[str]]] | None = None
    existing: Input[bool] | None = None


class UserState(PrincipalState):
    """IAM changes the path of a user in place."""


class UserHandler(InAwsAccount, UsesExisting[AwsClient, UserState]):
    known_as = "name"
    palette_identity = "name"
    patience: ClassVar[Patience] = Patience(30)
    """For a user and policies made a moment ago."""

    def derive(self, want: UserState) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: self._user(want.name).arn(want.path)}

    def observed(self, want: UserState) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: str(self._user(want.name).get_existing()["Arn"])}

    def find_existing(self, want: UserState) -> str:
        return str(self._user(want.name).get_existing()["UserName"])

    def create(self, want: UserState) -> Created[UserState]:
        want = want.with_new_incarnation()
        user = self._user(want.name)
        try:
            user(
                "create_user",
                Path=want.path,
                Tags=marked(want, want.tags),
                **user.limits(want),
            )
        except ApiError as error:
            if error.code != "EntityAlreadyExists":
                raise with_advice(error, f"make the user {want.name}") from None
            self._reclaim(want)
        else:
            with finishing(want.name, want):
                user.attach(want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: UserState) -> UserState:
        user = self._user(id)
        principal = user.get()
        held_by = self.notation.holder(have, mark_of(principal.get("Tags", [])))
        return have.model_copy(update={**user.observed(principal, have), "held_by": held_by})

    def locate(self, id: str) -> Created[UserState]:
        return super().locate(id.rpartition("/")[2])

    def update(self, id: str, have: UserState, want: UserState) -> UserState:
        user = self._user(id)
        if want.path != have.path:
            user("update_user", NewPath=want.path)
        user.apply(have, want)
        return want

    def delete(self, id: str, have: UserState) -> None:
        user = self._user(id)
        tag_set = user.get().get("Tags", [])
        if not still_ours(self, id, have, mark_of(tag_set), f"the user {id}", CARRIER):
            return
        keys = UserKeys(self.client, id)
        listed = keys.list()
        orphaned = keys.orphaned(listed, tags(tag_set))
        if in_use := excluding(listed, orphaned):
            raise Blocked(
                f"The user {id} has access keys: {keys.described(in_use)}. Delete them if nothing "
                f"uses them, and run again."
            )
        attached = user.demand_no_foreign_policies(have)
        keys.delete_orphaned(orphaned)
        user.delete_or_restore(
            attached, "groups, inline policies, a password, MFA devices, SSH keys or the like"
        )

    def _reclaim(self, want: UserState) -> None:
        """Reclaim the object that an interrupted run of this resource made."""
        tag_set = self._user(want.name).get().get("Tags", [])
        what, way_out = f"the user {want.name}", self.use_existing(want, want.name)
        demand_ours(self, want, mark_of(tag_set), what, way_out)
        keys = UserKeys(self.client, want.name)
        listed, notes = keys.list(), tags(tag_set)
        foreign = excluding(listed, recorded(notes) | keys.orphaned(listed, notes))
        if foreign and not self.reclaims_in_use:
            raise NotOwned(
                f"The user {want.name} exists already and has access keys that this stack did not "
                f"make: {keys.described(foreign)}. {way_out} Or delete the "
                f"keys that nothing uses and run `pulumi up` again. {HOW_TO_RECOVER}"
            )
        tell_reclaimed(self, want, mark_of(tag_set), what)
        have = self.read(want.name, want).model_copy(update={"incarnation": ""})
        self.update(want.name, have, want)

    def _user(self, name: str) -> Principal:
        return Principal(self.client, "user", name, self.patience)


class User(UserInit, Resource[UserArgs], handler=UserHandler):
    """An IAM user; its id is its name."""

    name: Output[str]
    path: Output[str]
    permissions_boundary: Output[str | None]
    tags: Output[dict[str, str]]
    policies: Output[list[str]]
    arn: Output[str]
