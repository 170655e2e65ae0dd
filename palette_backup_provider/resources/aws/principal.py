"""What IAM users and roles have in common: policies, a boundary and tags."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from palette_backup_provider.clients import aws
from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.model import FromSetting, Prerequisite, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.aws.mark import Tags, marked, user_tags

NAME = rule(r"[A-Za-z0-9+=,.@_-]{1,64}", "1 to 64 letters, digits and +=,.@_-")
PATH = rule(r"/|/[\x21-\x7f]{1,510}/", "it begins and ends with /, without spaces, at most 512")
JUST_GONE = ("must detach all policies first", "must delete access keys first")
"""How a DeleteConflict speaks of what is removed before a principal; of others it speaks too."""
PolicyArn = Annotated[
    str, rule(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/.+", "the ARN of a managed policy")
]


class PrincipalState(Prerequisite):
    """What users and roles have in common; each adds its name, path and ARN."""

    identity: aws.Identity | None = None
    permissions_boundary: Annotated[
        PolicyArn | None, FromSetting("palette:permissionsBoundary")
    ] = None
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    policies: Annotated[list[PolicyArn], AfterValidator(lambda found: sorted(set(found)))] = Field(
        default_factory=list
    )


@dataclass(frozen=True)
class Principal:
    """One user or role."""

    client: AwsClient
    kind: Literal["user", "role"]
    name: str
    patience: Patience
    """For a principal and policies made a moment ago."""

    def __call__(self, operation: str, **params: Any) -> dict[str, Any]:
        named = {f"{self.kind.title()}Name": self.name}
        return self.client.call("iam", operation, **named, **params)

    def found(self) -> dict[str, Any]:
        """The principal as IAM has it."""
        there: dict[str, Any] = self(f"get_{self.kind}")[self.kind.title()]
        return there

    def brought(self) -> dict[str, Any]:
        """The same, with words for a person whose principal is not there."""
        try:
            return self.found()
        except NotFound:
            raise NotFound(
                f"There is no {self.kind} {self.name} in the AWS account {self.client.account()}. "
                f"Check the name, and whether the credentials are of the account that it is in."
            ) from None

    def arn(self, path: str) -> str:
        """The ARN of one made here."""
        there = f"arn:{self.client.partition()}:iam::{self.client.account()}"
        return f"{there}:{self.kind}{path}{self.name}"

    def limits(self, want: PrincipalState) -> dict[str, str]:
        """The permissions boundary, as a create call takes it."""
        boundary = want.permissions_boundary
        return {"PermissionsBoundary": boundary} if boundary else {}

    def observed(self, found: Mapping[str, Any], have: Any) -> dict[str, Any]:
        """The fields of state that both have; what others added to `have` is no drift."""
        attached, given = self.attached(), user_tags(found.get("Tags", []))
        if have.name:
            attached = [arn for arn in attached if arn in have.policies]
            given = {name: value for name, value in given.items() if name in have.tags}
        limit = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        return {
            "made_under": self.client.account(),
            "name": self.name,
            "path": found["Path"],
            "permissions_boundary": limit,
            "tags": given,
            "policies": attached,
            "arn": found["Arn"],
        }

    def settle(self, have: PrincipalState, want: PrincipalState) -> None:
        """Bring boundary, tags and policies from `have` to `want`."""
        if want.permissions_boundary != have.permissions_boundary:
            self._limit(want.permissions_boundary)
        self._retag(have, want)
        self.attach(arn for arn in want.policies if arn not in have.policies)
        self.detach(arn for arn in have.policies if arn not in want.policies)

    def _limit(self, boundary: str | None) -> None:
        if boundary:
            self(f"put_{self.kind}_permissions_boundary", PermissionsBoundary=boundary)
        else:
            self(f"delete_{self.kind}_permissions_boundary")

    def _retag(self, have: PrincipalState, want: PrincipalState) -> None:
        if unwanted := [name for name in have.tags if name not in want.tags]:
            self(f"untag_{self.kind}", TagKeys=unwanted)
        if want.tags != have.tags or want.mark != have.mark:
            self(f"tag_{self.kind}", Tags=marked(want, want.tags))

    def attached(self) -> list[str]:
        """The managed policies on it."""
        found = self(f"list_attached_{self.kind}_policies")["AttachedPolicies"]
        return sorted(policy["PolicyArn"] for policy in found)

    def attach(self, policies: Iterable[str]) -> None:
        for arn in policies:
            self.patience.until(
                partial(self, f"attach_{self.kind}_policy", PolicyArn=arn),
                lambda e: isinstance(e, NotFound),
                f"{self.name}: waiting for AWS IAM to know the {self.kind} and the policy {arn}",
            )

    def delete(self) -> None:
        """Delete it, policies and keys being gone; IAM may not know of that everywhere yet."""
        self.patience.until(
            partial(self, f"delete_{self.kind}"),
            lambda e: isinstance(e, ApiError) and any(what in str(e) for what in JUST_GONE),
            f"{self.name}: waiting for AWS IAM to know what the {self.kind} no longer has",
        )

    def detach(self, policies: Iterable[str]) -> None:
        for arn in policies:
            with suppress(NotFound):
                self(f"detach_{self.kind}_policy", PolicyArn=arn)
