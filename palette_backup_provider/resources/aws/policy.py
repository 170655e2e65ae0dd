"""A managed policy. Its id is its ARN."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output
from pydantic import AfterValidator, Field

from palette_backup_provider.clients.aws.client import AwsClient, document
from palette_backup_provider.core.capabilities import UsesExisting
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.handler import Created
from palette_backup_provider.core.markers import (
    AutoNamed,
    Derived,
    FromSetting,
    Replaces,
    Unchangeable,
)
from palette_backup_provider.core.model import Prerequisite, matches
from palette_backup_provider.core.ownership import demand_ours, still_ours, tell_reclaimed
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.iam.policy_text import same, text
from palette_backup_provider.resources.aws.identity import AwsArgs, AwsState, InAwsAccount
from palette_backup_provider.resources.aws.inits import PolicyInit
from palette_backup_provider.resources.aws.literals import Path
from palette_backup_provider.resources.aws.mark import CARRIER, Tags, mark_of, marked, user_tags

KEPT_VERSIONS = 5
LARGEST = 6144
NAME = matches(r"[A-Za-z0-9+=,.@_-]{1,128}", "1 to 128 letters, digits and +=,.@_-")
DESCRIPTION = matches(r"(?s).{0,1000}", "at most 1000 characters")


def _fits(document: dict[str, Any]) -> dict[str, Any]:
    size = len(re.sub(r"\s", "", text(document)))
    if size > LARGEST:
        raise ValueError(f"{size} characters are too many: AWS takes {LARGEST}, blanks not counted")
    if not document.get("Statement"):
        raise ValueError("has no Statement: a policy document needs one")
    return document


@documented
@dataclass(kw_only=True)
class PolicyArgs(AwsArgs):
    """A managed IAM policy.

    AWS keeps five versions of a policy: when a sixth is published, the oldest goes. A policy that
    is still attached to something is not deleted. Tags that others add stay.

    Args:
        existing: Whether to use the existing policy of that path and name, yours or AWS's own. It
            is read, and never changed or deleted, whatever `document` says. Default: false.
        document: The policy document, at most 6144 characters without blanks; see
            `aws.access_policy`. Changed in place, as a new version. The order of keys and lists has
            no meaning.
        name: 1 to 128 letters, digits and `+=,.@_-`. Default: made from the resource's name. A
            change replaces the policy.
        path: Groups policies: begins and ends with `/`, at most 512 characters. Default: the
            stack's `palette:iamPath`, else `/`. A change replaces the policy.
        description: At most 1000 characters. Default: none. A change replaces the policy.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags` and `aws:defaultTags`. Changed in place.
    """

    document: Input[Mapping[str, Any]]
    existing: Input[bool] | None = None
    name: Input[str] | None = None
    path: Input[str] | None = None
    description: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None


class PolicyState(AwsState, Prerequisite):
    path: Annotated[Path, Replaces(), FromSetting("palette:iamPath")] = "/"
    description: Unchangeable[Annotated[str, DESCRIPTION] | None] = None
    name: Annotated[str, Replaces(), AutoNamed(128), NAME]
    document: Annotated[dict[str, Any], AfterValidator(_fits)]
    tags: Tags = Field(default_factory=dict)
    arn: Annotated[str, Derived()] = ""
    """The ARN of the policy."""


class PolicyHandler(InAwsAccount, UsesExisting[AwsClient, PolicyState]):
    known_as = "arn"

    def derive(self, want: PolicyState) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: self._arn(want)}

    def observed(self, want: PolicyState) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: self.find_existing(want)}

    def find_existing(self, want: PolicyState) -> str:
        for owner in (want.made_under, "aws"):
            with suppress(NotFound):
                return str(self._policy(self._arn(want, owner))["Arn"])
        raise NotFound(
            f"There is no policy {want.path}{want.name} in the AWS account {want.made_under}, nor "
            f"among AWS's own, to use. Check the name and the path."
        )

    def create(self, want: PolicyState) -> Created[PolicyState]:
        want = want.with_new_incarnation()
        more = {"Description": want.description} if want.description else {}
        try:
            self.client.call(
                "iam",
                "create_policy",
                PolicyName=want.name,
                Path=want.path,
                PolicyDocument=text(want.document),
                Tags=marked(want, want.tags),
                **more,
            )
        except ApiError as error:
            if error.code != "EntityAlreadyExists":
                raise
            self._reclaim(want)
        return Created(want.arn, want)

    def read(self, id: str, have: PolicyState) -> PolicyState:
        policy = self._policy(id)
        version = self._iam(id, "get_policy_version", VersionId=policy["DefaultVersionId"])
        published = document(version["PolicyVersion"]["Document"])
        tags = user_tags(policy.get("Tags", []))
        if have.name:  # what others added is no drift
            tags = {name: value for name, value in tags.items() if name in have.tags}
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "arn": policy["Arn"],
                "name": policy["PolicyName"],
                "path": policy["Path"],
                "description": policy.get("Description") or None,
                "document": have.document if same(published, have.document) else published,
                "tags": tags,
                "held_by": self.notation.holder(have, mark_of(policy.get("Tags", []))),
            }
        )

    def locate(self, id: str) -> Created[PolicyState]:
        """By its ARN, or by its path and name."""
        if not id.startswith("arn:"):
            account = f"arn:{self.client.partition()}:iam::{self.client.account()}"
            id = f"{account}:policy/{id.lstrip('/')}"
        return super().locate(id)

    def update(self, id: str, have: PolicyState, want: PolicyState) -> PolicyState:
        if not same(have.document, want.document):
            self._publish(id, want)
        if have.tags != want.tags or want.remarks(have):
            self._retag(id, have, want)
        return want

    def delete(self, id: str, have: PolicyState) -> None:
        mark = mark_of(self._policy(id).get("Tags", []))
        if not still_ours(self, id, have, mark, f"the policy {have.name}", CARRIER):
            return
        if attached := list(self._attached(id)):
            raise Blocked(
                f"The policy {have.name} is attached to {', '.join(attached)}, so it is not "
                f"deleted. Detach it there and run again."
            )
        for version in self._spare_versions(id):
            self._drop(id, version)
        self._iam(id, "delete_policy")

    def _arn(self, want: PolicyState, owner: str = "") -> str:
        where = f"arn:{self.client.partition()}:iam::{owner or want.made_under}"
        return f"{where}:policy{want.path}{want.name}"

    def _reclaim(self, want: PolicyState) -> None:
        what, own = f"the policy {want.name}", f"existing=True, name={want.name!r}"
        way_out = self.use_existing(want, want.arn, f"{own}, path={want.path!r}")
        try:
            policy = self._policy(want.arn)
        except NotFound:
            raise NotOwned(
                f"The policy {want.name} exists already, under another path than {want.path}. "
                f"Choose another name, or leave the name out to have one made up."
            ) from None
        mark = mark_of(policy.get("Tags", []))
        demand_ours(self, want, mark, what, way_out)
        tell_reclaimed(self, want, mark, what)
        have = self.read(want.arn, want)
        self._retag(want.arn, have, want)
        if have.document != want.document:
            self._publish(want.arn, want)

    def _publish(self, arn: str, want: PolicyState) -> None:
        """Publish a default version. If there are five, delete the oldest other version first."""
        spare = self._spare_versions(arn)
        for version in spare[: max(0, len(spare) + 2 - KEPT_VERSIONS)]:
            self._drop(arn, version)
        document = text(want.document)
        self._iam(arn, "create_policy_version", PolicyDocument=document, SetAsDefault=True)

    def _spare_versions(self, arn: str) -> list[str]:
        """The versions that are not the default, the oldest first."""
        versions = self._iam(arn, "list_policy_versions")["Versions"]
        spare = [v["VersionId"] for v in versions if not v["IsDefaultVersion"]]
        return sorted(spare, key=lambda version: int(version[1:]))

    def _drop(self, arn: str, version: str) -> None:
        with suppress(NotFound):  # says nothing of the policy itself
            self._iam(arn, "delete_policy_version", VersionId=version)

    def _retag(self, arn: str, have: PolicyState, want: PolicyState) -> None:
        self._iam(arn, "tag_policy", Tags=marked(want, want.tags))
        if gone := sorted(have.tags.keys() - want.tags.keys()):
            self._iam(arn, "untag_policy", TagKeys=gone)

    def _attached(self, arn: str) -> Iterator[str]:
        kinds = {"PolicyUsers": "User", "PolicyGroups": "Group", "PolicyRoles": "Role"}
        more: dict[str, str] = {}
        while True:
            page = self._iam(arn, "list_entities_for_policy", **more)
            for kind, what in kinds.items():
                for entity in page.get(kind, []):
                    yield f"the {what.lower()} {entity[f'{what}Name']}"
            if not page.get("IsTruncated"):
                return
            more = {"Marker": page["Marker"]}

    def _policy(self, arn: str) -> dict[str, Any]:
        policy: dict[str, Any] = self._iam(arn, "get_policy")["Policy"]
        return policy

    def _iam(self, arn: str, operation: str, **params: Any) -> dict[str, Any]:
        return self.client.call("iam", operation, PolicyArn=arn, **params)


class Policy(PolicyInit, Resource[PolicyArgs], handler=PolicyHandler):
    """A managed IAM policy; its id is its ARN."""

    name: Output[str]
    path: Output[str]
    description: Output[str | None]
    document: Output[dict[str, Any]]
    tags: Output[dict[str, str]]
    arn: Output[str]
