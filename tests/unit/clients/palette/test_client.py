"""Palette's client against a loopback server that answers what Palette would."""

import logging
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
import trustme

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.clients.rest import http
from palette_backup_provider.clients.rest.session import Adapter
from palette_backup_provider.clients.rest.throttle import BURST, Throttle
from palette_backup_provider.core.errors import (
    ApiError,
    ApiKeyRejected,
    BadSetting,
    MissingSetting,
    NotFound,
    ProviderError,
)
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.settings import Settings
from tests.clouds import in_some_folders
from tests.unit.clients.loopback import FakeTime, Reply, Server, serve
from tests.unit.sandbox import __name__ as SANDBOX

VALIDATE = [
    each.VALIDATED[0]
    for each in in_some_folders(SANDBOX, "locations").values()
    if hasattr(each, "VALIDATED")
]
"""The paths of Palette's validate calls."""
KEY = "Vh7-key-of-the-tests"
LIST = f"GET {LOCATIONS}"
PROJECTS = "GET /v1/dashboard/projects/metadata"


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


def connected(**config: str) -> PaletteClient:
    given = {f"palette:{key}": value for key, value in config.items()}
    return PaletteClient.connect(Settings({"palette:apiKey": KEY, **given}.get, {}))


@pytest.fixture
def client(server: Server) -> PaletteClient:
    """A client whose waits cost no time."""
    time = FakeTime()
    remember(KEY)
    service = http.Service("Palette", server.url, "Check palette:host.", "Set palette:caCert.")
    throttle = Throttle(time.clock, time.sleep)
    transport = http.Http(
        service,
        lambda: {"ApiKey": KEY},
        throttle,
        Adapter(),
        clock=time.clock,
        sleep=time.sleep,
    )
    return PaletteClient(transport, KEY)


def problem(code: str, message: str, status: int) -> Reply:
    return Reply(status, {"code": code, "message": message, "details": None, "ref": "0" * 64})


def listed(*uids: str) -> Reply:
    items = [{"metadata": {"uid": uid, "name": f"n-{uid}"}, "spec": {}} for uid in uids]
    return Reply(200, {"items": items})


def refused(client: PaletteClient, method: str = "GET", path: str = f"{LOCATIONS}/s3/u1") -> Any:
    with pytest.raises(ProviderError) as caught:
        client.call(method, path, {} if method in ("POST", "PUT") else None)
    return caught.value


# The limit


def test_locations_written_just_now_count_against_the_limit(server: Server) -> None:
    time = FakeTime()
    service = http.Service("Palette", server.url, "", "")
    throttle = Throttle(time.clock, time.sleep)
    client = PaletteClient(http.Http(service, dict, throttle, Adapter()), KEY)
    written = {"lastModifiedTimestamp": "2026-11-23T12:00:00.500Z"}
    every = [{"uid": f"u{n}", **written} for n in range(BURST)]
    odd: list[dict[str, str]] = [{"uid": "a"}, {"uid": "b", "lastModifiedTimestamp": "?"}]
    items = [{"metadata": {"name": "n", **each}, "spec": {}} for each in every + odd]
    date = {"Date": "Mon, 23 Nov 2026 12:00:01 GMT"}
    server.on(LIST, Reply(200, {"items": items}, date))
    assert len(client.locations("")) == BURST + 2
    for _ in range(10):
        throttle.wait(LOCATIONS)
    assert 0.4 < sum(time.slept) < 0.7


# Settings


def test_settings_from_the_environment(server: Server, tmp_path: Path) -> None:
    for host, key in [
        ("PALETTE_HOST", "PALETTE_API_KEY"),
        ("SPECTROCLOUD_HOST", "SPECTROCLOUD_APIKEY"),
    ]:
        environment = {host: f"{server.url}/", key: f"{KEY}\n", "PALETTE_PROJECT": "team-a"}
        client = PaletteClient.connect(Settings(lambda _: None, environment))
        server.on("GET /v1/users/info", Reply(200, {"tenantUid": "t1"}))
        assert (client.tenant(), client.default_project) == ("t1", "team-a")
        assert server.requests[-1].headers["apikey"] == KEY


def test_missing_key_names_every_place() -> None:
    with pytest.raises(MissingSetting) as caught:
        PaletteClient.connect(Settings(lambda _: None, {}))
    for place in ("--secret palette:apiKey", "$PALETTE_API_KEY", "$SPECTROCLOUD_APIKEY"):
        assert place in str(caught.value)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        (None, "https://api.spectrocloud.com"),
        ("palette.example.com", "https://palette.example.com"),
        ("https://palette.example.com/", "https://palette.example.com"),
        ("palette.example.com:8443/", "https://palette.example.com:8443"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:1", "http://[::1]:1"),
    ],
)
def test_forms_of_the_host(host: str | None, url: str) -> None:
    client = connected(host=host) if host else connected()
    assert client._http.service.url == url


