"""What Velero needs to snapshot the clusters' disks: a custom role, and its binding in the project.

The role names no bucket, so it is of use only together with access to one.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import IAM, PROJECTS
from palette_backup_provider.core.errors import (
    ANEW,
    ApiError,
    NotFound,
    NotImportable,
)
from palette_backup_provider.core.handler import Created, Handler, finishing
from palette_backup_provider.core.markers import AutoNamed, Derived, Replaces, Unchangeable
from palette_backup_provider.core.model import Owned, matches
from palette_backup_provider.core.ownership import HASHED, demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.iam import custom_role
from palette_backup_provider.resources.gcp.iam import policy as iam_policy
from palette_backup_provider.resources.gcp.iam.denied import with_advice
from palette_backup_provider.resources.gcp.iam.policy import Policy
from palette_backup_provider.resources.gcp.identity import GcpArgs, GcpState, InProject
from palette_backup_provider.resources.gcp.inits import SnapshotAccessInit
from palette_backup_provider.resources.gcp.literals import Member
from palette_backup_provider.resources.gcp.mark import DESCRIPTION, marked

ROLE_ID = matches(r"[a-zA-Z0-9_.]{3,64}", "3 to 64 letters, digits, _ and .")


@documented
@dataclass(kw_only=True)
class SnapshotAccessArgs(GcpArgs):
    """A custom role with what Velero needs for snapshots of disks, given to one member.

    The role is made in the project of `identity`: the disks of that project can be snapshot. Other
    bindings of the project stay, their conditions too. A deleted custom role can be restored for 7
    days, and a new resource with its id restores it. Its id is free again 37 days after the
    deletion. Between these two times, another `role_id` is needed. A role whose launch stage is
    `DISABLED` grants nothing. The next `pulumi up` that sees this enables it.

    Args:
        member: Who gets the role, such as `serviceAccount:EMAIL`. A change replaces the role.
        role_id: 3 to 64 letters, digits, `_` and `.`. Default: made from the resource's name. A
            change replaces the role.
    """

    member: Input[str]
    role_id: Input[str] | None = None


class SnapshotAccessState(GcpState, Owned):
    member: Unchangeable[Member]
    role_id: Annotated[str, Replaces(), AutoNamed(64, "_", "a-z0-9_"), ROLE_ID]
    role: Annotated[str, Derived()] = ""
    """The full name of the role, `projects/P/roles/R`."""
    permissions: Annotated[list[str], Derived()] = Field(default_factory=list)
    """What the role allows."""
    enabled: Annotated[bool, Derived()] = True
    """Whether the role counts; false only where another hand disabled or deleted it."""
    granted: Annotated[bool, Derived()] = True
    """Whether the project's policy gives the role to the member."""


