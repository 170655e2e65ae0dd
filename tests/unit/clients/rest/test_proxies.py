"""Plain http to this machine asks no proxy; what is no address of a proxy is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.clients.rest.proxies import direct
from palette_backup_provider.core.errors import ApiError, BadSetting, ProviderError
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.authority import Authority
from tests.unit.clients.caller import SECRET
from tests.unit.clients.callers import CALLERS, FIRST, called
from tests.unit.clients.loopback import Reply, Server, serve

PLAIN = [name for name, caller in CALLERS.items() if not (caller.tls or caller.asks_a_proxy)]
VARIABLES = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
USER = "GET /v1/users/info"


@pytest.fixture
def proxy() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("name", PLAIN)
def test_plain_http_to_this_machine_asks_no_proxy(
    name: str, host: str, proxy: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, proxy.url)
    monkeypatch.setenv("NO_PROXY", "elsewhere.example.com")
    with serve() as server:
        server.otherwise = Reply(403, headers={"Connection": "close"})
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(ProviderError):
            called(name, port, tmp_path, monkeypatch, host=host)
    assert server.requests and proxy.requests == []


@pytest.mark.parametrize("name", [n for n, caller in CALLERS.items() if caller.asks_a_proxy])
def test_a_metadata_service_that_a_library_asks_through_one_is_no_exception(
    name: str, proxy: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    with pytest.raises(ApiError, match="this machine, and is asked through no proxy: set NO_PROXY"):
        called(name, 9, tmp_path, monkeypatch)
    assert proxy.requests == []


def test_plain_http_beyond_this_machine_asks_the_proxy(
    proxy: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    proxy.on(USER.replace(" ", " http://palette.example.com"), Reply(200, {"tenantUid": "t"}))
    config = {"palette:apiKey": SECRET, "palette:host": "http://palette.example.com"}
    settings = Settings({**config, "palette:insecure": "true"}.get, {})
    assert PaletteClient.connect(settings).tenant() == "t"


@pytest.mark.parametrize(
    ("url", "is_direct"),
    [
        ("http://127.0.0.1:9000/x", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:9000", True),
        ("http://LOCALHOST", True),
        ("http://a-bucket.localhost:9000", True),
        ("http://localhost.example.com", False),
        ("http://128.0.0.1", False),
        ("http://notlocalhost", False),
        ("https://127.0.0.1", False),
    ],
)
def test_what_is_plain_http_to_this_machine(url: str, is_direct: bool) -> None:
    assert direct(url) is is_direct


@pytest.mark.parametrize("name", ["127.0.0.1.example.com", "", "0.0.0.0", "local", "localhost/"])
def test_what_is_another_machine(name: str) -> None:
    assert not this_machine(name)


@pytest.mark.parametrize(
    "value",
    [
        "http://[::1",
        "http://user:pass-word@:3128",
        "http://proxy.example.com:99999",
        "http://proxy.example.com:3128\r",
        "http://",
        "ftp://proxy.example.com",
        "://",
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "name", [*FIRST, *(name for name, caller in CALLERS.items() if caller.tls)]
)
def test_what_is_no_address_of_a_proxy_names_its_variable(
    name: str, variable: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as told:
        ca = Authority(tmp_path).path
        called(name, 443, ca, monkeypatch, host="cloud.example.com", tls=True)
    assert str(told.value) == (
        f"${variable} is not the address of a proxy. It takes one such as "
        "http://proxy.example.com:3128."
    )
