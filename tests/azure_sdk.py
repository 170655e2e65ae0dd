"""Microsoft's own clients of Azure, used unchanged, against a sandbox too."""

from collections.abc import Mapping
from typing import Any, Self

import requests
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient

ARM, GRAPH = "https://management.azure.com", "https://graph.microsoft.com"
SCOPE = f"{ARM}/.default"


class Sdk:
    """The official clients, with one credential."""

    def __init__(
        self, env: Mapping[str, str], client_id: str, secret: str, tenant: str = ""
    ) -> None:
        self.env = env
        host = env.get("ARM_METADATA_HOSTNAME")
        sandbox = f"https://{host}" if host else ""
        self.graph_url = sandbox or GRAPH
        self.ca: str | bool = env.get("PALETTE_AZURE_CA_CERT", True)
        self.subscription = env["ARM_SUBSCRIPTION_ID"]
        self.client_id, self.secret = client_id, secret
        self.credential = ClientSecretCredential(
            tenant or env["ARM_TENANT_ID"],
            client_id,
            secret,
            authority=sandbox or "https://login.microsoftonline.com",
            disable_instance_discovery=bool(sandbox),
            connection_verify=self.ca,
        )
        self._how: dict[str, Any] = {
            "credential": self.credential,
            "subscription_id": self.subscription,
            "base_url": sandbox or ARM,
            "credential_scopes": [SCOPE],
            "connection_verify": self.ca,
            **({"polling_interval": 0, "retry_total": 0} if sandbox else {}),
        }

    @classmethod
    def operator(cls, env: Mapping[str, str]) -> Self:
        """With the credential that the settings name."""
        return cls(env, env["ARM_CLIENT_ID"], env["ARM_CLIENT_SECRET"])

    @property
    def groups(self) -> Any:
        return ResourceManagementClient(**self._how).resource_groups

    @property
    def storage(self) -> Any:
        return StorageManagementClient(**self._how)

    @property
    def roles(self) -> Any:
        return AuthorizationManagementClient(**self._how).role_assignments

    @property
    def permissions(self) -> Any:
        return AuthorizationManagementClient(**self._how).permissions

    @property
    def definitions(self) -> Any:
        return AuthorizationManagementClient(**self._how).role_definitions

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
        token = self.credential.get_token(f"{GRAPH}/.default").token
        return requests.request(
            method,
            f"{self.graph_url}/v1.0{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}", **headers},
            verify=self.ca,
            timeout=30,
        )

    def listed(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list of Graph."""
        found: list[dict[str, Any]] = []
        while path:
            page = self.graph("GET", path).json()
            found += page["value"]
            path = page.get("@odata.nextLink", "").partition("/v1.0")[2]
        return found