class SnapshotAccessHandler(InProject, Handler[GcpClient, SnapshotAccessState]):
    known_as = "role"
    notation = HASHED
    patience: ClassVar[Patience] = Patience(120)
    """For a member made a moment ago, and for others who change the same policy."""

    def derive(self, want: SnapshotAccessState) -> Mapping[str, Callable[[], Any]]:
        return {
            "role": lambda: f"projects/{want.made_under}/roles/{want.role_id}",
            "permissions": lambda: list(custom_role.PERMISSIONS),
            "enabled": lambda: True,
            "granted": lambda: True,
        }

    def create(self, want: SnapshotAccessState) -> Created[SnapshotAccessState]:
        want = want.with_new_incarnation()
        body = {"roleId": want.role_id, "role": custom_role.body(want, want.permissions)}
        path = f"/v1/projects/{want.made_under}/roles"
        try:
            self.client.call(IAM, "POST", path, body)
        except ApiError as error:
            if error.status not in (400, 409) or not self._there(want):
                if custom_role.ENDING in str(error):
                    raise custom_role.not_free(error, want.role_id) from None
                raise with_advice(error, f"make the custom role {want.role_id}") from None
            self._reclaim(want)
        with finishing(want.role, want):
            self._change(want, iam_policy.grant)
        return Created(want.role, want)

    def read(self, id: str, have: SnapshotAccessState) -> SnapshotAccessState:
        if not have.role:
            have = have.model_copy(update={"made_under": self.whoami(), "role": id})
            have = have.model_copy(update={"role_id": id.rpartition("/")[2]})
        role = self._role(have)
        if role.get("deleted"):
            raise NotFound(f"The role {have.role} was deleted. {ANEW}")
        granted = bool(have.member) and iam_policy.granted(
            self._policy(have), have.role, have.member
        )
        update = {
            "permissions": sorted(role.get("includedPermissions", [])),
            "enabled": role.get("stage") != custom_role.DISABLED,
            "granted": granted,
            "held_by": self.notation.holder(have, marked(role.get("description"))),
        }
        return have.model_copy(update=update)

    def locate(self, id: str) -> Created[SnapshotAccessState]:
        """By the full name of the role, or by its id in the project."""
        role = f"projects/{self.whoami()}/roles/{id.rpartition('/')[2]}"
        if "/" in id and id != role:
            raise NotImportable(
                f"{id} cannot be imported: it is no role in the project {self.whoami()}. Give a "
                f"role of this project, or set gcp:project."
            )
        state = super().locate(role).state
        members = iam_policy.members(self._policy(state), role)
        if len(members) != 1:
            raise NotImportable(
                f"The role {role} cannot be imported: {', '.join(members) or 'nobody'} has it in "
                f"the project, and a gcp.SnapshotAccess is for one member. Declare a new one."
            )
        update = {"member": members[0], "granted": True}
        return Created(role, state.model_copy(update=update))

    def update(
        self, id: str, have: SnapshotAccessState, want: SnapshotAccessState
    ) -> SnapshotAccessState:
        self.client.call(IAM, "PATCH", f"/v1/{want.role}", custom_role.body(want, want.permissions))
        self._change(want, iam_policy.grant)
        return want

    def delete(self, id: str, have: SnapshotAccessState) -> None:
        role = self._there(have)
        live = bool(role) and not role.get("deleted")
        mark, what = marked(role.get("description")), f"the role {have.role}"
        if live and not still_ours(self, id, have, mark, what, DESCRIPTION):
            return
        # even if the role is gone: a new or restored role would be granted at once
        self._change(have, iam_policy.revoke)
        if live:
            self.client.call(IAM, "DELETE", f"/v1/{have.role}")

    def _role(self, state: SnapshotAccessState) -> dict[str, Any]:
        return self.client.call(IAM, "GET", f"/v1/{state.role}")

    def _there(self, state: SnapshotAccessState) -> dict[str, Any]:
        """The role, deleted or not; empty where Google knows none of that id."""
        with suppress(NotFound):
            return self._role(state)
        return {}

    def _reclaim(self, want: SnapshotAccessState) -> None:
        """Reclaim the role that an interrupted run of this resource made, or restore the deleted
        role."""
        role = self._role(want)
        mark, what = marked(role.get("description")), f"the role {want.role}"
        if role.get("deleted") and self.notation.same_resource(want, mark):
            self._restore(want)  # a deleted role is held by no state
        else:
            demand_ours(self, want, mark, what, "Give this one another role_id.")
            tell_reclaimed(self, want, mark, what)
        self.client.call(IAM, "PATCH", f"/v1/{want.role}", custom_role.body(want, want.permissions))

    def _restore(self, want: SnapshotAccessState) -> None:
        try:
            self.client.call(IAM, "POST", f"/v1/{want.role}:undelete", {})
        except ApiError as error:
            if error.status != 400:
                raise with_advice(error, f"restore the custom role {want.role_id}") from None
            raise custom_role.not_free(error, want.role_id) from None

    def _change(
        self, state: SnapshotAccessState, edit: Callable[[Policy, str, str], Policy]
    ) -> None:
        path = f"/v1/projects/{state.made_under}"
        doing = f"change who has the role {state.role}"
        try:
            iam_policy.change(
                lambda: self._policy(state),
                lambda policy: self.client.call(
                    PROJECTS, "POST", f"{path}:setIamPolicy", {"policy": policy}
                ),
                lambda policy: edit(policy, state.role, state.member),
                self.patience,
                f"{state.logical}: waiting to {doing}",
            )
        except ApiError as error:
            raise with_advice(error, doing) from None

    def _policy(self, state: SnapshotAccessState) -> Policy:
        body = {"options": {"requestedPolicyVersion": iam_policy.VERSION}}
        path = f"/v1/projects/{state.made_under}:getIamPolicy"
        return self.client.call(PROJECTS, "POST", path, body)


class SnapshotAccess(
    SnapshotAccessInit, Resource[SnapshotAccessArgs], handler=SnapshotAccessHandler
):
    """A custom role and its binding; its id is the role's name, `projects/P/roles/R`."""

    member: Output[str]
    role_id: Output[str]
    role: Output[str]
    permissions: Output[Sequence[str]]
    enabled: Output[bool]
    granted: Output[bool]
