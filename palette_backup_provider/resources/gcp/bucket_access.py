"""One role on one bucket for one member."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from pulumi import Input, Output

from palette_backup_provider.clients import gcp
from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.gcp_rest import STORAGE
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import Computed, Owned, Unchangeable, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.gcp import iam_policy
from palette_backup_provider.resources.gcp.bucket_contents import bucket_path
from palette_backup_provider.resources.gcp.denied import explained
from palette_backup_provider.resources.gcp.iam_policy import Policy
from palette_backup_provider.resources.gcp.identity import Identity
from palette_backup_provider.resources.gcp.mark import MARK, mark, owns, still_ours

ROLE_NAME = r"((projects|organizations)/[^/]+/)?roles/[\w.]+"
ID = re.compile(rf"(?P<bucket>[^/]+)/(?P<role>{ROLE_NAME})/(?P<member>.+)")
ROLE = rule(
    ROLE_NAME,
    "a role such as roles/storage.objectAdmin or projects/P/roles/R",
)
MEMBER = rule(
    r"(serviceAccount|user|group|domain|principal|principalSet):\S+",
    "a member such as serviceAccount:EMAIL; a bucket for backups is open to nobody by default",
)
DIGITS = 12
BUCKET_ROLES = ("roles/storage.objectAdmin", "roles/storage.legacyBucketReader")
"""What Palette's credential gets: objects are Velero's business; Palette's own check may want to
look at the bucket itself."""


@dataclass(kw_only=True)
class BucketAccessArgs:
    """One binding in a bucket's allow policy; all others stay, their conditions too.

    A binding has no room for a mark, so a label of the bucket notes that it was made here. One
    that was there before is used as it is, and stays when the resource goes.

    Args:
        bucket: The name of the bucket, one made here or any other. A change replaces the binding.
        role: The role, such as `roles/storage.objectAdmin`, or the name of a custom role. A change
            replaces the binding.
        member: Who gets it, such as `serviceAccount:EMAIL`; the case of an address means nothing to
            Google. A change replaces the binding.
        identity: Whose credentials change the policy. Default: those of the process. A change
            within the project changes nothing in Google Cloud; another project replaces the
            binding.
    """

    bucket: Input[str]
    role: Input[str]
    member: Input[str]
    identity: Input[Identity] | None = None


class State(Owned):
    identity: gcp.Identity | None = None
    bucket: Unchangeable[str]
    role: Unchangeable[Annotated[str, ROLE]]
    member: Unchangeable[Annotated[str, MEMBER]]
    made_here: Annotated[bool, Computed()] = True


class BucketAccessHandler(Handler[GcpClient, State]):
    realm = "Google Cloud project"
    patience: ClassVar[Patience] = Patience(120)
    """For a member made a moment ago, and for others who change the same policy."""

    def whoami(self) -> str:
        return self.client.project()

    def create(self, want: State) -> Created[State]:
        want = want.born()
        there = iam_policy.granted(self._policy(want), want.role, want.member)
        ours = not there or owns(want, self._label(want))
        if ours:  # noted first: a run may end right after
            self._note(want, mark(want))
            self._change(want, lambda p: iam_policy.grant(p, want.role, want.member))
        known = {"made_here": ours}
        return Created(f"{want.bucket}/{want.role}/{want.member}", want.model_copy(update=known))

    def read(self, id: str, have: State) -> State:
        if not have.bucket:
            if not (parts := ID.fullmatch(id)):
                raise NotFound(f"{id} is no binding: expected <bucket>/<role>/<member>.")
            have = have.model_copy(update={"made_under": self.whoami(), **parts.groupdict()})
        if not iam_policy.granted(self._policy(have), have.role, have.member):
            raise NotFound(f"{have.member} no longer has {have.role} on the bucket {have.bucket}.")
        return have

    def update(self, id: str, have: State, want: State) -> State:
        if want.made_here:
            self._note(want, mark(want))
        return want

    def delete(self, id: str, have: State) -> None:
        if not have.made_here:
            return  # it was there before
        note = self._label(have)
        if note is None and not iam_policy.granted(self._policy(have), have.role, have.member):
            return  # taken back already
        if not still_ours(have, note, f"the bucket's label {_note_name(have)}"):
            return  # a later create has taken it over
        self._change(have, lambda p: iam_policy.revoke(p, have.role, have.member))
        self._note(have, None)

    def _change(self, state: State, edit: Callable[[Policy], Policy]) -> None:
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
            raise explained(error, granting) from None

    def _policy(self, state: State) -> Policy:
        path = f"{bucket_path(state.bucket)}/iam"
        version = str(iam_policy.VERSION)
        return self.client.call(STORAGE, "GET", path, optionsRequestedPolicyVersion=version)

    def _label(self, state: State) -> str | None:
        found = self.client.call(STORAGE, "GET", bucket_path(state.bucket)).get("labels", {})
        note: str | None = found.get(_note_name(state))
        return note

    def _note(self, state: State, value: str | None) -> None:
        body: dict[str, Any] = {"labels": {_note_name(state): value}}
        self.client.call(STORAGE, "PATCH", bucket_path(state.bucket), body)


def _note_name(state: State) -> str:
    what = f"{state.role} {iam_policy.folded(state.member)}"
    digits = sha256(what.encode()).hexdigest()[:DIGITS]
    return f"{MARK}-{digits}"


class BucketAccess(Resource[BucketAccessArgs], handler=BucketAccessHandler):
    """A binding in a bucket's allow policy; its id is `<bucket>/<role>/<member>`."""

    bucket: Output[str]
    role: Output[str]
    member: Output[str]
    made_here: Output[bool]
