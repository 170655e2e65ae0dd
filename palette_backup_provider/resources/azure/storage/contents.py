"""The contents of a storage account: named before it is deleted, replaced or reclaimed."""

from itertools import islice
from typing import Any

from palette_backup_provider.clients.azure.client import STORAGE, AzureClient
from palette_backup_provider.clients.azure.trial import ContainerRef, operator_blobs
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound
from palette_backup_provider.core.holding import HOW_TO_RETAIN, Retainable, in_the_way
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import PLAIN
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.azure.mark import container_mark
from palette_backup_provider.resources.azure.storage.state import StorageAccountState

CONTAINERS = "blobServices/default/containers"
CONTENTS = {
    "containers": CONTAINERS,
    "file shares": "fileServices/default/shares",
    "queues": "queueServices/default/queues",
    "tables": "tableServices/default/tables",
}
"""What an account may hold, and the path in ARM that lists it."""
NO_SUCH_SERVICE = "FeatureNotSupportedForAccount"
"""ARM's answer to such a path where accounts of that kind never hold any."""
NAMED = 10


def content(client: AzureClient, account: str, but: Owned | None = None) -> str:
    """The contents of the account, in words, without the containers that the stack of `but`
    made."""
    contents = {kind: _names(client, f"{account}/{path}", but) for kind, path in CONTENTS.items()}
    return ", ".join(f"{kind} {', '.join(names)}" for kind, names in contents.items() if names)


def kept_for(
    client: AzureClient, account: str, have: StorageAccountState, but: Owned | None = None
) -> str:
    """The contents that the account is kept for. Raises Blocked if the program does not allow to
    keep it."""
    others = content(client, account, but)
    if others and not have.retains:
        raise Blocked(
            f"The storage account {have.name} holds what was not made here, so it is not "
            f"deleted: {others}. Move or delete that, and run again; {HOW_TO_RETAIN}."
        )
    return others


def _names(client: AzureClient, path: str, but: Owned | None) -> list[str]:
    """The first names of a list."""
    try:
        names = (entry["name"] for entry in client.listed(path, version=STORAGE))
    except ApiError as error:
        if error.code != NO_SUCH_SERVICE:
            raise
        return []
    if but and path.endswith(CONTAINERS):
        names = (name for name in names if not _made_by(client, but, f"{path}/{name}"))
    return list(islice(names, NAMED))


def blobs(client: AzureClient, container: str) -> str:
    """The contents of the container of that id, in words; empty if there are none."""
    steps = container.split("/")
    place = ContainerRef(client.connection.name, steps[2], steps[4], steps[8], steps[-1])
    names = operator_blobs(client, place).names()
    first = next((name for name in names if not name.startswith(PROBE_PREFIX)), None)
    return f"blobs, {first!r} among them" if first is not None else ""


def with_backups(client: AzureClient, account: str, by: Retainable) -> str:
    """The container that was made along with `by` and holds backups, in words; empty if there is
    none. Raises Blocked if `by` must be kept for it, but the program does not allow that.
    """
    if by.serves is None or by.serves.get("force_destroy"):
        return ""
    for entry in client.listed(f"{account}/{CONTAINERS}", version=STORAGE):
        container = f"{account}/{CONTAINERS}/{entry['name']}"
        if _made_by(client, by, container) and (contents := blobs(client, container)):
            if not by.retains:
                raise Blocked(in_the_way("container", entry["name"], contents))
            return f"the container {entry['name']} with {contents}"
    return ""


def _made_by(client: AzureClient, state: Owned, container: str) -> bool:
    """Whether the stack of `state` made the container, or it is gone. The list shows no
    metadata."""
    try:
        answer: dict[str, Any] = client.arm("GET", container, version=STORAGE)
    except NotFound:
        return True
    return PLAIN.same_state(state, container_mark(answer["properties"]))
