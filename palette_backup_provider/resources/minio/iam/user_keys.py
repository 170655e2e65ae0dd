"""The access keys of one user on MinIO, with their descriptions."""

from contextlib import suppress
from typing import Any

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import NotFound, ProviderError

OPEN = "open "
"""The prefix of a key's description until the key is handed over. From then on state and Palette
may hold the key."""


def described(client: MinioClient, user: str) -> dict[str, str]:
    """The description of each key of the user, by the key's id."""
    answer: dict[str, Any] = {}
    with suppress(NotFound):
        answer = client.admin("list_service_account", user)
    return {key["accessKey"]: key.get("description") or "" for key in answer.get("accounts") or []}


def delete_key(client: MinioClient, id: str) -> None:
    """Delete the access key. Raise NotFound where it is gone already.

    MinIO answers "not found" to a user without the permission, too.
    """
    try:
        client.admin("delete_service_account", id)
    except NotFound:
        with suppress(NotFound):
            client.admin("get_service_account", id)
            raise ProviderError(
                f"MinIO did not delete the access key {id}, which goes on working. Whoever runs "
                f"this needs admin:RemoveServiceAccount there."
            ) from None
        raise
