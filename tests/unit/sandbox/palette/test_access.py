"""Who may call Palette, and who may call the control routes."""

import pytest
import requests

from palette_backup_provider.sandbox.palette.access import EMAIL, TOKEN_LIFETIME, Access
from palette_backup_provider.sandbox.palette.errors import Refusal
from tests.unit.sandbox.visitor import LOCATIONS, TIMEOUT, Visitor


def test_bad_key_is_not_found_and_repeated(visitor: Visitor) -> None:
    answer = visitor.send("GET", LOCATIONS, headers={"apikey": "wrong-key"})
    assert (answer.status_code, answer.json()["code"]) == (401, "ResourceNotFound")
    assert "wrong-key" in answer.json()["message"]
    visitor.control("POST", "knobs", {"bad_key": 404})
    assert visitor.send("GET", LOCATIONS, headers={"apikey": "wrong-key"}).status_code == 404


def test_no_key_is_refused(visitor: Visitor) -> None:
    assert visitor.send("GET", LOCATIONS).status_code == 401


def test_signing_in_gives_a_token(visitor: Visitor) -> None:
    credentials = {"emailId": EMAIL, "password": visitor.sandbox.access.password}
    signed_in = visitor.send("POST", "/v1/auth/authenticate", credentials).json()
    assert signed_in["isMfa"] is False
    token = signed_in["Authorization"]
    path = "/v1/users/info"
    assert visitor.send("GET", path, headers={"Authorization": token}).status_code == 200
    bearer = {"Authorization": f"Bearer {token}"}
    assert visitor.send("GET", path, headers=bearer).status_code == 401
    fresh = visitor.send("GET", f"/v1/auth/refresh/{token}").json()["Authorization"]
    assert fresh != token
    assert visitor.send("GET", path, headers={"Authorization": fresh}).status_code == 200


def test_wrong_password_is_refused(visitor: Visitor) -> None:
    wrong = {"emailId": EMAIL, "password": "wrong"}
    assert visitor.send("POST", "/v1/auth/authenticate", wrong).status_code == 401


def test_token_expires() -> None:
    now = 1000.0
    access = Access(lambda: now)
    token = access.sign_in(EMAIL, access.password)
    now += TOKEN_LIFETIME - 1
    access.refresh(token)
    now += 1
    with pytest.raises(Refusal, match="expired"):
        access.refresh(token)


def test_control_routes_need_the_token(visitor: Visitor) -> None:
    routes = ["GET state", "GET calls", "POST faults", "POST delay", "POST limit", "POST knobs"]
    for route in [*routes, "POST clusters", "POST reset"]:
        method, name = route.split()
        for headers in ({}, {"X-Sandbox-Token": "wrong"}):
            answer = visitor.send(method, f"/_sandbox/{name}", [], headers)
            assert answer.status_code == 401, route
            assert "locations" not in answer.text


def test_other_names_of_this_machine_are_refused(visitor: Visitor) -> None:
    for url in (visitor.sandbox.url, visitor.cloud):
        answer = requests.get(
            f"{url}/",
            headers={"Host": "evil.test"},
            verify=visitor.env["PALETTE_CA_CERT"],
            timeout=TIMEOUT,
        )
        assert answer.status_code == 421


def test_no_other_origin_is_let_in(visitor: Visitor) -> None:
    told = visitor.send("GET", "/", headers={"Origin": "https://evil.test"}).headers
    assert not [name for name in told if name.lower().startswith("access-control")]
