"""What Velero needs to snapshot the clusters' disks: a custom role, and its binding in the project.

The role names no bucket, so it is of use only together with access to one.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients import gcp
from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.gcp_rest import IAM, PROJECTS
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Derived, Named, Owned, Replaces, Unchangeable, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp import iam_policy
from palette_backup_provider.resources.gcp.bucket_access import MEMBER
from palette_backup_provider.resources.gcp.denied import explained
from palette_backup_provider.resources.gcp.iam_policy import Policy
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.mark import demand_ours, described, marked, still_ours

ROLE_ID = rule(r"[a-zA-Z0-9_.]{3,64}", "3 to 64 letters, digits, _ and .")
TITLE = "Palette backups: snapshots of disks"
DISABLED = "DISABLED"
"""The launch stage in which a role grants nothing; all others are for people to read."""
ENDING = "marked for deletion"
"""How Google speaks of a role whose id is not free yet."""
PERMISSIONS = (
    "compute.disks.create",
    "compute.disks.createSnapshot",
    "compute.disks.get",
    "compute.projects.get",
    "compute.snapshots.create",
    "compute.snapshots.delete",
    "compute.snapshots.get",
    "compute.snapshots.setLabels",
    "compute.snapshots.useReadOnly",
    "compute.zones.get",
)
"""Those of Velero's own list that are about disks; what it lists for objects, the bucket grants."""


@dataclass(kw_only=True)
class SnapshotAccessArgs:
    """A custom role with what Velero needs for snapshots of disks, given to one member.

    Other bindings of the project stay, their conditions too. A custom role that is deleted can be
    restored for 7 days; made anew in that time, it is restored. Its id is free again 37 days after
    the deletion, and what is made between those two times takes another `role_id`. A role that was
    disabled, by its launch stage, grants nothing; the next `pulumi up` that sees it enables it.

    Args:
        member: Who gets the role, such as `serviceAccount:EMAIL`. A change replaces the role.
        role_id: 3 to 64 letters, digits, `_` and `.`. Default: made from the resource's name. A
            change replaces the role.
        identity: Whose credentials make the role, in the project whose disks are to be snapshot.
            Default: those of the process. A change within the project changes nothing in Google
            Cloud; another project replaces the role.
    """

    member: Input[str]
    role_id: Input[str] | None = None
    identity: Input[Identity] | None = None


class State(Owned):
    identity: gcp.Identity | None = None
    member: Unchangeable[Annotated[str, MEMBER]]
    role_id: Annotated[str, Replaces(), Named(64, "_", "a-z0-9_"), ROLE_ID]
    role: Annotated[str, Derived()] = ""
    permissions: Annotated[list[str], Derived()] = Field(default_factory=list)
    enabled: Annotated[bool, Derived()] = True
    granted: Annotated[bool, Derived()] = True


class SnapshotAccessHandler(Handler[GcpClient, State]):
    realm = "Google Cloud project"
    patience: ClassVar[Patience] = Patience(120)
    """For a member made a moment ago, and for others who change the same policy."""

    def whoami(self) -> str:
        return self.client.project()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "role": lambda: f"projects/{want.made_under}/roles/{want.role_id}",
            "permissions": lambda: list(PERMISSIONS),
            "enabled": lambda: True,
            "granted": lambda: True,
        }

    def create(self, want: State) -> Created[State]:
        want = want.born()
        body = {"roleId": want.role_id, "role": _role(want)}
        path = f"/v1/projects/{want.made_under}/roles"
        try:
            self.client.call(IAM, "POST", path, body)
        except ApiError as error:
            if error.status not in (400, 409) or not self._there(want):
                if ENDING in str(error):
                    raise _not_free(error, want) from None
                raise explained(error, f"make the custom role {want.role_id}") from None
            self._adopt(want)
        self._change(want, iam_policy.grant)
        return Created(want.role, want)

    def read(self, id: str, have: State) -> State:
        if not have.role:
            have = have.model_copy(update={"made_under": self.whoami(), "role": id})
            have = have.model_copy(update={"role_id": id.rpartition("/")[2]})
        found = self._role(have)
        if found.get("deleted"):
            raise NotFound(f"The role {have.role} was deleted.")
        granted = bool(have.member) and iam_policy.granted(
            self._policy(have), have.role, have.member
        )
        there = {
            "permissions": sorted(found.get("includedPermissions", [])),
            "enabled": found.get("stage") != DISABLED,
            "granted": granted,
        }
        return have.model_copy(update=there)

    def update(self, id: str, have: State, want: State) -> State:
        self.client.call(IAM, "PATCH", f"/v1/{want.role}", _role(want))
        self._change(want, iam_policy.grant)
        return want

    def delete(self, id: str, have: State) -> None:
        found = self._there(have)
        live = bool(found) and not found.get("deleted")
        if live and not still_ours(
            have, marked(found.get("description")), "the words in its description"
        ):
            return
        # also of a role that is gone: made anew or restored, it would be granted at once
        self._change(have, iam_policy.revoke)
        if live:
            self.client.call(IAM, "DELETE", f"/v1/{have.role}")

    def _role(self, state: State) -> dict[str, Any]:
        return self.client.call(IAM, "GET", f"/v1/{state.role}")

    def _there(self, state: State) -> dict[str, Any]:
        """The role, deleted or not; empty where Google knows none of that id."""
        with suppress(NotFound):
            return self._role(state)
        return {}

    def _adopt(self, want: State) -> None:
        """Take over what an interrupted run of this very resource made, or restore what it had."""
        found = self._role(want)
        choose = "give this one another role_id"
        demand_ours(want, marked(found.get("description")), f"The role {want.role}", choose)
        if found.get("deleted"):
            self._restore(want)
        self.client.call(IAM, "PATCH", f"/v1/{want.role}", _role(want))

    def _restore(self, want: State) -> None:
        try:
            self.client.call(IAM, "POST", f"/v1/{want.role}:undelete", {})
        except ApiError as error:
            if error.status != 400:
                raise explained(error, f"restore the custom role {want.role_id}") from None
            raise _not_free(error, want) from None

    def _change(self, state: State, edit: Callable[[Policy, str, str], Policy]) -> None:
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
            raise explained(error, doing) from None

    def _policy(self, state: State) -> Policy:
        asked = {"options": {"requestedPolicyVersion": iam_policy.VERSION}}
        path = f"/v1/projects/{state.made_under}:getIamPolicy"
        return self.client.call(PROJECTS, "POST", path, asked)


def _not_free(error: ApiError, want: State) -> ApiError:
    return ApiError(
        f"The role id {want.role_id} is that of a custom role that was deleted more than 7 days "
        f"ago: Google no longer restores it, and frees its id 37 days after the deletion. Give "
        f"this one another role_id until then. With a GcpBackupLocation, leave `snapshots` out and "
        f"declare a gcp.SnapshotAccess with a role_id for its account. {error}",
        status=error.status,
        code=error.code,
    )


def _role(want: State) -> dict[str, Any]:
    return {
        "title": TITLE,
        "description": described(want),
        "includedPermissions": list(want.permissions),
        "stage": "GA",
    }


class SnapshotAccess(Resource[SnapshotAccessArgs], handler=SnapshotAccessHandler):
    """A custom role and its binding; its id is the role's name, `projects/P/roles/R`."""

    member: Output[str]
    role_id: Output[str]
    role: Output[str]
    permissions: Output[Sequence[str]]
    enabled: Output[bool]
    granted: Output[bool]
