"""Blobs, reached as Velero reaches them: sign in with a client secret, list the account's keys, and
sign every call with one of them (Shared Key).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode, urlsplit

from palette_backup_provider.clients.azure.client import STORAGE, AzureClient
from palette_backup_provider.clients.azure.connection import AzureConnection, content, send
from palette_backup_provider.clients.rest.trial import round_trip
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Http

VERSION = "2021-12-02"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class ContainerRef:
    """A container, and the account it is in."""

    cloud: str
    """What Palette calls the cloud."""
    subscription: str
    resource_group: str
    account: str
    container: str

    @property
    def path(self) -> str:
        """The account's path in ARM."""
        return account_path(self.subscription, self.resource_group, self.account)


@dataclass(frozen=True)
class ServicePrincipalLogin:
    """A service principal's credential."""

    tenant: str
    client_id: str
    client_secret: str = field(repr=False)


def account_path(subscription: str, resource_group: str, account: str) -> str:
    """The path of a storage account in ARM, which is its id."""
    group = f"/subscriptions/{subscription}/resourceGroups/{resource_group}"
    return f"{group}/providers/Microsoft.Storage/storageAccounts/{account}"


class Blobs:
    """The blobs of one container, under one key of its account."""

    def __init__(self, http: "Http", base: str, account: str, key: str, container: str) -> None:
        self._http, self._base = http, base
        self._account, self._key, self._container = account, key, container

    @classmethod
    def opened(
        cls, connection: AzureConnection, endpoint: str, account: str, key: str, container: str
    ) -> "Blobs":
        """The container at the account's `endpoint` for blobs."""
        remember(key)
        parts = urlsplit(endpoint)
        http = connection.http("Azure Blob Storage", f"{parts.scheme}://{parts.netloc}", dict)
        return cls(http, parts.path.rstrip("/"), account, key, container)

    @property
    def name(self) -> str:
        return self._container

    def put(self, name: str, content: bytes) -> bool:
        more = {"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"}
        self._call("PUT", name, content, more)
        return False  # versions of an account are kept as the account's owner wants it

    def get(self, name: str) -> bytes:
        return self._call("GET", name)

    def delete(self, name: str) -> None:
        with suppress(NotFound):  # a repeated delete
            self._call("DELETE", name)

    def names(self, prefix: str = "") -> Iterator[str]:
        """The names of all blobs that begin with `prefix`."""
        return self._listed("Blob", prefix=prefix)

    def folders(self) -> Iterator[str]:
        """The folders at the top of the container."""
        return self._listed("BlobPrefix", delimiter="/")

    def _listed(self, kind: str, **how: str) -> Iterator[str]:
        from palette_backup_provider.clients.azure.answers import blob_names

        marker = ""
        while True:
            query = {"restype": "container", "comp": "list", **how, "marker": marker}
            page = self._call("GET", "", query={k: v for k, v in query.items() if v})
            names, marker = blob_names(page, self._http.service, f"GET /{self._container}", kind)
            yield from names
            if not marker:
                return

    def _call(
        self,
        method: str,
        name: str,
        body: bytes = b"",
        more: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        path = f"{self._base}/{self._container}" + (f"/{quote(name)}" if name else "")
        headers = {
            "x-ms-date": formatdate(usegmt=True),
            "x-ms-version": VERSION,
            **(more or {}),
        }
        headers["Authorization"] = self._signed(method, path, len(body), headers, query or {})
        where = f"{path}?{urlencode(query)}" if query else path
        return send(self._http, method, where, body, headers).body

    def _signed(
        self, method: str, path: str, length: int, headers: Mapping[str, str], query: Any
    ) -> str:
        """https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key"""
        ours = sorted((k, v) for k, v in headers.items() if k.startswith("x-ms-"))
        lines = [
            method,
            *("", "", str(length) if length else "", ""),
            headers.get("Content-Type", ""),
            *([""] * 6),
            *(f"{name}:{value}" for name, value in ours),
            f"/{self._account}{path}",
            *(f"{name}:{value}" for name, value in sorted(query.items())),
        ]
        digest = hmac.new(base64.b64decode(self._key), "\n".join(lines).encode(), hashlib.sha256)
        return f"SharedKey {self._account}:{base64.b64encode(digest.digest()).decode()}"


class AzureBlobClient:
    """The way in with a given secret; nothing of it is kept."""

    def __init__(self, connection: AzureConnection) -> None:
        self._connection = connection

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(AzureConnection.of_palette(settings))

    def round_trip(self, place: ContainerRef, secret: ServicePrincipalLogin, name: str) -> None:
        """Try a client secret with the blob `name`, as `rest.trial.round_trip` does."""
        round_trip(self._blobs(place, secret), name)

    def _blobs(self, place: ContainerRef, secret: ServicePrincipalLogin) -> Blobs:
        from palette_backup_provider.clients.azure.answers import ARM

        cloud = self._connection.cloud(place.cloud)
        token = self._token(cloud.login, cloud.arm, secret)
        http = self._connection.http(
            "Azure Resource Manager", cloud.arm, lambda: {"Authorization": f"Bearer {token}"}
        )
        version = f"?api-version={STORAGE}"
        account = content(http, ARM, "GET", place.path + version)
        keys = content(http, ARM, "POST", f"{place.path}/listKeys{version}")
        remember([key["value"] for key in keys["keys"]])
        endpoint, key = account["properties"]["primaryEndpoints"]["blob"], keys["keys"][0]["value"]
        return Blobs.opened(self._connection, endpoint, place.account, key, place.container)

    def _token(self, login: str, resource: str, secret: ServicePrincipalLogin) -> str:
        from palette_backup_provider.clients.azure.sign_in_answers import SIGN_IN

        form = {
            "grant_type": "client_credentials",
            "client_id": secret.client_id,
            "client_secret": secret.client_secret,
            "scope": f"{resource}/.default",
        }
        http = self._connection.http("Microsoft Entra ID", login, dict)
        path = f"/{secret.tenant}/oauth2/v2.0/token"
        answer = content(http, SIGN_IN, "POST", path, urlencode(form).encode(), FORM)
        token = str(answer["access_token"])
        remember(token)
        return token


def operator_blobs(azure: AzureClient, place: ContainerRef) -> Blobs:
    """The container under the operator's identity, by a key of the account as well."""
    account = azure.arm("GET", place.path, version=STORAGE)
    keys = azure.arm("POST", f"{place.path}/listKeys", version=STORAGE)
    remember([key["value"] for key in keys["keys"]])
    endpoint, key = account["properties"]["primaryEndpoints"]["blob"], keys["keys"][0]["value"]
    return Blobs.opened(azure.connection, endpoint, place.account, key, place.container)
