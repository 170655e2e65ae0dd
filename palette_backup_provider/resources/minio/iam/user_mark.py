"""The mark of a user on MinIO: a group of that name, which has no policy and no other member."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import HASHED
from palette_backup_provider.core.tags import MARK

CARRIER = f"a group {MARK}-…"
NOT_EMPTY = "XMinioAdminGroupNotEmpty"


def groups(user: Mapping[str, Any]) -> list[str]:
    """The groups among those of a user that are marks."""
    return [name for name in user.get("memberOf") or () if name.startswith(f"{MARK}-")]


def group(of: Owned) -> str:
    """The group that marks the user of a resource."""
    return f"{MARK}-{HASHED.write(of)}"


def mark_of(user: Mapping[str, Any]) -> str | None:
    """The mark of a user."""
    return next((name.removeprefix(f"{MARK}-") for name in groups(user)), None)


def write(client: MinioClient, want: Owned, name: str, user: Mapping[str, Any]) -> None:
    """Put the user of that name into the group of `want`, and take it out of other marks."""
    own, joined = group(want), groups(user)
    if own not in joined:
        client.admin("group_add", own, [name])
    erase(client, name, (mark for mark in joined if mark != own))


def erase(client: MinioClient, name: str, marks: Iterable[str]) -> None:
    """Take the user out of these groups, and delete those that are empty then."""
    for mark in marks:
        for members in ([name], None):
            with suppress(NotFound):
                _remove(client, mark, members)


def _remove(client: MinioClient, mark: str, members: list[str] | None) -> None:
    try:
        client.admin("group_remove", mark, members)
    except ApiError as error:
        if error.code != NOT_EMPTY:  # somebody else uses it as well
            raise
