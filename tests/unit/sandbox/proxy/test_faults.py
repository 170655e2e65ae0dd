"""Each fault does what it says, on the service, the call and the moment it was meant for."""

import threading
from typing import Any

import pytest
import requests

from palette_backup_provider.sandbox.proxy.faults import Fault, Faults
from tests.unit.sandbox.visitor import CLOUD, LOCATIONS, TIMEOUT, Visitor, body

CREATE = f"POST {LOCATIONS}/s3"


def create(visitor: Visitor) -> requests.Response:
    return visitor.palette("POST", f"{LOCATIONS}/s3", body("nightly"))


def fault(kind: str, when: str, **more: Any) -> dict[str, Any]:
    return {"service": "palette", "call": CREATE, "fault": kind, "when": when, **more}


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_status(visitor: Visitor, when: str, made: int) -> None:
    visitor.plan(fault("status", when, status=502))
    answer = create(visitor)
    assert answer.status_code == 502
    assert answer.text.startswith("<html>")
    assert len(visitor.listed()) == made


def test_status_may_say_when_to_come_again(visitor: Visitor) -> None:
    visitor.plan(fault("status", "before", status=429, retry_after=3))
    answer = create(visitor)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    visitor.plan(fault("status", "before", status=429))
    assert "Retry-After" not in create(visitor).headers


def test_mislabel(visitor: Visitor) -> None:
    visitor.plan(fault("mislabel", "before"))
    answer = create(visitor)
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "text/html")
    assert answer.json()["uid"]
    assert len(visitor.listed()) == 1


def test_garble(visitor: Visitor) -> None:
    visitor.plan(fault("garble", "before"))
    answer = create(visitor)
    assert (answer.status_code, answer.json()) == (201, {"garbled": None})
    assert len(visitor.listed()) == 1


@pytest.mark.parametrize("status", [401, 404])
def test_revoke(visitor: Visitor, status: int) -> None:
    visitor.control("POST", "knobs", {"bad_key": status})
    visitor.plan(fault("revoke", "after"))
    answer = create(visitor)
    assert (answer.status_code, answer.json()["message"]) == (status, "API key not found")
    assert visitor.listed() == []


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_reset(visitor: Visitor, when: str, made: int) -> None:
    visitor.plan(fault("reset", when))
    with pytest.raises(requests.ConnectionError):
        create(visitor)
    assert len(visitor.listed()) == made


def test_reset_is_a_tcp_reset(visitor: Visitor) -> None:
    visitor.plan({"service": CLOUD, "call": "*", "fault": "reset"})
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        requests.get(visitor.cloud, timeout=TIMEOUT)


def test_truncate(visitor: Visitor) -> None:
    visitor.plan(fault("truncate", "before"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        create(visitor)
    assert len(visitor.listed()) == 1


def test_truncated_answer_without_body_is_a_reset(visitor: Visitor) -> None:
    uid = visitor.register()
    call = f"DELETE {LOCATIONS}/{{uid}}"
    visitor.plan({"service": "palette", "call": call, "fault": "truncate"})
    with pytest.raises(requests.ConnectionError):
        visitor.palette("DELETE", f"{LOCATIONS}/{uid}")


class Held:
    """A call that is held back, made by a thread of its own."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.result: list[object] = []
        self._thread = threading.Thread(target=self._call)
        self._thread.start()
        while not visitor.sandbox.conditions.faults.held:
            assert not self.result, self.result

    def _call(self) -> None:
        try:
            self.result.append(create(self.visitor).status_code)
        except requests.ConnectionError as error:
            self.result.append(type(error))

    def end(self) -> object:
        self._thread.join(TIMEOUT)
        return self.result[0]


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_silence_ends_in_a_reset(visitor: Visitor, when: str, made: int) -> None:
    visitor.plan(fault("silence", when))
    held = Held(visitor)
    assert visitor.control("GET", "calls").json()["held"] == 1
    assert len(visitor.listed()) == made
    visitor.plan()
    assert held.end() is requests.ConnectionError
    assert len(visitor.listed()) == made


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_stopped_call_goes_on_when_the_plan_is_cleared(
    visitor: Visitor, when: str, made: int
) -> None:
    visitor.plan(fault("stop", when))
    held = Held(visitor)
    assert len(visitor.listed()) == made
    visitor.plan()
    assert held.end() == 201
    assert len(visitor.listed()) == 1


def test_stopped_call_of_a_client_that_is_gone_has_no_effect(visitor: Visitor) -> None:
    visitor.plan(fault("stop", "before"))
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{visitor.sandbox.url}{LOCATIONS}/s3",
            json=body("nightly"),
            headers={"ApiKey": visitor.env["PALETTE_API_KEY"]},
            verify=visitor.env["PALETTE_CA_CERT"],
            timeout=0.2,
        )
    visitor.plan()
    while visitor.sandbox.conditions.faults.held:
        pass
    assert visitor.listed(None) == []


def test_only_the_named_call_is_struck_and_only_so_often(visitor: Visitor) -> None:
    visitor.plan(fault("status", "before", times=2))
    assert visitor.palette("GET", LOCATIONS).status_code == 200
    assert [create(visitor).status_code for _ in range(3)] == [503, 503, 201]


def test_call_on_an_id_is_named_without_it(visitor: Visitor) -> None:
    uid = visitor.register()
    call = f"GET {LOCATIONS}/s3/{{uid}}"
    visitor.plan({"service": "palette", "call": call, "fault": "status"})
    assert visitor.palette("GET", f"{LOCATIONS}/s3/{uid}").status_code == 503


def test_any_call_of_any_service_can_be_struck_at_a_number() -> None:
    faults = Faults()
    faults.plan([Fault(service="*", call="*", fault="stop", at=3, times=2)])
    struck = [faults.strike(service, "x") is not None for service in ("a", "b", "a", "b", "a")]
    assert struck == [False, False, True, True, False]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"service": "nobody", "call": "*", "fault": "reset"},
        {"service": "palette", "call": "*", "fault": "earthquake"},
        {"service": "palette", "call": "*", "fault": "reset", "wehn": "after"},
        {"service": "palette", "call": "*", "fault": "status", "status": 100},
        {"service": "palette", "call": "*", "fault": "error"},
        {"service": "palette", "call": "*", "fault": "error", "error": "NoSuchBucket"},
        {"service": "palette", "call": "*", "fault": "stop", "error": "TooManyRequests"},
    ],
)
def test_plan_with_a_mistake_is_refused(visitor: Visitor, nonsense: dict[str, Any]) -> None:
    answer = visitor.control("POST", "faults", [nonsense])
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidRequest")
