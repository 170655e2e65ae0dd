"""An IAM user and the managed policies attached to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import AfterValidator, Field

from palette_backup_provider.clients import aws
from palette_backup_provider.clients.aws import AwsClient, tags
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, NotOurs
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Prerequisite,
    Replaces,
    rule,
)
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.denied import explained
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.lost_keys import UserKeys, closed, without
from palette_backup_provider.resources.aws.mark import (
    Tags,
    demand_ours,
    marked,
    still_ours,
    user_tags,
)

NAME = rule(r"[A-Za-z0-9+=,.@_-]{1,64}", "1 to 64 letters, digits and +=,.@_-")
PATH = rule(r"/|/[\x21-\x7f]{1,510}/", "it begins and ends with /, without spaces, at most 512")
PolicyArn = Annotated[
    str, rule(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/.+", "the ARN of a managed policy")
]


@dataclass(kw_only=True)
class UserArgs:
    """An IAM user, the one that Palette acts as.

    Tags and policies that others put on the user stay. The user is not deleted while it has access
    keys that this stack does not know, or anything else that others gave it.

    Args:
        name: 1 to 64 letters, digits and `+=,.@_-`. Default: made from the resource's name. A
            change replaces the user.
        path: Groups users: begins and ends with `/`, at most 512 characters. Default: the stack's
            `palette:iamPath`, else `/`. A change moves the user in place: keys and policies go on
            working, only the ARN is another.
        permissions_boundary: The ARN of the policy that limits what the user can ever do. Default:
            the stack's `palette:permissionsBoundary`, else none. Changed in place.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags`. Changed in place.
        policies: ARNs of the managed policies to attach, in any order. Default: none. Changed in
            place; one taken off this list is detached.
        identity: Whose credentials make the user. Default: those of the process. A change within
            the account changes nothing in AWS; another account replaces the user.
        existing: Brings the user of that name instead of making one: it is read, and never changed
            or deleted. Default: false.
    """

    name: Input[str] | None = None
    path: Input[str] | None = None
    permissions_boundary: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    policies: Input[Sequence[Input[str]]] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(Prerequisite):
    identity: aws.Identity | None = None
    name: Annotated[str, Replaces(), Named(64), NAME]
    path: Annotated[str, FromSetting("palette:iamPath"), PATH] = "/"
    permissions_boundary: Annotated[
        PolicyArn | None, FromSetting("palette:permissionsBoundary")
    ] = None
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    policies: Annotated[list[PolicyArn], AfterValidator(lambda found: sorted(set(found)))] = Field(
        default_factory=list
    )
    arn: Annotated[str, Derived()] = ""


class UserHandler(Handler[AwsClient, State]):
    realm = "AWS account"
    patience: ClassVar[Patience] = Patience(30)
    """For a user and policies made a moment ago."""

    def whoami(self) -> str:
        return self.client.account()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        def arn() -> str:
            if want.existing:  # its path is its owner's business
                return str(self._brought(want)["Arn"])
            there = f"arn:{self.client.partition()}:iam::{want.made_under}"
            return f"{there}:user{want.path}{want.name}"

        return {"arn": arn}

    def bring(self, want: State) -> str:
        return str(self._brought(want)["UserName"])

    def create(self, want: State) -> Created[State]:
        want = want.born()
        boundary = want.permissions_boundary
        limits = {"PermissionsBoundary": boundary} if boundary else {}
        try:
            self._iam(
                want.name, "create_user", Path=want.path, Tags=marked(want, want.tags), **limits
            )
        except ApiError as error:
            if error.code != "EntityAlreadyExists":
                raise explained(error, f"make the user {want.name}") from None
            self._adopt(want)
        else:
            self._attach(want.name, want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        found = self._iam(id, "get_user")["User"]
        attached = self._attached(id)
        given = user_tags(found.get("Tags", []))
        if have.name:  # what others added is no drift
            attached = [arn for arn in attached if arn in have.policies]
            given = {name: value for name, value in given.items() if name in have.tags}
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": found["UserName"],
                "path": found["Path"],
                "permissions_boundary": _boundary(found),
                "tags": given,
                "policies": attached,
                "arn": found["Arn"],
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if want.path != have.path:
            self._iam(id, "update_user", NewPath=want.path)
        if want.permissions_boundary != have.permissions_boundary:
            self._limit(id, want.permissions_boundary)
        if unwanted := [name for name in have.tags if name not in want.tags]:
            self._iam(id, "untag_user", TagKeys=unwanted)
        if want.tags != have.tags or want.mark != have.mark:
            self._iam(id, "tag_user", Tags=marked(want, want.tags))
        self._attach(id, [arn for arn in want.policies if arn not in have.policies])
        self._detach(id, [arn for arn in have.policies if arn not in want.policies])
        return want

    def delete(self, id: str, have: State) -> None:
        found = self._iam(id, "get_user")["User"].get("Tags", [])
        if not still_ours(have, found):
            return
        keys, attached = UserKeys(self.client, id), self._attached(id)
        there = keys.there()
        lost = keys.lost(there, tags(found))
        if alive := without(there, lost):
            raise InTheWay(
                f"The user {id} has access keys: {keys.described(alive)}. Delete them if nothing "
                f"uses them, and run again."
            )
        if others := [arn for arn in attached if arn not in have.policies]:
            raise InTheWay(
                f"The user {id} has policies that others attached: {', '.join(others)}. Detach "
                f"them, and run again."
            )
        keys.delete_lost(lost)
        self._detach(id, attached)
        try:
            self._iam(id, "delete_user")
        except ApiError as error:
            if error.code != "DeleteConflict":
                raise
            self._attach(id, attached)
            raise InTheWay(
                f"The user {id} has more than was made here (groups, inline policies, a password, "
                f"MFA devices, SSH keys or the like). Remove it, and run again. {error}"
            ) from None

    def _brought(self, want: State) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._iam(want.name, "get_user")["User"]
        except NotFound:
            raise NotFound(
                f"There is no user {want.name} in the AWS account {self.whoami()}. Check the name, "
                f"and whether the credentials are of the account that the user is in."
            ) from None
        return found

    def _adopt(self, want: State) -> None:
        """Take over what an interrupted run of this very resource made."""
        found = self._iam(want.name, "get_user")["User"].get("Tags", [])
        bring = f"bring it with existing_user={want.name!r}"
        demand_ours(want, found, f"The user {want.name}", bring)
        keys = UserKeys(self.client, want.name)
        there, notes = keys.there(), tags(found)
        if foreign := without(there, closed(notes) | keys.lost(there, notes)):
            raise NotOurs(
                f"The user {want.name} exists already and has access keys that this stack did not "
                f"make: {keys.described(foreign)}. To use it as it is, {bring}; else delete those "
                f"that nothing uses and run `pulumi up` again."
            )
        have = self.read(want.name, want).model_copy(update={"incarnation": ""})
        self.update(want.name, have, want)

    def _limit(self, user: str, boundary: str | None) -> None:
        if boundary:
            self._iam(user, "put_user_permissions_boundary", PermissionsBoundary=boundary)
        else:
            self._iam(user, "delete_user_permissions_boundary")

    def _attach(self, user: str, policies: Iterable[str]) -> None:
        for arn in policies:
            self.patience.until(
                partial(self._iam, user, "attach_user_policy", PolicyArn=arn),
                lambda e: isinstance(e, NotFound),
                f"{user}: waiting for AWS IAM to know the user and the policy {arn}",
            )

    def _detach(self, user: str, policies: Iterable[str]) -> None:
        for arn in policies:
            with suppress(NotFound):
                self._iam(user, "detach_user_policy", PolicyArn=arn)

    def _attached(self, user: str) -> list[str]:
        found = self._iam(user, "list_attached_user_policies")["AttachedPolicies"]
        return sorted(policy["PolicyArn"] for policy in found)

    def _iam(self, user: str, operation: str, **params: Any) -> dict[str, Any]:
        return self.client.call("iam", operation, UserName=user, **params)


def _boundary(found: dict[str, Any]) -> str | None:
    arn: str | None = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return arn


class User(Resource[UserArgs], handler=UserHandler):
    """An IAM user; its id is its name."""

    name: Output[str]
    path: Output[str]
    permissions_boundary: Output[str | None]
    tags: Output[dict[str, str]]
    policies: Output[list[str]]
    arn: Output[str]
