"""Google Cloud Storage with one given key: what Velero will do with it, tried beforehand."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self
from urllib.parse import quote

from palette_backup_provider.clients.gcp_rest import SCOPES, STORAGE, Rest, Token, sdk
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.settings import Settings

CONTENT = "palette-backup"


class GcsClient:
    """Signs in anew for every trial: a token would outlive what a server has learned since."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls(settings)

    def round_trip(self, bucket: str, key: Mapping[str, Any], name: str) -> None:
        """Put, get, list and delete the object `name`, with a service account's key.

        Raises ApiError with the code that Google gave.
        """
        sdk()
        from google.oauth2.service_account import Credentials

        rest = Rest(self._settings, Token(_signer(Credentials, key)))
        there, one = f"/storage/v1/b/{quote(bucket, safe='')}/o", quote(name, safe="")
        rest.send(STORAGE, "POST", f"/upload{there}", CONTENT, uploadType="media", name=name)
        try:
            body = rest.send(STORAGE, "GET", f"{there}/{one}", alt="media").body
            listed = rest.call(STORAGE, "GET", there, prefix=name).get("items", [])
            if json.loads(body) != CONTENT or [item["name"] for item in listed] != [name]:
                raise ApiError(f"{bucket} did not return what was written", status=0)
        except BaseException:
            with suppress(ApiError):
                rest.send(STORAGE, "DELETE", f"{there}/{one}")
            raise
        rest.send(STORAGE, "DELETE", f"{there}/{one}")


def _signer(credentials: Any, key: Mapping[str, Any]) -> Any:
    try:
        return credentials.from_service_account_info(key, scopes=SCOPES)
    except ValueError:  # of google-auth or cryptography; its text may quote the key
        raise ApiError(
            "the JSON credentials hold no private key that can be read. Give the JSON of the key "
            "as Google gave it, unchanged.",
            status=0,
        ) from None
