"""The policies that are attached to a user on MinIO."""

from collections.abc import Iterable
from typing import Any

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError

UNCHANGED = "XMinioAdminPolicyChangeAlreadyApplied"
"""MinIO's answer if the policy is attached, or detached, already."""


def attached_policies(user: dict[str, Any]) -> list[str]:
    """The names of the policies of `user`, as the admin API shows it."""
    return sorted(policy for policy in user.get("policyName", "").split(",") if policy)


def attach(client: MinioClient, user: str, policies: Iterable[str]) -> None:
    for policy in policies:
        _change(client, "attach_policy", user, policy)


def detach(client: MinioClient, user: str, policies: Iterable[str]) -> None:
    for policy in policies:
        _change(client, "detach_policy", user, policy)


def _change(client: MinioClient, operation: str, user: str, policy: str) -> None:
    try:
        client.admin(operation, [policy], user=user)
    except ApiError as error:
        if error.code != UNCHANGED:
            raise
