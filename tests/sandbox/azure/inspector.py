"""Looking at Azure from outside, as the operator or with any other client secret."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.azure_sdk import Sdk

ACCOUNT = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "westeurope"}


class AzureInspector:
    """What is there under names that begin with `own`, and what a client secret may do."""

    def __init__(self, env: Mapping[str, str], own: str = "") -> None:
        self._env, self.own = env, own.rstrip("-")
        self.operator = Sdk.operator(env)

    def groups(self) -> list[str]:
        found = [group.name for group in self.operator.groups.list()]
        return [name for name in found if name.startswith(self.own)]

    def accounts(self) -> list[str]:
        found = [account.name for account in self.operator.storage.storage_accounts.list()]
        return [name for name in found if name.startswith(self.own)]

    def applications(self) -> list[dict[str, Any]]:
        return self._ours("/applications")

    def principals(self) -> list[dict[str, Any]]:
        return self._ours("/servicePrincipals")

    def assignments(self) -> list[str]:
        """The scopes inside of groups at which roles are given."""
        found = [one.scope for one in self.operator.roles.list_for_subscription()]
        return [scope for scope in found if f"/resourceGroups/{self.own}" in scope]

    def custom_roles(self) -> list[str]:
        """The names of the custom roles in the subscription."""
        scope = f"/subscriptions/{self.operator.subscription}"
        found = self.operator.definitions.list(scope, filter="type eq 'CustomRole'")
        names = [one.role_name for one in found if one.role_type == "CustomRole"]
        return [name for name in names if name.startswith(self.own)]

    def nothing_left(self) -> bool:
        deleted = self._ours("/directory/deletedItems/microsoft.graph.application")
        identities = [*self.applications(), *self.principals(), *deleted]
        given = [*self.assignments(), *self.custom_roles()]
        return not (self.groups() or self.accounts() or identities or given)

    @contextmanager
    def group(self, name: str) -> Iterator[str]:
        """A group of somebody else's with an account and a container, all of that name, while it
        is needed."""
        name, theirs = f"{self.own}{name}", self.operator
        theirs.groups.create_or_update(name, {"location": "westeurope"})
        try:
            theirs.storage.storage_accounts.begin_create(name, name, ACCOUNT).result()
            theirs.storage.blob_containers.create(name, name, name, {})
            yield name
        finally:
            theirs.groups.begin_delete(name).result()

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
            (velero.groups.create_or_update, (f"{self.own}one-more", {"location": "westeurope"})),
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
        return Sdk(self._env, keys["clientId"], keys["clientSecret"], keys["tenantId"])

    def _ours(self, path: str) -> list[dict[str, Any]]:
        found = self.operator.listed(path)
        named = [one for one in found if (one["displayName"] or "").startswith(self.own)]
        return [one for one in named if one["displayName"] != "operator"]
