"""The client secrets of one application, and the tags that note which of them reached somebody."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.core.errors import ANEW, ApiError, NotFound, sentence

NOTE = "palette-backup-secret:"
NOTES = threading.Lock()
"""Graph takes an application's tags all at once."""


class ApplicationSecrets:
    """The secrets of one application."""

    def __init__(self, client: AzureClient, client_id: str) -> None:
        self._client, self.path = client, f"/applications(appId='{client_id}')"

    def application(self) -> Any:
        return self._client.graph("GET", self.path)

    def remove(self, key: str) -> None:
        with suppress(NotFound), _of_a_part(lambda: self._demand(key)):
            self._client.graph("POST", f"{self.path}/removePassword", {"keyId": key})

    def note(self, key: str, *, add: bool) -> None:
        """Set or drop the tag that records the secret."""
        with NOTES:
            others = [t for t in self.application().get("tags", []) if t != f"{NOTE}{key}"]
            tags = [*others, f"{NOTE}{key}"] if add else others
            with _of_a_part(self.application):
                self._client.graph("PATCH", self.path, {"tags": tags})

    def revoke(self, key: str) -> None:
        """Remove the secret and its note."""
        application = self.application()
        if any(secret["keyId"] == key for secret in application["passwordCredentials"]):
            self.remove(key)
        if f"{NOTE}{key}" in application.get("tags", []):
            self.note(key, add=False)

    def _demand(self, key: str) -> None:
        if not any(secret["keyId"] == key for secret in self.application()["passwordCredentials"]):
            raise NotFound(f"The client secret {key} is gone. {ANEW}")


@contextmanager
def _of_a_part(whole: Callable[[], Any]) -> Iterator[None]:
    """For calls about a part of an object; `whole` looks the object up, and raises NotFound if it
    is gone. If only the part is not found, the object must not count as deleted: some servers of
    Azure learn late of a new object.
    """
    try:
        yield
    except NotFound as error:
        whole()
        more = "Azure may not know it everywhere yet. Wait a minute and run again."
        text = f"{sentence(str(error))} {more}"
        raise ApiError(text, status=error.status, code=error.code) from None
