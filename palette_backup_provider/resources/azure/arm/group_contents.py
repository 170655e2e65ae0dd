"""What is in a resource group: named before the group is deleted or replaced."""

from typing import Any

from palette_backup_provider.clients.azure.client import RESOURCES, STORAGE, AzureClient
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.model import Owned
from palette_backup_provider.core.ownership import PLAIN
from palette_backup_provider.resources.azure.mark import mark_of

ACCOUNT = "microsoft.storage/storageaccounts"
NAMED = 10


class GroupContents:
    """The resources in one group, by its id."""

    def __init__(self, client: AzureClient, group: str) -> None:
        self._client, self._group = client, group

    def accounts(self) -> list[dict[str, Any]]:
        """The storage accounts that the group lists."""
        return [resource for resource in self._listed() if _is_account(resource)]

    def left(self, but: Owned | None = None) -> tuple[str, bool]:
        """The contents of the group, in words, and whether any of them exists for sure. Accounts
        that the stack of `but` made do not count: they are deleted as well.
        """
        inside = self._listed()
        accounts = [resource for resource in inside if _is_account(resource)]
        live = [resource for resource in accounts if self._is_there(resource["id"], but)]
        left = live + [resource for resource in inside if resource not in accounts]
        words = (f"{resource['name']} ({resource['type']})" for resource in left[:NAMED])
        return ", ".join(words), bool(live)

    def _listed(self) -> list[dict[str, Any]]:
        return list(self._client.listed(f"{self._group}/resources", version=RESOURCES))

    def _is_there(self, account: str, but: Owned | None) -> bool:
        """Whether the account, which may be listed for minutes after its end, is there."""
        try:
            answer = self._client.arm("GET", account, version=STORAGE)
        except NotFound:
            return False
        return not (but and PLAIN.same_state(but, mark_of(answer)))


def _is_account(resource: dict[str, Any]) -> bool:
    return str(resource["type"]).lower() == ACCOUNT
