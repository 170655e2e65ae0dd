"""What is in a storage account: named before the account is deleted, replaced or taken over."""

from itertools import islice
from typing import Any

from palette_backup_provider.clients.azure import STORAGE, AzureClient
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.model import Owned
from palette_backup_provider.resources.azure.mark import container_mark

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


def held(client: AzureClient, account: str, but: Owned | None = None) -> str:
    """What is in the account, in words; without the containers that the stack of `but` made."""
    found = {kind: _names(client, f"{account}/{path}", but) for kind, path in CONTENTS.items()}
    return ", ".join(f"{kind} {', '.join(names)}" for kind, names in found.items() if names)


def _names(client: AzureClient, path: str, but: Owned | None) -> list[str]:
    """The first that a list has."""
    try:
        there = (one["name"] for one in client.listed(path, version=STORAGE))
    except ApiError as error:
        if error.code != NO_SUCH_SERVICE:
            raise
        return []
    if but and path.endswith(CONTAINERS):
        there = (name for name in there if not _made_by(client, but, f"{path}/{name}"))
    return list(islice(there, NAMED))


def _made_by(client: AzureClient, state: Owned, container: str) -> bool:
    """Whether the stack of `state` made it, or it is gone; the list tells no metadata."""
    try:
        found: dict[str, Any] = client.arm("GET", container, version=STORAGE)
    except NotFound:
        return True
    return state.same_stack(container_mark(found["properties"]))
