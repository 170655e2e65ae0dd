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
from xml.etree import ElementTree

from palette_backup_provider.clients.azure import STORAGE, AzureClient
from palette_backup_provider.clients.azure_reach import Reach, asked, parsed
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Http

VERSION = "2021-12-02"
CONTENT = b"palette-backup"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Place:
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
class Secret:
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
    def opened(cls, reach: Reach, endpoint: str, account: str, key: str, container: str) -> "Blobs":
        """The container at the account's `endpoint` for blobs."""
        remember(key)
        parts = urlsplit(endpoint)
        http = reach.http("Azure Blob Storage", f"{parts.scheme}://{parts.netloc}", dict)
        return cls(http, parts.path.rstrip("/"), account, key, container)

    def put(self, name: str, content: bytes) -> None:
        more = {"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"}
        self._call("PUT", name, content, more)

    def get(self, name: str) -> bytes:
        return self._call("GET", name)

    def delete(self, name: str) -> None:
        self._call("DELETE", name)

    def names(self, prefix: str = "") -> Iterator[str]:
        """The names of all blobs that begin with `prefix`."""
        marker = ""
        while True:
            query = {"restype": "container", "comp": "list", "prefix": prefix, "marker": marker}
            page = self._call("GET", "", query={k: v for k, v in query.items() if v})
            found = ElementTree.fromstring(page.decode("utf-8-sig"))
            yield from (blob.text or "" for blob in found.iterfind("Blobs/Blob/Name"))
            marker = found.findtext("NextMarker") or ""
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
        return asked(self._http, method, where, body, headers).body

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

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(Reach.connect(settings))

    def round_trip(self, place: Place, secret: Secret, name: str) -> None:
        """Put, get, list and delete the blob `name`, as Velero would.

        Raises ApiError with the code that Azure gave.
        """
        blobs = self._blobs(place, secret)
        blobs.put(name, CONTENT)
        try:
            if blobs.get(name) != CONTENT or list(blobs.names(name)) != [name]:
                raise ApiError(f"{place.container} did not return what was written", status=0)
        except BaseException:
            with suppress(ApiError):
                blobs.delete(name)
            raise
        with suppress(NotFound):  # a repeated delete
            blobs.delete(name)

    def _blobs(self, place: Place, secret: Secret) -> Blobs:
        cloud = self._reach.cloud(place.cloud)
        token = self._token(cloud.login, cloud.arm, secret)
        http = self._reach.http(
            "Azure Resource Manager", cloud.arm, lambda: {"Authorization": f"Bearer {token}"}
        )
        version = f"?api-version={STORAGE}"
        account = parsed(asked(http, "GET", place.path + version))
        keys = parsed(asked(http, "POST", f"{place.path}/listKeys{version}"))
        endpoint, key = account["properties"]["primaryEndpoints"]["blob"], keys["keys"][0]["value"]
        return Blobs.opened(self._reach, endpoint, place.account, key, place.container)

    def _token(self, login: str, resource: str, secret: Secret) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": secret.client_id,
            "client_secret": secret.client_secret,
            "scope": f"{resource}/.default",
        }
        http = self._reach.http("Microsoft Entra ID", login, dict)
        path = f"/{secret.tenant}/oauth2/v2.0/token"
        token = str(
            parsed(asked(http, "POST", path, urlencode(form).encode(), FORM))["access_token"]
        )
        remember(token)
        return token


def operator_blobs(azure: AzureClient, place: Place) -> Blobs:
    """The container under the operator's identity, by a key of the account as well."""
    account = azure.arm("GET", place.path, version=STORAGE)
    keys = azure.arm("POST", f"{place.path}/listKeys", version=STORAGE)
    endpoint, key = account["properties"]["primaryEndpoints"]["blob"], keys["keys"][0]["value"]
    return Blobs.opened(azure.reach, endpoint, place.account, key, place.container)