@pytest.mark.parametrize(
    "host",
    [
        "ftp://example.com",
        "https://",
        "https://example.com/console",
        "https://example.com?a=b",
        "example.com:port",
        "https://someone:host-password@example.com",
    ],
)
def test_unusable_host(host: str) -> None:
    with pytest.raises(BadSetting, match="palette:host is not usable") as caught:
        connected(host=host)
    assert "host-password" not in str(caught.value)


def test_plain_http_only_on_request() -> None:
    for host in ("http://palette.example.com", "http://10.0.0.1", "http://localhost.example.com"):
        with pytest.raises(BadSetting, match="over plain http") as caught:
            connected(host=host)
        assert "palette:insecure" in str(caught.value)
        assert connected(host=host, insecure="true")._http.service.url == host


@pytest.mark.parametrize("key", ["two words-here", "line\nbreak-here", "schlüssel-nr-1"])
def test_key_that_fits_no_header(key: str) -> None:
    with pytest.raises(BadSetting, match="palette:apiKey holds characters") as caught:
        connected(apiKey=key)
    assert key not in str(caught.value)


def test_own_ca_from_the_settings() -> None:
    with pytest.raises(BadSetting, match="palette:caCert"):
        connected(caCert="/nowhere.pem")
    assert connected(caCert=trustme.CA().cert_pem.bytes().decode())


# The key stays here


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_redirect_never_carries_the_key(server: Server, method: str, status: int) -> None:
    with serve() as thief:
        target = thief.url.replace("127.0.0.1", "localhost")
        server.on(f"{method} /v1/users/info", Reply(status, "", {"Location": f"{target}/v1"}))
        error = refused(connected(host=server.url), method, "/v1/users/info")
        assert thief.requests == []
    assert error.status == status
    assert f"to localhost ({status})" in str(error)


def test_key_is_cleared_from_all_that_follows() -> None:
    connected(apiKey="Qx3-known-from-here-on")
    assert str(ProviderError("it was Qx3-known-from-here-on")) == "it was [secret]"


