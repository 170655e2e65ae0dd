"""Microsoft's own clients of Azure, used unchanged against a sandbox."""

from typing import Any, Self

import requests
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient

from palette_backup_provider.sandbox.run import Sandbox

SCOPE = "https://management.azure.com/.default"
GRAPH = "https://graph.microsoft.com/.default"


class Sdk:
    """The official clients, with one credential."""

    def __init__(self, sandbox: Sandbox, client_id: str, secret: str, tenant: str = "") -> None:
        self.sandbox, env = sandbox, sandbox.env
        self.url = f"https://{env['ARM_METADATA_HOSTNAME']}"
        self.ca = env["PALETTE_AZURE_CA_CERT"]
        self.subscription = env["ARM_SUBSCRIPTION_ID"]
        self.client_id, self.secret = client_id, secret
        self.credential = ClientSecretCredential(
            tenant or env["ARM_TENANT_ID"],
            client_id,
            secret,
            authority=self.url,
            disable_instance_discovery=True,
            connection_verify=self.ca,
        )
        self._how: dict[str, Any] = {
            "credential": self.credential,
            "subscription_id": self.subscription,
            "base_url": self.url,
            "credential_scopes": [SCOPE],
            "connection_verify": self.ca,
            "polling_interval": 0,
            "retry_total": 0,
        }

    @classmethod
    def operator(cls, sandbox: Sandbox) -> Self:
        """With the credential that the sandbox's settings name."""
        return cls(sandbox, sandbox.env["ARM_CLIENT_ID"], sandbox.env["ARM_CLIENT_SECRET"])

    @property
    def groups(self) -> Any:
        return ResourceManagementClient(**self._how).resource_groups

    @property
    def storage(self) -> Any:
        return StorageManagementClient(**self._how)

    @property
    def roles(self) -> Any:
        return AuthorizationManagementClient(**self._how).role_assignments

    def blobs(self, account: str, credential: Any = None, group: str = "rg") -> BlobServiceClient:
        url = self.storage.storage_accounts.get_properties(group, account).primary_endpoints.blob
        return BlobServiceClient(
            url,
            credential=credential or self.credential,
            connection_verify=self.ca,
            retry_total=0,
        )

    def keys(self, account: str, group: str = "rg") -> list[str]:
        found = self.storage.storage_accounts.list_keys(group, account).keys_property
        return [key.value for key in found]

    def graph(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        token = self.credential.get_token(GRAPH).token
        return requests.request(
            method,
            f"{self.url}/v1.0{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}", **headers},
            verify=self.ca,
            timeout=10,
        )
