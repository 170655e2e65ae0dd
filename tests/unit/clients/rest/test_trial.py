"""A trial writes, reads, lists and deletes one object, and leaves nothing if it fails."""

from collections.abc import Iterator

import pytest

from palette_backup_provider.clients.rest.trial import CONTENT, round_trip
from palette_backup_provider.core.errors import ApiError


class Store:
    name = "backups"

    def __init__(self, refused: str = "", returned: bytes = CONTENT) -> None:
        self.refused, self.returned = refused, returned
        self.calls: list[str] = []
        self.objects: set[str] = set()

    def _call(self, operation: str) -> None:
        self.calls.append(operation)
        if operation == self.refused:
            raise ApiError(f"{operation} is refused", status=403, code="AccessDenied")

    def put(self, name: str, content: bytes) -> bool:
        self._call("put")
        self.objects.add(name)
        return True

    def get(self, name: str) -> bytes:
        self._call("get")
        return self.returned

    def names(self, prefix: str) -> Iterator[str]:
        self._call("names")
        yield from (name for name in self.objects if name.startswith(prefix))

    def delete(self, name: str) -> None:
        self._call("delete")
        self.objects.discard(name)


def test_a_credential_that_may_do_all() -> None:
    store = Store()
    assert round_trip(store, "probe") is True
    assert store.calls == ["put", "get", "names", "delete"] and not store.objects


@pytest.mark.parametrize("refused", ["put", "get", "names", "delete"])
def test_the_refused_call_is_the_error(refused: str) -> None:
    store = Store(refused)
    with pytest.raises(ApiError, match=f"{refused} is refused"):
        round_trip(store, "probe")
    assert store.calls[-1] == ("put" if refused == "put" else "delete")


def test_another_content_is_an_error() -> None:
    store = Store(returned=b"another")
    with pytest.raises(ApiError, match="backups did not return what was written"):
        round_trip(store, "probe")
    assert not store.objects
