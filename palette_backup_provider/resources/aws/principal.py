"""What IAM users and roles have in common: policies, a boundary and tags."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from palette_backup_provider.clients.aws import AwsClient
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.model import rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.aws.mark import marked

NAME = rule(r"[A-Za-z0-9+=,.@_-]{1,64}", "1 to 64 letters, digits and +=,.@_-")
PATH = rule(r"/|/[\x21-\x7f]{1,510}/", "it begins and ends with /, without spaces, at most 512")
PolicyArn = Annotated[
    str, rule(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/.+", "the ARN of a managed policy")
]


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

    def limit(self, boundary: str | None) -> None:
        """Set its permissions boundary, or take it away."""
        if boundary:
            self(f"put_{self.kind}_permissions_boundary", PermissionsBoundary=boundary)
        else:
            self(f"delete_{self.kind}_permissions_boundary")

    def retag(self, have: Any, want: Any) -> None:
        """Our mark and the tags that are wanted; those of others stay."""
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

    def detach(self, policies: Iterable[str]) -> None:
        for arn in policies:
            with suppress(NotFound):
                self(f"detach_{self.kind}_policy", PolicyArn=arn)


def boundary(found: dict[str, Any]) -> str | None:
    """The permissions boundary of a principal as IAM has it."""
    arn: str | None = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return arn
