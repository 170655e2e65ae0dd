"""ARM's calls on a storage account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.clients.azure.client import STORAGE, AzureClient
from palette_backup_provider.clients.azure.trial import account_path
from palette_backup_provider.core.errors import ApiError, NotFound, NotOwned
from palette_backup_provider.resources.azure.mark import marked
from palette_backup_provider.resources.azure.storage import settings
from palette_backup_provider.resources.azure.storage.state import StorageAccountState

TAKEN = ("StorageAccountAlreadyTaken", "StorageAccountInAnotherResourceGroup")


@dataclass(frozen=True)
class AccountApi:
    """The accounts of one subscription."""

    client: AzureClient

    def get(self, id: str) -> dict[str, Any]:
        """The account of that id. Raises NotFound if there is none."""
        account: dict[str, Any] = self.client.arm("GET", id, version=STORAGE)
        return account

    def get_existing(self, want: StorageAccountState) -> dict[str, Any]:
        """The account that `want` names. If it is absent, the error says where."""
        try:
            return self.get(account_path(want.made_under, want.resource_group, want.name))
        except NotFound:
            raise NotFound(
                f"There is no storage account {want.name} in the resource group "
                f"{want.resource_group} of the subscription {want.made_under}. Check the names, "
                f"and azure-native:subscriptionId."
            ) from None

    def put(self, want: StorageAccountState) -> None:
        """Make the account."""
        body = {**settings.creation(want), "tags": marked(want, want.tags)}
        try:
            self.client.arm("PUT", want.resource_id, body, version=STORAGE)
        except ApiError as error:
            if error.code in TAKEN:
                raise NotOwned(
                    f"The storage account name {want.name} is taken: names are unique in all of "
                    f"Azure. Choose another name, or leave it out to have one made up."
                ) from None
            raise

    def patch(self, want: StorageAccountState, tags: Mapping[str, str]) -> None:
        """Change the account to `want`, with `tags` and our mark for its tags."""
        body = {**settings.patch(want), "tags": marked(want, tags)}
        self.client.arm("PATCH", want.resource_id, body, version=STORAGE)
