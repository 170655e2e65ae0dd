"""A managed policy. Its id is its ARN."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output
from pydantic import AfterValidator, Field

from palette_backup_provider.clients import aws
from palette_backup_provider.clients.aws import AwsClient, document
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, NotOurs
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Prerequisite,
    Replaces,
    Unchangeable,
    rule,
)
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.mark import (
    Tags,
    demand_ours,
    marked,
    still_ours,
    user_tags,
)
from palette_backup_provider.resources.aws.policy_documents import same, text
from palette_backup_provider.resources.aws.principal import PATH

KEPT_VERSIONS = 5
LARGEST = 6144
NAME = rule(r"[A-Za-z0-9+=,.@_-]{1,128}", "1 to 128 letters, digits and +=,.@_-")
DESCRIPTION = rule(r"(?s).{0,1000}", "at most 1000 characters")


def _fits(wanted: dict[str, Any]) -> dict[str, Any]:
    size = len(re.sub(r"\s", "", text(wanted)))
    if size > LARGEST:
        raise ValueError(f"{size} characters are too many: AWS takes {LARGEST}, blanks not counted")
    if not wanted.get("Statement"):
        raise ValueError("a policy document has a Statement")
    return wanted


@dataclass(kw_only=True)
class PolicyArgs:
    """A managed IAM policy.

    AWS keeps five versions of a policy: when a sixth is published, the oldest goes. A policy that
    is still attached to something is not deleted. Tags that others put on it stay.

    Args:
        existing: Brings the policy of that path and name, yours or AWS's own, instead of making
            one: it is read, and never changed or deleted, whatever `document` says. Default: false.
        document: The policy document, at most 6144 characters without blanks; see
            `aws.access_policy`. Changed in place, as a new version. The order of keys and lists
            means nothing, nor does a list of one.
        name: 1 to 128 letters, digits and `+=,.@_-`. Default: made from the resource's name. A
            change replaces the policy.
        path: Groups policies: begins and ends with `/`, at most 512 characters. Default: the
            stack's `palette:iamPath`, else `/`. A change replaces the policy.
        description: At most 1000 characters. Default: none. A change replaces the policy.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags`. Changed in place.
        identity: Whose credentials make the policy. Default: those of the process. A change within
            the account changes nothing in AWS; another account replaces the policy.
    """

    document: Input[Mapping[str, Any]]
    existing: Input[bool] | None = None
    name: Input[str] | None = None
    path: Input[str] | None = None
    description: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    identity: Input[Identity] | None = None


class State(Prerequisite):
    identity: aws.Identity | None = None
    path: Annotated[str, Replaces(), FromSetting("palette:iamPath"), PATH] = "/"
    description: Unchangeable[Annotated[str, DESCRIPTION] | None] = None
    name: Annotated[str, Replaces(), Named(128), NAME]
    document: Annotated[dict[str, Any], AfterValidator(_fits)]
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    arn: Annotated[str, Derived()] = ""


class PolicyHandler(Handler[AwsClient, State]):
    realm = "AWS account"

    def whoami(self) -> str:
        return self.client.account()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: self.bring(want) if want.existing else self._arn(want)}

    def bring(self, want: State) -> str:
        for owner in (want.made_under, "aws"):
            with suppress(NotFound):
                return str(self._policy(self._arn(want, owner))["Arn"])
        raise NotFound(
            f"There is no policy {want.path}{want.name} in the AWS account {want.made_under}, nor "
            f"among AWS's own, to bring."
        )

    def create(self, want: State) -> Created[State]:
        want = want.born()
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
            self._adopt(want)
        return Created(want.arn, want)

    def read(self, id: str, have: State) -> State:
        found = self._policy(id)
        version = self._iam(id, "get_policy_version", VersionId=found["DefaultVersionId"])
        there = document(version["PolicyVersion"]["Document"])
        given = user_tags(found.get("Tags", []))
        if have.name:  # what others added is no drift
            given = {name: value for name, value in given.items() if name in have.tags}
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "arn": found["Arn"],
                "name": found["PolicyName"],
                "path": found["Path"],
                "description": found.get("Description") or None,
                "document": have.document if same(there, have.document) else there,
                "tags": given,
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if not same(have.document, want.document):
            self._publish(id, want)
        if (have.tags, have.owner) != (want.tags, want.owner):
            self._retag(id, have, want)
        return want

    def delete(self, id: str, have: State) -> None:
        if not still_ours(have, self._policy(id).get("Tags", [])):
            return
        if attached := list(self._attached(id)):
            raise InTheWay(
                f"The policy {have.name} is attached to {', '.join(attached)}, so it is not "
                f"deleted. Detach it there and run again."
            )
        for version in self._spare_versions(id):
            self._drop(id, version)
        self._iam(id, "delete_policy")

    def _arn(self, want: State, owner: str = "") -> str:
        where = f"arn:{self.client.partition()}:iam::{owner or want.made_under}"
        return f"{where}:policy{want.path}{want.name}"

    def _adopt(self, want: State) -> None:
        what, bring = f"The policy {want.name}", f"bring it with existing_policy={want.arn!r}"
        try:
            found = self._policy(want.arn)
        except NotFound:
            raise NotOurs(
                f"{what} exists already, under another path than {want.path}. Choose another name, "
                f"or leave the name out to have one made up."
            ) from None
        demand_ours(want, found.get("Tags", []), what, bring)
        there = self.read(want.arn, want)
        self._retag(want.arn, there, want)
        if there.document != want.document:
            self._publish(want.arn, want)

    def _publish(self, arn: str, want: State) -> None:
        """A new version in force; the oldest that is not makes room for it."""
        spare = self._spare_versions(arn)
        for version in spare[: max(0, len(spare) + 2 - KEPT_VERSIONS)]:
            self._drop(arn, version)
        document = text(want.document)
        self._iam(arn, "create_policy_version", PolicyDocument=document, SetAsDefault=True)

    def _spare_versions(self, arn: str) -> list[str]:
        """The versions not in force, the oldest first."""
        found = self._iam(arn, "list_policy_versions")["Versions"]
        spare = [v["VersionId"] for v in found if not v["IsDefaultVersion"]]
        return sorted(spare, key=lambda version: int(version[1:]))

    def _drop(self, arn: str, version: str) -> None:
        with suppress(NotFound):  # says nothing of the policy itself
            self._iam(arn, "delete_policy_version", VersionId=version)

    def _retag(self, arn: str, have: State, want: State) -> None:
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
        found: dict[str, Any] = self._iam(arn, "get_policy")["Policy"]
        return found

    def _iam(self, arn: str, operation: str, **params: Any) -> dict[str, Any]:
        return self.client.call("iam", operation, PolicyArn=arn, **params)


class Policy(Resource[PolicyArgs], handler=PolicyHandler):
    """A managed IAM policy; its id is its ARN."""

    name: Output[str]
    path: Output[str]
    description: Output[str | None]
    document: Output[dict[str, Any]]
    tags: Output[dict[str, str]]
    arn: Output[str]
