"""Looking at Azure from outside, as the sandbox's operator or with any other client secret."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from palette_backup_provider.sandbox.run import Sandbox
from tests.azure_sdk import Sdk


class AzureEyes:
    """What is there, and what a client secret may do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.operator = Sdk.operator(sandbox)

    def groups(self) -> list[str]:
        return [group["name"] for group in self._sandbox.azure.arm.groups.values()]

    def accounts(self) -> list[str]:
        return [account.name for account in self.operator.storage.storage_accounts.list()]

    def applications(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.operator.graph("GET", "/applications").json()["value"]
        return [app for app in found if app["displayName"] != "operator"]

    def principals(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.operator.graph("GET", "/servicePrincipals").json()[
            "value"
        ]
        return [one for one in found if one["displayName"] != "operator"]

    def assignments(self) -> list[str]:
        found = self._sandbox.azure.arm.access.assignments.values()
        return [one.scope for one in found if not one.id.endswith("/owner")]

    def nothing_left(self) -> bool:
        identities = [*self.applications(), *self.principals(), *self._sandbox.azure.entra.deleted]
        return not (self.groups() or self.accounts() or identities or self.assignments())

    def can_back_up(self, config: dict[str, Any]) -> None:
        """Do with the credential of a location what Velero does: by the keys of the account."""
        group, account = config["resourceGroup"], config["storageName"]
        velero = self.signed_in(config)
        key = velero.keys(account, group)[0]
        container = velero.blobs(account, key, group).get_container_client(config["containerName"])
        container.upload_blob("backups/one", b"data")
        assert container.download_blob("backups/one").readall() == b"data"
        assert [found.name for found in container.list_blobs()] == ["backups/one"]
        container.delete_blob("backups/one")

    def reaches_nothing_else(self, config: dict[str, Any], group: str, account: str) -> None:
        """The credential of a location is refused everywhere but in its own account."""
        velero = self.signed_in(config)
        refused = "AuthorizationFailed|AuthorizationPermissionMismatch"
        here = (config["resourceGroup"], config["storageName"])
        sku: Any = {"sku": {"name": "Standard_GRS"}}
        calls: list[tuple[Any, tuple[Any, ...]]] = [
            (velero.keys, (account, group)),
            (velero.groups.get, (group,)),
            (velero.groups.get, (here[0],)),
            (velero.groups.create_or_update, ("one-more", {"location": "westeurope"})),
            (velero.storage.storage_accounts.get_properties, (group, account)),
            (velero.storage.storage_accounts.update, (*here, sku)),
            (velero.storage.storage_accounts.delete, here),
        ]
        for call, how in calls:
            with pytest.raises(HttpResponseError, match=refused):
                call(*how)
        url = self.operator.storage.storage_accounts.get_properties(group, account)
        from azure.storage.blob import BlobClient

        theirs = BlobClient(
            url.primary_endpoints.blob,
            "theirs",
            "x",
            credential=velero.credential,
            connection_verify=velero.ca,
            retry_total=0,
        )
        with pytest.raises(HttpResponseError, match=refused):
            theirs.upload_blob(b"x")
        assert velero.graph("GET", "/applications").status_code == 403

    def signed_in(self, config: dict[str, Any]) -> Sdk:
        keys = config["credentials"]
        return Sdk(self._sandbox, keys["clientId"], keys["clientSecret"], keys["tenantId"])
