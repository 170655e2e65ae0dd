"""Counting, limit, latency and delay, on a service of the test's own and without waiting."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.proxy.known_error import KnownError
from palette_backup_provider.sandbox.proxy.proxy import Proxy
from palette_backup_provider.sandbox.proxy.rate_limit import Limit, RateLimit
from tests.unit.sandbox.visitor import LOCATIONS, Visitor


class Echo:
    """A service that answers with what it was sent."""

    name = "echo"

    def __init__(self, *, limited: bool = False) -> None:
        self.limited = limited
        self.errors = {"Tired": KnownError(503, "I am"), "Deaf": KnownError(400, "", "/shout")}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return Response(Request(environ).get_data())(environ, start_response)

    def call(self, request: Request) -> str | None:
        return None if request.path == "/" else f"{request.method} {request.path}"

    def credential_made_at(self, request: Request) -> float | None:
        made = request.headers.get("Made")
        return float(made) if made else None

    def unknown(self, request: Request) -> Response:
        return Response("who are you?", 403)

    def refused(self, request: Request, code: str) -> Response | None:
        known = self.errors[code]
        return Response(code, known.status) if request.path.startswith(known.of) else None

    def too_many(self) -> Response | None:
        return Response("slow down", 429) if self.limited else None


class Time:
    """A clock that stands still, and notes who would have slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now


def conditions_at(time: Time) -> Conditions:
    return Conditions(time, time.slept.append)


def test_calls_are_passed_on_and_counted() -> None:
    conditions = conditions_at(Time())
    client = Client(Proxy(Echo(), conditions))
    assert client.post("/a", data=b"hello").data == b"hello"
    client.post("/a", data=b"again")
    client.get("/")
    assert conditions.report() == {"echo": {"POST /a": 2}, "rejected": 0, "held": 0}


def test_an_error_strikes_the_calls_that_can_end_in_it() -> None:
    conditions = conditions_at(Time())
    client = Client(Proxy(Echo(), conditions))
    conditions.faults.plan([Fault(fault="error", error="Deaf", times=2)])
    paths = ["/a", "/shout", "/a", "/shout", "/shout"]
    assert [client.get(path).status_code for path in paths] == [200, 400, 200, 400, 200]
    conditions.faults.plan([Fault(fault="error", error="Tired", when="after")])
    assert client.post("/a", data=b"hello").data == b"Tired"
    assert client.post("/a", data=b"hello").data == b"hello"
    conditions.faults.plan([Fault(fault="error", error="Unheard")])  # another service has it
    assert client.post("/a", data=b"hello").data == b"hello"


def test_fresh_credential_is_unknown_until_it_is_old_enough() -> None:
    time = Time()
    conditions = conditions_at(time)
    client = Client(Proxy(Echo(), conditions))
    made = {"Made": "1000.0"}
    assert client.get("/a", headers=made).status_code == 200
    conditions.delay = 5
    assert client.get("/a", headers=made).status_code == 403
    assert client.get("/a").status_code == 200
    time.now = 1004.9
    assert client.get("/a", headers=made).status_code == 403
    time.now = 1005.0
    assert client.get("/a", headers=made).status_code == 200


def test_limit_holds_only_for_who_has_one() -> None:
    conditions = conditions_at(Time())
    conditions.limit.limit = Limit(burst=1, latency_ms=100)
    free, limited = Client(Proxy(Echo(), conditions)), Client(Proxy(Echo(limited=True), conditions))
    assert [free.get("/v1/a").status_code for _ in range(3)] == [200, 200, 200]
    assert [limited.get("/v1/a").status_code for _ in range(3)] == [200, 429, 429]
    assert conditions.report()["rejected"] == 2


def test_latency_is_waited_out() -> None:
    time = Time()
    conditions = conditions_at(time)
    conditions.limit.limit = Limit(latency_ms=100)
    Client(Proxy(Echo(limited=True), conditions)).get("/v1/a")
    assert time.slept == [0.1]


def test_bucket_fills_at_the_rate_up_to_the_burst() -> None:
    time = Time()
    limit = RateLimit(time)
    limit.limit = Limit(rate=10, burst=3)

    def admitted() -> int:
        return sum(limit.admits("/v1/users/x", "me") for _ in range(20))

    assert admitted() == 3
    time.now += 0.2
    assert admitted() == 2
    time.now += 60
    assert admitted() == 3


def test_each_prefix_and_caller_has_a_bucket_of_its_own() -> None:
    limit = RateLimit(Time())
    limit.limit = Limit(burst=1)
    assert limit.admits("/v1/users/a", "me")
    assert not limit.admits("/v1/users/b", "me")
    assert limit.admits("/v1/clouds/a", "me")
    assert limit.admits("/v1/users/a", "you")


def test_switched_off_limit_lets_all_through() -> None:
    limit = RateLimit(Time())
    limit.limit = Limit(enabled=False, burst=1)
    assert all(limit.admits("/v1/users/a", "me") for _ in range(100))


def test_clusters_have_a_higher_rate() -> None:
    time = Time()
    limit = RateLimit(time)
    limit.limit = Limit(rate=10, burst=10)
    for path, more in (("/v1/users/a", 1), ("/v1/spectroclusters/a", 5)):
        while limit.admits(path, "me"):
            pass
        time.now += 0.1
        assert sum(limit.admits(path, "me") for _ in range(20)) == more


def test_palette_says_too_many_and_does_not_say_until_when(visitor: Visitor) -> None:
    visitor.control("POST", "limit", {"rate": 0.001, "burst": 1})
    assert visitor.palette("GET", LOCATIONS).status_code == 200
    refused = visitor.palette("GET", LOCATIONS)
    assert (refused.status_code, refused.json()["code"]) == (429, "TooManyRequests")
    assert "Retry-After" not in refused.headers
    report = visitor.control("GET", "calls").json()
    assert report["rejected"] == 1
    assert report["palette"] == {f"GET {LOCATIONS}": 1}