def test_repr_and_logs_do_not_show_the_key(
    server: Server, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    client = connected(host=server.url)
    server.on(LIST, listed("u1"))
    with caplog.at_level(logging.DEBUG):
        client.locations("p1")
    assert KEY not in f"{client!r} {client._http!r} {client._http.service!r} {caplog.text}"
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []
    assert capfd.readouterr() == ("", "")


def test_secrets_in_bodies_are_cleared_and_bodies_cut(
    server: Server, client: PaletteClient
) -> None:
    remember("a-cloud-secret")
    told = f"{'x' * 240} a-cloud-secret {KEY} {'y' * 900}"
    for reply in (problem("Odd", told, 400), Reply(400, told), Reply(200, told)):
        server.on(f"{LIST}/s3/u1", reply)
        error = refused(client)
        assert "a-cloud" not in str(error)
        assert KEY not in str(error)
        assert ("[secret]" in str(error)) == (reply.status == 400)  # of a success nothing is shown
        assert len(str(error)) < 500
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None


# Refusals


@pytest.mark.parametrize(
    "reply",
    [
        problem("ResourceNotFound", f"API key {KEY} not found", 401),
        problem("ResourceNotFound", f"resource {KEY} not found", 404),
        problem("ResourceNotFound", "The api-key *** does not exist", 404),
        problem("Unauthorized", "token expired", 401),
        Reply(401, "<html>who are you</html>"),
    ],
)
def test_refused_key_is_not_taken_for_gone(
    server: Server, client: PaletteClient, reply: Reply
) -> None:
    server.on(f"{LIST}/s3/u1", reply)
    error = refused(client)
    assert type(error) is ApiKeyRejected
    host = server.url.removeprefix("http://")
    assert str(error) == (
        f"Palette at {host} refused the API key. Check palette:apiKey (or $PALETTE_API_KEY or "
        "$SPECTROCLOUD_APIKEY). `pulumi refresh` and `pulumi destroy` use the config of the last "
        "`pulumi up`: after changing the key, run `pulumi up` first. `palette-backup doctor --only "
        "palette.key` finds out more."
    )


def test_gone_is_404_with_its_code_only(server: Server, client: PaletteClient) -> None:
    cases: list[tuple[Reply, type[ApiError]]] = [
        (problem("ResourceNotFound", "no such location", 404), NotFound),
        (problem("ResourceNotFound", "no such location", 400), ApiError),
        (problem("ProjectNotFoundInTenant", "no such project", 404), ApiError),
        (Reply(404, "<html>not found</html>"), ApiError),
        (Reply(404), ApiError),
    ]
    for reply, kind in cases:
        server.on(f"{LIST}/s3/u1", reply)
        assert type(refused(client)) is kind


def test_a_list_that_is_not_found_says_nothing_of_its_items(
    server: Server, client: PaletteClient
) -> None:
    server.on(LIST, problem("ResourceNotFound", "no such project", 404))
    with pytest.raises(ApiError, match="no such project") as caught:
        client.locations("p1")
    assert type(caught.value) is ApiError


@pytest.mark.parametrize(
    ("code", "status", "hint"),
    [
        ("ProjectNotFoundInTenant", 404, "The project is gone, or"),
        ("ResourceAccessDenied", 403, "no access to the project"),
        ("OperationForbidden", 403, "location.create"),
    ],
)
def test_hints(server: Server, client: PaletteClient, code: str, status: int, hint: str) -> None:
    server.on(f"{LIST}/s3/u1", problem(code, "the reason", status))
    error = refused(client)
    assert f"Palette refused GET {LOCATIONS}/s3/u1 ({status} {code}): the reason" in str(error)
    assert hint in str(error)
    assert (error.status, error.code) == (status, code)


def test_text_of_a_refusal(server: Server, client: PaletteClient) -> None:
    server.on(f"POST {LOCATIONS}/s3", problem("DuplicateName", "the name exists", 409))
    error = refused(client, "POST", f"{LOCATIONS}/s3")
    assert (
        str(error) == f"Palette refused POST {LOCATIONS}/s3 (409 DuplicateName): the name exists."
    )


@pytest.mark.parametrize(
    ("reply", "limit"),
    [
        (problem("LocationLimitExceeded", "tenant may have 100 locations", 400), " (100)"),
        (problem("OperationalError", "Maximum number of locations: 250", 500), " (250)"),
        (problem("QuotaReached", "no more", 403), ""),
    ],
)
def test_limit_of_locations(
    server: Server, client: PaletteClient, reply: Reply, limit: str
) -> None:
    server.on(f"POST {LOCATIONS}/s3", reply)
    error = refused(client, "POST", f"{LOCATIONS}/s3")
    assert str(error).startswith(f"The tenant's limit of backup locations{limit} is reached.")


@pytest.mark.parametrize(
    ("call", "reply"),
    [
        (f"POST {LOCATIONS}/s3", problem("Invalid", "name: maximum length is 63", 400)),
        (f"POST {LOCATIONS}/s3", problem("Forbidden", "your role is limited", 403)),
        *((f"POST {path}", problem("Invalid", "quota exceeded", 400)) for path in VALIDATE),
        (f"PUT {LOCATIONS}/s3/u1", problem("Invalid", "some limit", 400)),
    ],
)
def test_what_is_not_the_limit_of_locations(
    server: Server, client: PaletteClient, call: str, reply: Reply
) -> None:
    server.on(call, reply)
    assert "tenant's limit" not in str(refused(client, *call.split()))


def test_gateway_page_names_host_call_and_effort(server: Server, client: PaletteClient) -> None:
    server.on(f"{LIST}/s3/u1", Reply(502, "<html>Bad\n  Gateway</html>"))
    error = refused(client)
    host = server.url.removeprefix("http://")
    assert str(error) == (
        f"Palette at {host} answered GET {LOCATIONS}/s3/u1 with 502 and no JSON: "
        "<html>Bad Gateway</html>. Tried 5 times in 8 s. "
        "Check palette:host."
    )
    assert error.unclear


@pytest.mark.parametrize("body", ["<html>log in</html>", '{"uid": "half', "null"])
def test_success_without_json_is_unclear(server: Server, client: PaletteClient, body: str) -> None:
    server.on(f"POST {LOCATIONS}/s3", Reply(200, body))
    error = refused(client, "POST", f"{LOCATIONS}/s3")
    assert (error.status, error.unclear) == (0, True)
    assert "could not be read: it" in str(error)
    assert "half" not in str(error)


@pytest.mark.parametrize("body", [{}, [], {"items": [{"metadata": {}}]}, {"items": "none"}])
def test_list_that_is_not_one_is_not_an_empty_list(
    server: Server, client: PaletteClient, body: Any
) -> None:
    server.on(LIST, Reply(200, body))
    with pytest.raises(ApiError, match="could not be read: it") as caught:
        client.locations("p1")
    assert caught.value.unclear


# Calls


@pytest.mark.parametrize("path", VALIDATE)
def test_project_goes_into_the_header(server: Server, client: PaletteClient, path: str) -> None:
    server.on(f"POST {path}", Reply(204))
    for project, sent in [("p1", "p1"), ("", None), (None, None)]:
        body = {"bucket": "b"}
        assert client.call("POST", path, body, project=project) is None
        assert server.requests[-1].headers.get("projectuid") == sent
        assert server.requests[-1].body == body


def test_tenant_is_asked_for_once(server: Server, client: PaletteClient) -> None:
    server.on("GET /v1/users/info", Reply(200, {"tenantUid": "t1", "userUid": "u"}))
    assert [client.tenant(), client.tenant()] == ["t1", "t1"]
    assert len(server.requests) == 1


def test_projects_by_name_or_uid_from_one_call(server: Server, client: PaletteClient) -> None:
    items = [{"metadata": {"name": f"team-{n:02}", "uid": f"uid{n}"}} for n in range(23)]
    server.on(PROJECTS, Reply(200, {"items": items}))
    assert client.project_uid("team-07") == "uid7"
    assert client.project_uid("uid8") == "uid8"
    with pytest.raises(ProviderError) as caught:
        client.project_uid("team-x")
    assert "no project 'team-x'" in str(caught.value)
    assert "It can see: team-00, team-01, " in str(caught.value)
    assert "team-19 and 3 more." in str(caught.value)
    assert server.calls() == [PROJECTS]
    assert "projectuid" not in server.requests[0].headers


# The list of locations


def test_one_list_a_scope(server: Server, client: PaletteClient) -> None:
    server.on(LIST, listed("u1", "u2"))
    assert set(client.locations("p1")) == set(client.locations("p1")) == {"u1", "u2"}
    assert len(server.requests) == 1
    client.locations("")
    assert [r.headers.get("projectuid") for r in server.requests] == ["p1", None]
    client.locations("p1", fresh=True)
    assert len(server.requests) == 3


def test_empty_list_may_be_null(server: Server, client: PaletteClient) -> None:
    server.on(LIST, Reply(200, {"items": None}))
    assert client.locations("p1") == {}


@pytest.mark.parametrize(
    ("call", "lists"),
    [
        (f"POST {LOCATIONS}/s3", 2),
        (f"PUT {LOCATIONS}/s3/u1", 2),
        (f"PATCH {LOCATIONS}/s3/u1/default", 2),
        (f"DELETE {LOCATIONS}/s3/u1", 1),
        (f"GET {LOCATIONS}/s3/u1", 1),
        *((f"POST {path}", 1) for path in VALIDATE),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_list_is_read_again_after_writes(
    server: Server, client: PaletteClient, call: str, lists: int, status: int
) -> None:
    server.on(LIST, listed("u1", "u2"))
    config = {"bucketName": "b", "region": "us-east-1"}
    whole = {"uid": "u1", "metadata": {"name": "n"}, "spec": {"config": config}}
    server.on(call, Reply(status, whole))
    client.locations("p1")
    if status == 200:
        client.call(*call.split(), project="p1")
    else:
        refused(client, *call.split())
    client.locations("p1")
    assert server.calls().count(LIST) == lists


def test_deleted_location_leaves_the_list(server: Server, client: PaletteClient) -> None:
    server.on(LIST, listed("u1", "u2"))
    server.on(f"DELETE {LOCATIONS}/s3/u1", Reply(204))
    before = client.locations("p1")
    client.call("DELETE", f"{LOCATIONS}/s3/u1", project="p1")
    assert set(client.locations("p1")) == {"u2"}
    assert set(before) == {"u1", "u2"}  # a caller may still be reading it


def test_four_threads_list_once(server: Server, client: PaletteClient) -> None:
    server.on(LIST, listed("u1"))
    server.delay.clear()
    ready = threading.Barrier(5)

    def ask() -> set[str]:
        ready.wait(10)
        return set(client.locations("p1"))

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ask) for _ in range(4)]
        ready.wait(10)
        server.delay.set()
        assert [answer.result(10) for answer in answers] == [{"u1"}] * 4
    assert server.calls() == [LIST]


# Import


def test_import_does_not_import_requests() -> None:
    client = "palette_backup_provider.clients.palette.client"
    code = f"import sys, {client}; sys.exit('requests' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
