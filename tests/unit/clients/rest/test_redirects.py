"""Where an answer points to is not followed, and need not be an address."""

from pathlib import Path

import pytest

from palette_backup_provider.core.errors import ApiError
from tests.unit.clients.authority import Authority
from tests.unit.clients.callers import CALLERS, called
from tests.unit.clients.endless import serving
from tests.unit.clients.loopback import serve


@pytest.mark.parametrize("location", ["http://[::1", "http://\xff:x/", "OTHER/v1/x"])
@pytest.mark.parametrize("name", CALLERS)
def test_a_redirect_is_one_readable_error(
    name: str, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    with serve() as other:
        where = location.replace("OTHER", other.url).encode("latin-1")
        head = b"HTTP/1.1 307 Temporary Redirect\r\nConnection: close\r\nContent-Length: 0\r\n"
        tls = authority.server if CALLERS[name].tls else None
        with (
            serving(head + b"Location: " + where + b"\r\n\r\n", b"", 0, tls) as port,
            pytest.raises(ApiError) as told,
        ):
            called(name, port, authority.path, monkeypatch)
        assert other.requests == []
    assert "\n" not in str(told.value)
