"""What needs MinIO's admin API is refused in preview on any other store that speaks S3."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.minio.errors import NO_ADMIN_API
from palette_backup_provider.registry import RESOURCES
from palette_backup_provider.sandbox.run import Sandbox
from tests.clouds import merged
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.clients.loopback import Reply, Server, serve
from tests.unit.clients.minio.test_client import LIST, XML
from tests.unit.resources import __name__ as ROOM
from tests.unit.resources.minio.test_policy import DOCUMENT
from tests.unit.resources.stack import Stack

NEEDS: dict[str, dict[str, Any]] = {
    "minio:AccessKey": {"user": "alice", "user_secret": "secret-of-alice"},
    "minio:Policy": {"name": "a-policy", "document": DOCUMENT},
    "minio:User": {"name": "alice"},
}
ALONG = {"minio:RetiringKey", "minio:RetiringSecret"}
"""Made only along with one of those."""
S3_ALONE = {"minio:Bucket"}
TYPES = {kind.token: kind for kind in RESOURCES if kind.token.startswith("minio:")}


def xml(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>No.</Message></Error>"


ANSWERS = {
    "Garage": Reply(403, xml("AccessDenied"), XML),
    "S3Proxy": Reply(404, xml("NoSuchBucket"), XML),
    **merged(ROOM, "location", "NO_SUCH_CALL"),
    "without that call": Reply(501, xml("NotImplemented"), XML),
    "a page": Reply(404, "<!doctype html>", {"Content-Type": "text/html"}),
    "nothing": Reply(405),
}


@pytest.fixture
def store() -> Iterator[Server]:
    with serve() as store:
        store.on("GET /", Reply(200, LIST, XML))
        yield store


def on(store: Server, kind: str) -> Stack:
    there = {"MINIO_ENDPOINT": store.url, "MINIO_USER": "u", "MINIO_PASSWORD": "p4ssw0rd-of-u"}
    return Stack(TYPES[kind].handler, environment=there)


def test_every_type_is_asked() -> None:
    assert TYPES.keys() == NEEDS.keys() | ALONG | S3_ALONE


@pytest.mark.parametrize("kind", NEEDS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_preview_says_so(store: Server, kind: str, answer: str) -> None:
    store.otherwise = ANSWERS[answer]
    reasons = on(store, kind).reasons(**NEEDS[kind])
    assert NO_ADMIN_API in reasons and "console" not in reasons
    assert [call for call in store.calls() if "/minio/admin/" not in call] == ["GET /"]


@pytest.mark.parametrize("reply", [Reply(503, "<h1>busy</h1>"), Reply(502, "", XML)])
def test_a_gateway_that_fails_is_no_other_store(store: Server, reply: Reply) -> None:
    store.otherwise = reply
    reasons = on(store, "minio:User").reasons(**NEEDS["minio:User"])
    assert reasons and NO_ADMIN_API not in reasons


def test_an_existing_user_needs_none(store: Server) -> None:
    store.otherwise = Reply(404, xml("NoSuchBucket"), XML)
    on(store, "minio:User").check(name="alice", secret_key="secret-of-alice", existing=True)
    assert not any("/minio/admin/" in call for call in store.calls())


@pytest.mark.parametrize("kind", NEEDS)
def test_on_minio_it_takes_no_permission(
    running: Sandbox, minio: MinioInspector, stack_of: Callable[..., Stack], kind: str
) -> None:
    minio.admin("user_add", "nobody", "secret-of-nobody")
    own = {"url": running.env["MINIO_ENDPOINT"], "user": "nobody", "password": "secret-of-nobody"}
    stack_of(TYPES[kind].handler).check(**NEEDS[kind], identity=own)
