import ssl
from collections.abc import Iterator

import pytest
import trustme

from palette_backup_provider.core import secrets
from tests.unit.clients.echo import Echo, echoing
from tests.unit.clients.signing_in import nothing_to_sign_in_with

__all__ = ["nothing_to_sign_in_with"]


@pytest.fixture
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", set())


@pytest.fixture
def echo() -> Iterator[Echo]:
    with echoing() as server:
        yield server


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(ca: trustme.CA) -> Iterator[Echo]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with echoing(context) as server:
        yield server
