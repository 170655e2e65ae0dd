"""One role on one bucket for one member."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core.errors import ANEW, ApiError, NotFound, NotImportable
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.markers import Computed, Unchangeable
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import HASHED, still_ours
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp.iam import policy as iam_policy
from palette_backup_provider.resources.gcp.iam.denied import with_advice
from palette_backup_provider.resources.gcp.iam.policy import Policy
from palette_backup_provider.resources.gcp.identity import GcpArgs, GcpState, InProject
from palette_backup_provider.resources.gcp.inits import BucketAccessInit
from palette_backup_provider.resources.gcp.literals import (
    ROLE_NAME,
    AnyBucketName,
    Member,
    RoleName,
)
from palette_backup_provider.resources.gcp.mark import mark
from palette_backup_provider.resources.gcp.storage.contents import bucket_path

ID = re.compile(rf"(?P<bucket>[^/]+)/(?P<role>{ROLE_NAME})/(?P<member>.+)")
DIGITS = 12
BUCKET_ROLES = ("roles/storage.objectAdmin", "roles/storage.legacyBucketReader")
"""What Palette's credential gets: objects are Velero's business; Palette's own check may want to
look at the bucket itself."""


@documented
@dataclass(kw_only=True)
class BucketAccessArgs(GcpArgs):
    """One binding in a bucket's allow policy; all others stay, their conditions too.

    A binding has no room for a mark, so a label of the bucket notes that it was made here. A
    binding that existed before is used as it is, and stays when the resource is deleted.

    Args:
        bucket: The name of the bucket, one made here or any other. A change replaces the binding.
        role: The role, such as `roles/storage.objectAdmin`, or the name of a custom role. A change
            replaces the binding.
        member: Who gets it, such as `serviceAccount:EMAIL`: one account, user, group or identity of
            a workload pool, and neither a domain nor everyone. The case of an address means nothing
            to Google. A change replaces the binding.
    """

    bucket: Input[str]
    role: Input[str]
    member: Input[str]


class BucketAccessState(GcpState, Owned):
    bucket: Unchangeable[AnyBucketName]
    role: Unchangeable[RoleName]
    member: Unchangeable[Member]
    made_here: Annotated[bool, Computed()] = True
    """Whether this resource made the binding. A binding that was there before stays."""


class BucketAccessHandler(InProject, Handler[GcpClient, BucketAccessState]):
    notation = HASHED
    patience: ClassVar[Patience] = Patience(120)
    """For a member made a moment ago, and for others who change the same policy."""

    def create(self, want: BucketAccessState) -> Created[BucketAccessState]:
        want = want.with_new_incarnation()
        granted = iam_policy.granted(self._policy(want), want.role, want.member)
        note = self._label(want) if granted else None
        ours = not granted or self.notation.reclaims(want, note, in_use=self.reclaims_in_use)
        if ours:  # noted first: a run may end right after
            self._note(want, mark(want))
            self._change(want, lambda p: iam_policy.grant(p, want.role, want.member))
        update = {"made_here": ours}
        return Created(f"{want.bucket}/{want.role}/{want.member}", want.model_copy(update=update))

    def read(self, id: str, have: BucketAccessState) -> BucketAccessState:
        if not have.bucket:
            if not (parts := ID.fullmatch(id)):
                raise NotFound(f"{id} is no id of a binding. Check it.")
            have = have.model_copy(update={"made_under": self.whoami(), **parts.groupdict()})
        if not iam_policy.granted(self._policy(have), have.role, have.member):
            raise NotFound(
                f"{have.member} no longer has {have.role} on the bucket {have.bucket}. {ANEW}"
            )
        held_by = self.notation.holder(have, self._label(have)) if have.made_here else None
        return have.model_copy(update={"held_by": held_by})

    def locate(self, id: str) -> Created[BucketAccessState]:
        if not ID.fullmatch(id):
            raise NotImportable(
                f"{id} cannot be imported: it is no id of a binding. Give <bucket>/<role>/<member>."
            )
        return super().locate(id)

    def update(
        self, id: str, have: BucketAccessState, want: BucketAccessState
    ) -> BucketAccessState:
        if want.made_here:
            self._note(want, mark(want))
        return want

    def delete(self, id: str, have: BucketAccessState) -> None:
        if not have.made_here:
            return  # it was there before
        note = self._label(have)
        if note is None and not iam_policy.granted(self._policy(have), have.role, have.member):
            return  # taken back already
        what = f"the role {have.role} of {have.member} on the bucket {have.bucket}"
        if not still_ours(self, id, have, note, what, f"the bucket's label {_note_name(have)}"):
            return
        self._change(have, lambda p: iam_policy.revoke(p, have.role, have.member))
        self._note(have, None)

    def _change(self, state: BucketAccessState, edit: Callable[[Policy], Policy]) -> None:
        path = f"{bucket_path(state.bucket)}/iam"
        granting = f"give {state.member} the role {state.role} on the bucket {state.bucket}"

        try:
            iam_policy.change(
                lambda: self._policy(state),
                lambda policy: self.client.call(STORAGE, "PUT", path, policy),
                edit,
                self.patience,
                f"{state.logical}: waiting to {granting}",
            )
        except ApiError as error:
            raise with_advice(error, granting) from None

    def _policy(self, state: BucketAccessState) -> Policy:
        path = f"{bucket_path(state.bucket)}/iam"
        version = str(iam_policy.VERSION)
        return self.client.call(STORAGE, "GET", path, optionsRequestedPolicyVersion=version)

    def _label(self, state: BucketAccessState) -> str | None:
        labels = self.client.call(STORAGE, "GET", bucket_path(state.bucket)).get("labels", {})
        note: str | None = labels.get(_note_name(state))
        return note

    def _note(self, state: BucketAccessState, value: str | None) -> None:
        body: dict[str, Any] = {"labels": {_note_name(state): value}}
        self.client.call(STORAGE, "PATCH", bucket_path(state.bucket), body)


def _note_name(state: BucketAccessState) -> str:
    what = f"{state.role} {iam_policy.folded(state.member)}"
    digits = sha256(what.encode()).hexdigest()[:DIGITS]
    return f"{MARK}-{digits}"


class BucketAccess(BucketAccessInit, Resource[BucketAccessArgs], handler=BucketAccessHandler):
    """A binding in a bucket's allow policy; its id is `<bucket>/<role>/<member>`."""

    bucket: Output[str]
    role: Output[str]
    member: Output[str]
    made_here: Output[bool]
