"""A uid is one part of a path, whatever it holds."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.clients.rest import http
from palette_backup_provider.clients.rest.session import Adapter
from palette_backup_provider.clients.rest.throttle import Throttle
from palette_backup_provider.core.errors import ApiError, ProviderError
from palette_backup_provider.core.model import load_unchecked
from palette_backup_provider.resources.palette.location.calls import CLUSTERS, Locations
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from tests.unit.clients.loopback import FakeTime, Reply, Server, serve
from tests.unit.resources.palette.tenant import STORAGE

WANT = load_unchecked(
    BackupLocationState, {"name": "n", "storage": STORAGE, "__owner": "o/p/s/n:1"}
)
CALLS: dict[str, Callable[[Locations, str], object]] = {
    f"GET {LOCATIONS}/s3/{{}}": lambda there, uid: there.get(uid, "s3"),
    f"PUT {LOCATIONS}/s3/{{}}": lambda there, uid: there.put(uid, WANT),
    f"PATCH {LOCATIONS}/s3/{{}}/default": lambda there, uid: there.make_default(uid, WANT),
    f"DELETE {LOCATIONS}/s3/{{}}": lambda there, uid: there.delete(uid),
    f"GET {CLUSTERS}/{{}}": lambda there, uid: there.clusters(uid),
}


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        server.on(f"GET {LOCATIONS}", Reply(200, {"items": []}))
        yield server


@pytest.fixture
def locations(server: Server) -> Locations:
    time = FakeTime()
    transport = http.Http(
        http.Service("Palette", server.url, "Reach it.", "Trust it."),
        dict,
        Throttle(time.clock, time.sleep),
        Adapter(),
        clock=time.clock,
        sleep=time.sleep,
    )
    return Locations(PaletteClient(transport, "the-key-of-these-tests"), "p1")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "uid",
    ["../x", "a/b", "a/../../b", "/", "..%2Fx", "%2e%2e", "?x=1", "#x", "a?b#c", "a b", "a\r\nB: c",
     "\x00", "é", "\u202e", "..\\x", "a;b", "http://elsewhere/", "@elsewhere"],
)  # fmt: skip
def test_it_leads_nowhere_else(server: Server, locations: Locations, call: str, uid: str) -> None:
    for reads in (f"GET {LOCATIONS}/s3/", ""):
        with pytest.raises(ApiError, match="Unscripted"):
            CALLS[call](locations, uid)
        if not reads or not call.startswith("PUT"):
            break
        # a PUT reads what is there before; let it
        sent = server.calls()[-1]
        assert sent.startswith(reads)
        config = {"bucketName": "b", "region": "r"}
        server.on(sent, Reply(200, {"metadata": {"name": "n"}, "spec": {"config": config}}))
    method, before, after = _parts(call)
    sent = server.calls()[-1]
    assert sent.startswith(f"{method} {before}") and sent.endswith(after)
    inside = sent.removeprefix(f"{method} {before}").removesuffix(after)
    assert unquote(inside) == uid
    assert not set(inside) & set("/?#\\ ")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("uid", ["", ".", ".."])
def test_what_is_a_step_in_every_path_is_refused(
    server: Server, locations: Locations, call: str, uid: str
) -> None:
    with pytest.raises(ProviderError, match=r"nothing whose uid is '\.*'") as refused:
        CALLS[call](locations, uid)
    assert not isinstance(refused.value, ApiError)
    assert all(sent == f"GET {LOCATIONS}" for sent in server.calls())


def test_a_scope_is_one_header(server: Server, locations: Locations) -> None:
    """The uid of a project is as Palette lists it."""
    client: Any = locations._client
    server.on(f"DELETE {LOCATIONS}/s3/u1", Reply(204))
    client.call("DELETE", f"{LOCATIONS}/s3/u1", project="p\r\nApiKey: x é")
    assert server.requests[-1].headers["projectuid"] == "p%0D%0AApiKey%3A%20x%20%C3%A9"


def _parts(call: str) -> tuple[str, str, str]:
    method, _, path = call.partition(" ")
    before, _, after = path.partition("{}")
    return method, before, after
