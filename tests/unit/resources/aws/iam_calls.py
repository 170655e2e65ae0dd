"""IAM in this process."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from palette_backup_provider.clients.aws.answers import OPERATIONS
from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.rest.answers import UNREAD, checked
from tests.unit.resources.stack import Killed

DOCUMENT = (
    '{"Version": "2012-10-17",'
    ' "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
)
Real = Callable[..., dict[str, Any]]


@dataclass
class Iam:
    """Stands in for `AwsClient.call`: counts, dies, refuses, and mends two gaps of moto's IAM."""

    real: Real
    calls: list[str] = field(default_factory=list)
    die_before: int | None = None
    die_after: int | None = None
    answers: dict[str, list[Exception | dict[str, Any]]] = field(default_factory=dict)
    """What an operation answers first, before it reaches moto."""
    boundaries: dict[str, str] = field(default_factory=dict)
    admin: AwsClient = field(default_factory=lambda: AwsClient(region="us-east-1", profile=None))

    def __call__(
        self, client: AwsClient, service: str, operation: str, **params: Any
    ) -> dict[str, Any]:
        index = len(self.calls)
        self.calls.append(operation)
        if index == self.die_before:
            raise Killed
        answer = self._answer(client, service, operation, params)
        if index == self.die_after:
            raise Killed
        return answer

    def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        """A call that is none of the handler's."""
        with allowed(f"iam:{operation}"):
            return self._answer(self.admin, "iam", operation, params)

    def tags(self, user: str) -> dict[str, str]:
        found = self.ask("list_user_tags", UserName=user)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in found}

    def keys(self, user: str) -> list[str]:
        found = self.ask("list_access_keys", UserName=user)["AccessKeyMetadata"]
        return [key["AccessKeyId"] for key in found]

    def attached(self, user: str) -> set[str]:
        found = self.ask("list_attached_user_policies", UserName=user)["AttachedPolicies"]
        return {policy["PolicyArn"] for policy in found}

    def policy(self, name: str) -> str:
        made = self.ask("create_policy", PolicyName=name, PolicyDocument=DOCUMENT)
        return str(made["Policy"]["Arn"])

    def users(self) -> list[str]:
        return [user["UserName"] for user in self.ask("list_users")["Users"]]

    def _answer(
        self, client: AwsClient, service: str, operation: str, params: dict[str, Any]
    ) -> dict[str, Any]:
        if self.answers.get(operation):
            planned = self.answers[operation].pop(0)
            if isinstance(planned, Exception):
                raise planned
            what = f"{service}:{operation}"
            checked(planned, OPERATIONS[what], "AWS", what)
            return planned
        user = params.get("UserName", "")
        if operation == "put_user_permissions_boundary":
            self.boundaries[user] = params["PermissionsBoundary"]
            return {}
        if operation == "delete_user_permissions_boundary":
            del self.boundaries[user]
            return {}
        if operation == "create_user" and "PermissionsBoundary" in params:
            made = self.real(client, service, operation, **params)
            self.boundaries[user] = params["PermissionsBoundary"]
            return made
        if operation == "update_user":  # moto keeps tags by ARN, and loses them here
            kept = self.real(client, service, "list_user_tags", UserName=user)["Tags"]
            self.real(client, service, operation, **params)
            return self.real(client, service, "tag_user", UserName=user, Tags=kept)
        answer = self.real(client, service, operation, **params)
        if operation == "get_user" and user in self.boundaries:
            limit = {"PermissionsBoundaryArn": self.boundaries[user]}
            answer["User"]["PermissionsBoundary"] = limit
        return answer


def allowed(what: str) -> AbstractContextManager[Any]:
    """A call that the provider may never make."""
    return patch.dict(OPERATIONS, {what: OPERATIONS.get(what, UNREAD)})
