"""The rules that hold for every REST API, one test each."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from requests.adapters import HTTPAdapter

from palette_backup_provider.clients.rest.http import Answer, Http, Service
from palette_backup_provider.clients.rest.session import Adapter
from palette_backup_provider.clients.rest.throttle import RATE, STRICT, Throttle
from palette_backup_provider.clients.rest.trust import own_ca
from palette_backup_provider.core.errors import ApiError, BadSetting
from tests.unit.clients.authority import Authority
from tests.unit.clients.loopback import FakeTime, Reply, Server, serve

REPEATABLE = ["GET", "PUT", "PATCH", "DELETE"]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


def client(url: str, time: FakeTime, adapter: HTTPAdapter | None = None) -> Http:
    return Http(
        Service("Palette", url, "Check palette:host.", "Set palette:caCert."),
        lambda: {"ApiKey": "key-in-a-header"},
        Throttle(time.clock, time.sleep),
        adapter or Adapter(),
        clock=time.clock,
        sleep=time.sleep,
    )


def send(http: Http, method: str = "GET") -> Answer:
    return http.send(method, "/v1/x", None, {})


class Failing(HTTPAdapter):
    """A transport whose every call takes a while, its timeout at most, and fails."""

    def __init__(self, time: FakeTime, error: Exception, seconds: float) -> None:
        super().__init__()
        self.time, self.error, self.seconds = time, error, seconds
        self.timeouts: list[Any] = []

    def send(self, *args: Any, **options: Any) -> requests.Response:
        self.timeouts.append(options["timeout"])
        self.time.now += min(self.seconds, options["timeout"][1])
        raise self.error


@pytest.fixture
def closed() -> str:
    """A loopback address where nothing listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("method", REPEATABLE)
def test_passing_gateway_errors_are_repeated(server: Server, method: str, status: int) -> None:
    time = FakeTime()
    server.on(f"{method} /v1/x", Reply(status), Reply(status), Reply(200, "ok"))
    answer = send(client(server.url, time), method)
    assert (answer.status, answer.text) == (200, "ok")
    assert time.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("method", "status"), [("POST", 502), ("POST", 503), ("POST", 504), ("GET", 500), ("PUT", 400)]
)
def test_what_may_have_held_or_will_not_pass_is_final(
    server: Server, method: str, status: int
) -> None:
    server.on(f"{method} /v1/x", Reply(status), Reply(200))
    assert send(client(server.url, FakeTime()), method).status == status
    assert len(server.requests) == 1


def test_gateway_errors_end_after_five_tries(server: Server) -> None:
    time = FakeTime()
    server.on("GET /v1/x", Reply(502))
    answer = send(client(server.url, time))
    assert (answer.status, answer.effort) == (502, "Tried 5 times in 8 s.")
    assert len(server.requests) == 5


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, 0.5),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Mon, 23 Nov 2026 10:00:09 GMT"}, 9.0),
        ({"Retry-After": "soon"}, 0.5),
        ({"Retry-After": "Mon, 23 Nov 99999999999 10:00:09 GMT"}, 0.5),
        ({"Retry-After": "Mon, 23 Nov 2026 10:00:09 GMT", "Date": "yesterday"}, 0.5),
    ],
)
def test_429_is_repeated_when_the_server_says(
    server: Server, method: str, headers: dict[str, str], pause: float
) -> None:
    time = FakeTime()
    headers = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT", **headers}
    server.on(f"{method} /v1/x", Reply(429, headers=headers), Reply(200))
    assert send(client(server.url, time), method).status == 200
    assert time.slept == [pause]


def test_429_slows_down_all_calls_of_the_prefix(server: Server) -> None:
    time = FakeTime()
    server.on("GET /v1/x", Reply(429, headers={"Retry-After": "3"}), Reply(200))
    http = client(server.url, time)
    for _ in range(STRICT + 1):
        send(http)
    first, *rest = time.slept
    assert first == 3.0
    assert sum(rest) == pytest.approx(1 / RATE)  # rounding may have it wait in two steps


def test_a_wait_beyond_its_limit_is_not_begun(server: Server) -> None:
    time = FakeTime()
    server.on("GET /v1/x", Reply(429, headers={"Retry-After": "31"}), Reply(200))
    assert send(client(server.url, time)).status == 429
    assert time.slept == []


def test_all_waits_together_end_within_a_minute(server: Server) -> None:
    time = FakeTime()
    server.on("POST /v1/x", Reply(429))
    answer = send(client(server.url, time), "POST")
    assert answer.status == 429
    assert 45 < time.now - 1000 <= 60
    assert answer.effort == f"Tried {len(server.requests)} times in {time.now - 1000:.0f} s."


@pytest.mark.parametrize("method", [*REPEATABLE, "POST"])
def test_refused_connection_is_tried_again_by_every_method(closed: str, method: str) -> None:
    time = FakeTime()
    with pytest.raises(ApiError) as caught:
        send(client(closed, time), method)
    assert str(caught.value) == (
        f"Palette at {closed[7:]} gave no answer to {method} /v1/x: Connection refused. "
        "Tried 5 times in 8 s. Check palette:host."
    )
    assert caught.value.status == 0


def test_reason_is_not_that_of_an_error_being_handled(closed: str) -> None:
    try:
        raise ValueError("another story")
    except ValueError:
        with pytest.raises(ApiError, match="Connection refused"):
            send(client(closed, FakeTime()))


