"""What IAM users and roles have in common: policies, a boundary and tags."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound
from palette_backup_provider.core.markers import AutoNamed, Derived, FromSetting, Replaces
from palette_backup_provider.core.model import Prerequisite, matches
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.aws.identity import AwsState
from palette_backup_provider.resources.aws.literals import Path, PolicyArn
from palette_backup_provider.resources.aws.mark import Tags, marked, user_tags

NAME = matches(r"[A-Za-z0-9+=,.@_-]{1,64}", "1 to 64 letters, digits and +=,.@_-")
JUST_GONE = ("must detach all policies first", "must delete access keys first")
"""The words of a DeleteConflict for policies and keys, which are removed before the principal."""


class PrincipalState(AwsState, Prerequisite):
    """The state that users and roles have in common."""

    permissions_boundary: Annotated[
        PolicyArn | None, FromSetting("palette:permissionsBoundary")
    ] = None
    tags: Tags = Field(default_factory=dict)
    policies: Annotated[list[PolicyArn], AfterValidator(lambda found: sorted(set(found)))] = Field(
        default_factory=list
    )
    path: Annotated[Path, FromSetting("palette:iamPath")] = "/"
    name: Annotated[str, Replaces(), AutoNamed(64), NAME]
    arn: Annotated[str, Derived()] = ""
    """The ARN of the user or role."""


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

    def get(self) -> dict[str, Any]:
        """The principal as IAM has it."""
        principal: dict[str, Any] = self(f"get_{self.kind}")[self.kind.title()]
        return principal

    def get_existing(self) -> dict[str, Any]:
        """The same; if the principal is absent, the error says what to check."""
        try:
            return self.get()
        except NotFound:
            raise NotFound(
                f"There is no {self.kind} {self.name} in the AWS account {self.client.account()}. "
                f"Check the name, and whether the credentials are of the account that it is in."
            ) from None

    def arn(self, path: str) -> str:
        """The ARN of a principal of that path in this account."""
        account = f"arn:{self.client.partition()}:iam::{self.client.account()}"
        return f"{account}:{self.kind}{path}{self.name}"

    def limits(self, want: PrincipalState) -> dict[str, str]:
        """The permissions boundary, as a create call takes it."""
        boundary = want.permissions_boundary
        return {"PermissionsBoundary": boundary} if boundary else {}

    def observed(self, principal: Mapping[str, Any], have: PrincipalState) -> dict[str, Any]:
        """The fields of state that both have. Tags and policies that others added are no drift."""
        attached, tags = self.attached(), user_tags(principal.get("Tags", []))
        if have.name:
            attached = [arn for arn in attached if arn in have.policies]
            tags = {name: value for name, value in tags.items() if name in have.tags}
        limit = principal.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        return {
            "made_under": self.client.account(),
            "name": self.name,
            "path": principal["Path"],
            "permissions_boundary": limit,
            "tags": tags,
            "policies": attached,
            "arn": principal["Arn"],
        }

    def apply(self, have: PrincipalState, want: PrincipalState) -> None:
        """Change boundary, tags and policies from `have` to `want`."""
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
        if want.tags != have.tags or want.remarks(have):
            self(f"tag_{self.kind}", Tags=marked(want, want.tags))

    def attached(self) -> list[str]:
        """The ARNs of the attached managed policies."""
        policies = self(f"list_attached_{self.kind}_policies")["AttachedPolicies"]
        return sorted(policy["PolicyArn"] for policy in policies)

    def attach(self, policies: Iterable[str]) -> None:
        for arn in policies:
            self.patience.until(
                partial(self, f"attach_{self.kind}_policy", PolicyArn=arn),
                lambda e: isinstance(e, NotFound),
                f"{self.name}: waiting for AWS IAM to know the {self.kind} and the policy {arn}",
            )

    def demand_no_foreign_policies(self, have: PrincipalState) -> list[str]:
        """The attached policies. Raises Blocked if others attached some of them."""
        attached = self.attached()
        if others := [arn for arn in attached if arn not in have.policies]:
            raise Blocked(
                f"The {self.kind} {self.name} has policies that others attached: "
                f"{', '.join(others)}. Detach them, and run again."
            )
        return attached

    def delete_or_restore(self, attached: Iterable[str], more: str) -> None:
        """Detach these policies, and delete the principal. Attach them again if IAM refuses that.

        `more` names what else may be on a principal of this kind.
        """
        policies = list(attached)
        self.detach(policies)
        try:
            self._delete()
        except ApiError as error:
            if error.code != "DeleteConflict":
                raise
            self.attach(policies)
            raise Blocked(
                f"The {self.kind} {self.name} has more than was made here ({more}). Remove it, and "
                f"run again. {error}"
            ) from None

    def _delete(self) -> None:
        """IAM may not know everywhere yet that policies and keys are gone."""
        self.patience.until(
            partial(self, f"delete_{self.kind}"),
            lambda e: isinstance(e, ApiError) and any(what in str(e) for what in JUST_GONE),
            f"{self.name}: waiting for AWS IAM to know what the {self.kind} no longer has",
        )

    def detach(self, policies: Iterable[str]) -> None:
        for arn in policies:
            with suppress(NotFound):
                self(f"detach_{self.kind}_policy", PolicyArn=arn)
