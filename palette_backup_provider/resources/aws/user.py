"""An IAM user and the managed policies attached to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients.aws import AwsClient, tags
from palette_backup_provider.core.errors import ApiError, InTheWay, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER, Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Replaces,
)
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.denied import explained
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.lost_keys import UserKeys, closed, without
from palette_backup_provider.resources.aws.mark import (
    demand_ours,
    marked,
    still_ours,
)
from palette_backup_provider.resources.aws.principal import (
    NAME,
    PATH,
    Principal,
    PrincipalState,
)


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
            or deleted; not one that this very resource made. Default: false.
    """

    name: Input[str] | None = None
    path: Input[str] | None = None
    permissions_boundary: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    policies: Input[Sequence[Input[str]]] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] | None = None


class State(PrincipalState):
    name: Annotated[str, Replaces(), Named(64), NAME]
    path: Annotated[str, FromSetting("palette:iamPath"), PATH] = "/"
    arn: Annotated[str, Derived()] = ""


class UserHandler(Handler[AwsClient, State]):
    realm = "AWS account"
    signs_in = "name", "existing_user"
    patience: ClassVar[Patience] = Patience(30)
    """For a user and policies made a moment ago."""

    def whoami(self) -> str:
        return self.client.account()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        def arn() -> str:
            user = self._user(want.name)  # the path of a brought one is its owner's business
            return str(user.brought()["Arn"]) if want.existing else user.arn(want.path)

        return {"arn": arn}

    def bring(self, want: State) -> str:
        return str(self._user(want.name).brought()["UserName"])

    def create(self, want: State) -> Created[State]:
        want = want.born()
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
                raise explained(error, f"make the user {want.name}") from None
            self._adopt(want)
        else:
            user.attach(want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        user = self._user(id)
        return have.model_copy(update=user.observed(user.found(), have))

    def update(self, id: str, have: State, want: State) -> State:
        user = self._user(id)
        if want.path != have.path:
            user("update_user", NewPath=want.path)
        user.settle(have, want)
        return want

    def delete(self, id: str, have: State) -> None:
        user = self._user(id)
        found = user.found().get("Tags", [])
        if not still_ours(have, found):
            return
        keys, attached = UserKeys(self.client, id), user.attached()
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
        user.detach(attached)
        try:
            user.delete()
        except ApiError as error:
            if error.code != "DeleteConflict":
                raise
            user.attach(attached)
            raise InTheWay(
                f"The user {id} has more than was made here (groups, inline policies, a password, "
                f"MFA devices, SSH keys or the like). Remove it, and run again. {error}"
            ) from None

    def _adopt(self, want: State) -> None:
        """Take over what an interrupted run of this very resource made."""
        found = self._user(want.name).found().get("Tags", [])
        bring = f"bring it with existing_user={want.name!r}"
        demand_ours(want, found, f"The user {want.name}", bring)
        keys = UserKeys(self.client, want.name)
        there, notes = keys.there(), tags(found)
        foreign = without(there, closed(notes) | keys.lost(there, notes))
        if foreign and not self.recovers:
            raise NotOurs(
                f"The user {want.name} exists already and has access keys that this stack did not "
                f"make: {keys.described(foreign)}. To use it as it is, {bring}; else delete those "
                f"that nothing uses and run `pulumi up` again. {HOW_TO_RECOVER}"
            )
        have = self.read(want.name, want).model_copy(update={"incarnation": ""})
        self.update(want.name, have, want)

    def _user(self, name: str) -> Principal:
        return Principal(self.client, "user", name, self.patience)


class User(Resource[UserArgs], handler=UserHandler):
    """An IAM user; its id is its name."""

    name: Output[str]
    path: Output[str]
    permissions_boundary: Output[str | None]
    tags: Output[dict[str, str]]
    policies: Output[list[str]]
    arn: Output[str]