def test_post_is_repeated_after_a_timeout_of_the_connection_only() -> None:
    for error, tries in [(requests.ConnectTimeout("t"), 5), (requests.ReadTimeout("t"), 1)]:
        time = FakeTime()
        adapter = Failing(time, error, 1)
        with pytest.raises(ApiError):
            send(client("http://127.0.0.1:1", time, adapter), "POST")
        assert len(adapter.timeouts) == tries


@pytest.mark.parametrize(("method", "tries"), [("GET", 2), ("POST", 1)])
def test_answer_cut_short(server: Server, method: str, tries: int) -> None:
    server.on(f"{method} /v1/x", Reply(200, "half", cut=True), Reply(200, "whole"))
    http = client(server.url, FakeTime())
    if method == "POST":
        with pytest.raises(ApiError) as caught:
            send(http, method)
        assert caught.value.unclear
    else:
        assert send(http, method).text == "whole"
    assert len(server.requests) == tries


def test_silence_is_given_a_minute_in_all() -> None:
    time = FakeTime()
    adapter = Failing(time, requests.ReadTimeout("timed out"), 100)
    with pytest.raises(ApiError, match=r"timed out\. Tried 2 times in 60 s"):
        send(client("http://127.0.0.1:1", time, adapter))
    assert adapter.timeouts == [(10, 30), (10, 29.5)]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_named_and_not_followed(server: Server, status: int) -> None:
    with serve() as other:
        location = {"Location": f"{other.url}/v1/x?token=in-the-target"}
        server.on("GET /v1/x", Reply(status, headers=location))
        with pytest.raises(ApiError, match=r"redirects GET /v1/x to 127\.0\.0\.1") as caught:
            send(client(server.url, FakeTime()))
        assert other.requests == []
    assert caught.value.status == status
    assert "in-the-target" not in str(caught.value)


def test_a_redirect_to_nowhere_is_told_too(server: Server) -> None:
    server.on("GET /v1/x", Reply(302, headers={"Location": "https://[/"}))
    with pytest.raises(ApiError, match="redirects GET /v1/x to another path"):
        send(client(server.url, FakeTime()))


def test_netrc_is_ignored(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password netrc-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET /v1/x", Reply(200))
    send(client(server.url, FakeTime()))
    [request] = server.requests
    assert request.headers["apikey"] == "key-in-a-header"
    assert "authorization" not in request.headers
    requests.get(f"{server.url}/v1/x", timeout=5)
    assert "authorization" in server.requests[1].headers  # the file would have been used


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.mark.parametrize("form", ["text", "path"])
@pytest.mark.parametrize("bundle", ["", "another.pem", "/nowhere.pem"])
def test_own_ca_wins_over_the_environment(
    authority: Authority, form: str, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bundle == "another.pem":
        trustme.CA().cert_pem.write_to_path(str(tmp_path / bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle and str(tmp_path / bundle))
    with serve(authority.server) as server:
        server.on("GET /v1/x", Reply(200, "ok"))
        trusted = Adapter(own_ca("palette:caCert", str(getattr(authority, form))))
        assert send(client(server.url, FakeTime(), trusted)).text == "ok"


def test_own_ca_is_the_only_one_trusted(authority: Authority) -> None:
    other = own_ca("palette:caCert", trustme.CA().cert_pem.bytes().decode())
    with serve(authority.server) as server, pytest.raises(ApiError, match="not trusted"):
        send(client(server.url, FakeTime(), Adapter(other)))


def test_the_environment_s_bundle_is_used_without_an_own_ca(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
    with serve(authority.server) as server:
        server.on("GET /v1/x", Reply(200, "ok"))
        assert send(client(server.url, FakeTime())).text == "ok"


def test_certificate_that_is_not_trusted_names_the_setting_at_once(authority: Authority) -> None:
    time = FakeTime()
    with serve(authority.server) as server, pytest.raises(ApiError) as caught:
        send(client(server.url, time))
    host = server.url.removeprefix("https://")
    assert str(caught.value).startswith(f"Palette at {host} shows a certificate that is not trust")
    assert "(GET /v1/x: Tried once in 0 s). Set palette:caCert." in str(caught.value)
    assert time.slept == []


def test_a_certificate_that_has_expired_is_no_matter_of_trust(tmp_path: Path) -> None:
    old = Authority(tmp_path, datetime.now(UTC) - timedelta(days=1))
    trusted = Adapter(own_ca("palette:caCert", old.text))
    with serve(old.server) as server, pytest.raises(ApiError, match=r"expired\) \(.*\)\. Have it"):
        send(client(server.url, FakeTime(), trusted))


def test_certificate_of_another_host_is_refused(authority: Authority) -> None:
    trusted = Adapter(own_ca("palette:caCert", authority.text))
    with serve(authority.server) as server, pytest.raises(ApiError, match="mismatch"):
        send(client(server.url.replace("127.0.0.1", "localhost"), FakeTime(), trusted))


def test_bundle_of_the_environment_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    with pytest.raises(BadSetting, match=r"^\$REQUESTS_CA_BUNDLE: /nowhere\.pem cannot be read"):
        send(client("https://127.0.0.1:1", FakeTime()))


def test_unusable_ca_setting(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.pem", tmp_path / "ca.der"
    empty.write_text("")
    binary.write_bytes(bytes(range(256)))
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    for value in (str(empty), str(binary), broken):
        with pytest.raises(BadSetting, match="palette:caCert holds no certificate in PEM format"):
            own_ca("palette:caCert", value)
    with pytest.raises(BadSetting, match=r"caCert: /nowhere\.pem cannot be read: No such file"):
        own_ca("palette:caCert", "/nowhere.pem")


def test_eight_connections_are_kept() -> None:
    adapter = Adapter()
    assert adapter.poolmanager.connection_pool_kw["maxsize"] == 8
