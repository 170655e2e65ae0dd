"""An IAM role that Palette and the clusters assume: no key, nothing to rotate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.aws import AwsClient, document
from palette_backup_provider.core.errors import ApiError, InTheWay
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Replaces,
)
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.denied import explained
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.mark import (
    demand_ours,
    marked,
    still_ours,
)
from palette_backup_provider.resources.aws.policy_documents import names_nobody, orphans, same, text
from palette_backup_provider.resources.aws.principal import (
    NAME,
    PATH,
    Principal,
    PrincipalState,
)


@dataclass(kw_only=True)
class RoleArgs:
    """An IAM role.

    Tags and policies that others put on the role stay. The role is not deleted while it has
    anything that others gave it.

    Args:
        trust_policy: Who may assume the role; see `aws.trust_policy`. Changed in place.
        existing: Brings the role of that name instead of making one: it is read, and never changed
            or deleted, whatever `trust_policy` says; not one that this very resource made. Default:
            false.
        name: 1 to 64 letters, digits and `+=,.@_-`. Default: made from the resource's name. A
            change replaces the role.
        path: Groups roles: begins and ends with `/`, at most 512 characters. Default: the stack's
            `palette:iamPath`, else `/`. A change replaces the role.
        max_session_hours: How long a session may last, 1 to 12 hours. Default: 12, which Palette
            asks for where clusters outside AWS assume the role. Changed in place.
        permissions_boundary: The ARN of the policy that limits what the role can ever do. Default:
            the stack's `palette:permissionsBoundary`, else none. Changed in place.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags`. Changed in place.
        policies: ARNs of the managed policies to attach, in any order. Default: none. Changed in
            place; one taken off this list is detached.
        identity: Whose credentials make the role. Default: those of the process. A change within
            the account changes nothing in AWS; another account replaces the role.
    """

    trust_policy: Input[Mapping[str, Any]]
    existing: Input[bool] | None = None
    name: Input[str] | None = None
    path: Input[str] | None = None
    max_session_hours: Input[int] | None = None
    permissions_boundary: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    policies: Input[Sequence[Input[str]]] | None = None
    identity: Input[Identity] | None = None


class State(PrincipalState):
    path: Annotated[str, Replaces(), FromSetting("palette:iamPath"), PATH] = "/"
    name: Annotated[str, Replaces(), Named(64), NAME]
    trust_policy: dict[str, Any]
    max_session_hours: int = Field(default=12, ge=1, le=12)
    arn: Annotated[str, Derived()] = ""


class RoleHandler(Handler[AwsClient, State]):
    realm = "AWS account"
    signs_in = "name", "existing_role"
    patience: ClassVar[Patience] = Patience(30)
    """For a role and policies made a moment ago."""

    def whoami(self) -> str:
        return self.client.account()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        def arn() -> str:
            role = self._role(want.name)  # the path of a brought one is its owner's business
            return str(role.brought()["Arn"]) if want.existing else role.arn(want.path)

        return {"arn": arn}

    def bring(self, want: State) -> str:
        return str(self._role(want.name).brought()["RoleName"])

    def create(self, want: State) -> Created[State]:
        want = want.born()
        role = self._role(want.name)
        try:
            self._trusting(
                role,
                "create_role",
                Path=want.path,
                AssumeRolePolicyDocument=text(want.trust_policy),
                MaxSessionDuration=want.max_session_hours * 3600,
                Tags=marked(want, want.tags),
                **role.limits(want),
            )
        except ApiError as error:
            if error.code != "EntityAlreadyExists":
                way = "Have the role made for you and bring it (existing_role)."
                raise explained(error, f"make the role {want.name}", way) from None
            self._adopt(want)
        else:
            role.attach(want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        role = self._role(id)
        found = role.found()
        trust = document(found["AssumeRolePolicyDocument"])
        hours = found.get("MaxSessionDuration", 3600) / 3600
        told = orphans(f"the trust policy of {id}", trust["Statement"])
        if told and not same(trust, have.trust_policy):
            tell(f"{have.logical}: {told}")
        return have.model_copy(
            update={
                **role.observed(found, have),
                "trust_policy": have.trust_policy if same(trust, have.trust_policy) else trust,
                "max_session_hours": hours if hours % 1 else int(hours),
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        role = self._role(id)
        if not same(have.trust_policy, want.trust_policy):
            wanted = text(want.trust_policy)
            self._trusting(role, "update_assume_role_policy", PolicyDocument=wanted)
        if have.max_session_hours != want.max_session_hours:
            role("update_role", MaxSessionDuration=want.max_session_hours * 3600)
        role.settle(have, want)
        return want

    def delete(self, id: str, have: State) -> None:
        role = self._role(id)
        if not still_ours(have, role.found().get("Tags", [])):
            return
        attached = role.attached()
        if others := [arn for arn in attached if arn not in have.policies]:
            raise InTheWay(
                f"The role {id} has policies that others attached: {', '.join(others)}. Detach "
                f"them, and run again."
            )
        role.detach(attached)
        try:
            role.delete()
        except ApiError as error:
            if error.code != "DeleteConflict":
                raise
            role.attach(attached)
            raise InTheWay(
                f"The role {id} has more than was made here (inline policies, instance profiles). "
                f"Remove it, and run again. {error}"
            ) from None

    def _adopt(self, want: State) -> None:
        """Take over what an interrupted run of this very resource made."""
        found = self._role(want.name).found().get("Tags", [])
        bring = f"bring it with existing_role={want.name!r}"
        demand_ours(want, found, f"The role {want.name}", bring)
        have = self.read(want.name, want).model_copy(update={"incarnation": ""})
        if have.path != want.path:
            raise InTheWay(
                f"An earlier run made the role {want.name} with the path {have.path}, and IAM "
                f"cannot change the path of a role. Delete it, and run again."
            )
        self.update(want.name, have, want)

    def _trusting(self, role: Principal, operation: str, **params: Any) -> None:
        self.patience.until(
            partial(role, operation, **params),
            names_nobody,
            f"{role.name}: waiting for AWS IAM to know everyone whom the role trusts",
        )

    def _role(self, name: str) -> Principal:
        return Principal(self.client, "role", name, self.patience)


class Role(Resource[RoleArgs], handler=RoleHandler):
    """An IAM role; its id is its name."""

    name: Output[str]
    path: Output[str]
    trust_policy: Output[dict[str, Any]]
    max_session_hours: Output[int]
    permissions_boundary: Output[str | None]
    tags: Output[dict[str, str]]
    policies: Output[list[str]]
    arn: Output[str]
