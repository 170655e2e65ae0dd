"""Trying a credential on a store as Velero will use it: put, get, list and delete one object."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from palette_backup_provider.core.errors import ApiError, again

CONTENT = b"palette-backup"


class ObjectStore(Protocol):
    """A bucket or container under one credential. Each call raises ApiError if it is refused."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def put(self, name: str, content: bytes) -> bool:
        """Write an object; whether the store keeps versions of it."""

    def get(self, name: str) -> bytes: ...

    def names(self, prefix: str) -> Iterable[str]: ...

    def delete(self, name: str) -> None: ...


def round_trip(store: ObjectStore, name: str) -> bool:
    """Put, get, list and delete the object `name`; whether that left versions of it behind.

    Raises ApiError with the code that the store gave. The object is deleted in any case.
    """
    is_versioned = store.put(name, CONTENT)
    try:
        if store.get(name) != CONTENT or list(store.names(name)) != [name]:
            raise ApiError(
                f"{store.name} did not return what was written. {again(store.name)}",
                status=200,
            )
    except BaseException:
        with suppress(ApiError):
            store.delete(name)
        raise
    store.delete(name)
    return is_versioned
