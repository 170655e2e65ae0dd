"""Google Cloud Storage with one given key: what Velero will do with it, tried beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

from palette_backup_provider.clients.gcp.access import SCOPES
from palette_backup_provider.clients.gcp.rest import STORAGE, Rest, Token, sdk
from palette_backup_provider.clients.rest.trial import round_trip
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.settings import Settings


class GcsClient:
    """Signs in anew for every trial: a token would outlive what a server has learned since."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        # Palette and the clusters know no endpoint but Google's own.
        return cls(settings if settings.simulated else Settings(lambda _: None, {}))

    def round_trip(self, bucket: str, key: Mapping[str, Any], name: str) -> None:
        """Try a service account's key with the object `name`, as `rest.trial.round_trip` does."""
        sdk()
        from google.oauth2.service_account import Credentials

        rest = Rest(self._settings, Token(_signer(Credentials, key)))
        round_trip(_Objects(bucket, rest), name)


@dataclass(frozen=True)
class _Objects:
    """The objects of a bucket."""

    name: str
    rest: Rest

    @property
    def _path(self) -> str:
        return f"/storage/v1/b/{quote(self.name, safe='')}/o"

    def _object(self, name: str) -> str:
        return f"{self._path}/{quote(name, safe='')}"

    def put(self, name: str, content: bytes) -> bool:
        how = {"uploadType": "media", "name": name}
        self.rest.send(STORAGE, "POST", f"/upload{self._path}", content.decode(), **how)
        return False  # a service account that may delete versions tidies up by itself

    def get(self, name: str) -> bytes:
        content: str = self.rest.call(STORAGE, "GET", self._object(name), alt="media")
        return content.encode()

    def names(self, prefix: str) -> list[str]:
        listed = self.rest.call(STORAGE, "GET", self._path, prefix=prefix).get("items", [])
        return [item["name"] for item in listed]

    def delete(self, name: str) -> None:
        self.rest.send(STORAGE, "DELETE", self._object(name))


def _signer(credentials: Any, key: Mapping[str, Any]) -> Any:
    try:
        return credentials.from_service_account_info(key, scopes=list(SCOPES))
    except ValueError:  # of google-auth or cryptography; its text may quote the key
        raise ApiError(
            "the JSON credentials hold no private key that can be read. Give the JSON of the key "
            "as Google gave it, unchanged.",
            status=0,
        ) from None
