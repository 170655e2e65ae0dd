"""An IAM role that Palette and the clusters assume: no key, nothing to rotate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.aws.client import AwsClient, document
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import ApiError, Blocked
from palette_backup_provider.core.handler import Created, finishing
from palette_backup_provider.core.markers import FromSetting, Replaces
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.iam.denied import with_advice
from palette_backup_provider.resources.aws.iam.policy_text import names_nobody, orphans, same, text
from palette_backup_provider.resources.aws.iam.principal import Principal, PrincipalState
from palette_backup_provider.resources.aws.identity import AwsArgs, InAwsAccount
from palette_backup_provider.resources.aws.inits import RoleInit
from palette_backup_provider.resources.aws.literals import Path, TrustPolicy
from palette_backup_provider.resources.aws.mark import CARRIER, mark_of, marked


@documented
@dataclass(kw_only=True)
class RoleArgs(AwsArgs):
    """An IAM role.

    Tags and policies that others put on the role stay. The role is not deleted while others have
    attached anything to it.

    Args:
        trust_policy: Who may assume the role; see `aws.trust_policy`. Not everyone (`*`) without a
            condition. Changed in place.
        existing: Whether to use the existing role of that name. It is read, and never changed or
            deleted, whatever `trust_policy` says. A role that this resource made is refused.
            Default: false.
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
            `palette:tags` and `aws:defaultTags`. Changed in place.
        policies: ARNs of the managed policies to attach, in any order. Default: none. Changed in
            place: a policy that leaves the list is detached.
    """

    trust_policy: Input[Mapping[str, Any]]
    existing: Input[bool] | None = None
    name: Input[str] | None = None
    path: Input[str] | None = None
    max_session_hours: Input[int] | None = None
    permissions_boundary: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    policies: Input[Sequence[Input[str]]] | None = None


class RoleState(PrincipalState):
    path: Annotated[Path, Replaces(), FromSetting("palette:iamPath")] = "/"
    trust_policy: TrustPolicy
    max_session_hours: int = Field(default=12, ge=1, le=12)


class RoleHandler(InAwsAccount, UsesExisting[AwsClient, RoleState]):
    known_as = "name"
    palette_identity = "name"
    patience: ClassVar[Patience] = Patience(30)
    """For a role and policies made a moment ago."""

    def derive(self, want: RoleState) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: self._role(want.name).arn(want.path)}

    def observed(self, want: RoleState) -> Mapping[str, Callable[[], Any]]:
        principal = cache(self._role(want.name).get_existing)
        return {"path": lambda: str(principal()["Path"]), "arn": lambda: str(principal()["Arn"])}

    def find_existing(self, want: RoleState) -> str:
        return str(self._role(want.name).get_existing()["RoleName"])

    def create(self, want: RoleState) -> Created[RoleState]:
        want = want.with_new_incarnation()
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
                way = "Have the role made for you, and use it as an existing role."
                raise with_advice(error, f"make the role {want.name}", way) from None
            self._reclaim(want)
        else:
            with finishing(want.name, want):
                role.attach(want.policies)
        return Created(want.name, want)

    def read(self, id: str, have: RoleState) -> RoleState:
        role = self._role(id)
        principal = role.get()
        trust = document(principal["AssumeRolePolicyDocument"])
        hours = principal.get("MaxSessionDuration", 3600) / 3600
        warning = orphans(f"the trust policy of {id}", trust["Statement"])
        if warning and not same(trust, have.trust_policy):
            announce(f"{have.logical}: {warning}")
        return have.model_copy(
            update={
                **role.observed(principal, have),
                "held_by": self.notation.holder(have, mark_of(principal.get("Tags", []))),
                "trust_policy": have.trust_policy if same(trust, have.trust_policy) else trust,
                "max_session_hours": hours if hours % 1 else int(hours),
            }
        )

    def locate(self, id: str) -> Created[RoleState]:
        return super().locate(id.rpartition("/")[2])

    def update(self, id: str, have: RoleState, want: RoleState) -> RoleState:
        role = self._role(id)
        if not same(have.trust_policy, want.trust_policy):
            document = text(want.trust_policy)
            self._trusting(role, "update_assume_role_policy", PolicyDocument=document)
        if have.max_session_hours != want.max_session_hours:
            role("update_role", MaxSessionDuration=want.max_session_hours * 3600)
        role.apply(have, want)
        return want

    def delete(self, id: str, have: RoleState) -> None:
        role = self._role(id)
        mark = mark_of(role.get().get("Tags", []))
        if not still_ours(self, id, have, mark, f"the role {id}", CARRIER):
            return
        attached = role.demand_no_foreign_policies(have)
        role.delete_or_restore(attached, "inline policies, instance profiles")

    def _reclaim(self, want: RoleState) -> None:
        """Reclaim the object that an interrupted run of this resource made."""
        mark, what = mark_of(self._role(want.name).get().get("Tags", [])), f"the role {want.name}"
        demand_ours(self, want, mark, what, self.use_existing(want, want.name))
        have = self.read(want.name, want).model_copy(update={"incarnation": ""})
        if have.path != want.path:
            raise Blocked(
                f"An earlier run made the role {want.name} with the path {have.path}, and IAM "
                f"cannot change the path of a role. Delete it, and run again."
            )
        tell_reclaimed(self, want, mark, what)
        self.update(want.name, have, want)

    def _trusting(self, role: Principal, operation: str, **params: Any) -> None:
        self.patience.until(
            partial(role, operation, **params),
            names_nobody,
            f"{role.name}: waiting for AWS IAM to know everyone whom the role trusts",
        )

    def _role(self, name: str) -> Principal:
        return Principal(self.client, "role", name, self.patience)


class Role(RoleInit, Resource[RoleArgs], handler=RoleHandler):
    """An IAM role; its id is its name."""

    name: Output[str]
    path: Output[str]
    trust_policy: Output[dict[str, Any]]
    max_session_hours: Output[int]
    permissions_boundary: Output[str | None]
    tags: Output[dict[str, str]]
    policies: Output[list[str]]
    arn: Output[str]
