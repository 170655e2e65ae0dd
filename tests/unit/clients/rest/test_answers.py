"""What comes of an answer that is not as documented: one error, which quotes nothing of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Base64,
    Moment,
    Name,
    Routes,
    Shape,
    Url,
    Whole,
    checked,
    decoded,
)
from palette_backup_provider.core.errors import NotFound, ProviderError, UnreadableAnswer

SECRET = "wSxkrB2pEMBNAAE9lD4oi6uA"


class Part(Shape):
    uid: Name
    on: bool = ABSENT
    tags: dict[str, str] | None = None


class Things(Shape):
    items: list[Part]
    made: Moment = ABSENT
    size: Whole = ABSENT
    key: Base64 = ABSENT
    url: Url = ABSENT


def refusal(answer: Any, shape: Any = Things, call: str = "GET /v1/things") -> UnreadableAnswer:
    with pytest.raises(UnreadableAnswer) as caught:
        checked(answer, shape, "Store", call)
    error = caught.value
    assert SECRET not in str(error) and "\n" not in str(error)
    assert error.unclear and not isinstance(error, NotFound)
    assert error.__cause__ is None and (error.__suppress_context__ or error.__context__ is None)
    return error


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, "it should be an object"),
        ([], "it should be an object"),
        (SECRET, "it should be an object"),
        ({}, "items is missing"),
        ({"items": None}, "items should be a list"),
        ({"items": {"uid": SECRET}}, "items should be a list"),
        ({"items": [{"uid": "a"}, {}]}, "items.1.uid is missing"),
        ({"items": [{"uid": 7}]}, "items.0.uid should be a text"),
        ({"items": [{"uid": f"../{SECRET}"}]}, "items.0.uid should be a name or an id"),
        ({"items": [{"uid": ""}]}, "items.0.uid should be a name or an id"),
        ({"items": [{"uid": "a", "on": "true"}]}, "items.0.on should be true or false"),
        ({"items": [{"uid": "a", "on": None}]}, "items.0.on should be true or false"),
        ({"items": [{"uid": "a", "tags": {"t": 1}}]}, "items.0.tags.t should be a text"),
        ({"items": [{"uid": "a", "tags": {"a\nb": 1}}]}, "items.0.tags.… should be a text"),
        ({"items": [], "made": "2026-11-28"}, "made should be a date and time with its zone"),
        ({"items": [], "made": SECRET}, "made should be a date and time with its zone"),
        ({"items": [], "size": "7e3"}, "size should be a whole number"),
        ({"items": [], "size": True}, "size should be a whole number"),
        ({"items": [], "key": f"{SECRET}!"}, "key should be base64"),
        ({"items": [], "url": "http://["}, "url should be a URL"),
        ({"items": [], "url": f"file:///{SECRET}"}, "url should be a URL"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(answer: Any, why: str) -> None:
    assert f"Store GET /v1/things: the answer could not be read: {why}" in str(refusal(answer))


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (10**400, "too large"),
        (-(2**63), "too large"),
        (float("inf"), "too large"),
        (float("nan"), "too large"),
        ("\ud800", "half a character"),
        ({"\ud800": 1}, "half a character"),
    ],
)
@pytest.mark.parametrize("shape", [Things, UNREAD])
def test_what_nothing_can_go_on_with_is_refused_wherever_it_is(
    part: Any, why: str, shape: Any
) -> None:
    assert why in str(refusal({"items": [], "more": [{"x": part}]}, shape))


def nested(levels: int) -> Any:
    found: Any = []
    for _ in range(levels - 1):
        found = [found]
    return found


def test_depth_has_a_limit_that_no_stack_notices() -> None:
    """A walk of ours takes up to three frames a level, and Python has a thousand."""
    deep = nested(60)
    assert checked(deep, UNREAD, "Store", "GET /") is deep
    for levels in (100, 2_000, 100_000):
        assert "nested too deeply" in str(refusal(nested(levels), UNREAD))


def test_an_answer_is_handed_on_as_it_came() -> None:
    answer = {
        "items": [{"uid": "a", "more": {"x": None}, "tags": None}],
        "made": "2026-11-28T10:00:00.1234567Z",
        "size": "9007199254740993",
        "key": "e30=",
        "url": "https://a.example:443/b",
        "when": datetime.now(UTC),
    }
    assert checked(answer, Things, "Store", "GET /") is answer


@pytest.mark.parametrize(
    "body",
    [
        f'{{"secretText": "{SECRET}',
        f'"{SECRET}"'.encode("latin-1")[:-1] + b"\xff",
        "[" * 200_000,
        "9" * 5000,
        " ",
    ],
)
def test_what_is_no_json_is_not_shown(body: Any) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    with pytest.raises(UnreadableAnswer, match=r"POST /v1/things: .* it is not JSON") as caught:
        decoded(raw, "Store", "POST /v1/things")
    assert SECRET not in str(caught.value)
    assert "It is open what was done." in str(caught.value)


def test_a_page_is_shown_as_it_tells_whose_it_is() -> None:
    with pytest.raises(UnreadableAnswer, match="but a page, <html> Log in to Proxy") as caught:
        decoded(b"\n<html>\n Log in to Proxy", "Store", "GET /v1/things")
    assert "It is open" not in str(caught.value)


ROUTES = Routes({"GET /b/{name}": Part, "GET {scope*}/roles/{id}": Things, "PUT /b/{name}": UNREAD})


def test_a_shape_is_found_by_method_and_path() -> None:
    part = json.dumps({"uid": "a"}).encode()
    assert ROUTES.read("Store", "GET", "/b/one?x=1", part) == {"uid": "a"}
    assert ROUTES.read("Store", "GET", "/B/one", part) == {"uid": "a"}
    assert ROUTES.read("Store", "GET", "/s/1/g/2/roles/r", b'{"items": []}') == {"items": []}
    assert ROUTES.read("Store", "PUT", "/b/one", b"") is None
    with pytest.raises(UnreadableAnswer, match=r"GET /b/one: .* it should be an object"):
        ROUTES.read("Store", "GET", "/b/one?key=value", b"")


@pytest.mark.parametrize("call", ["GET /b/one/two", "DELETE /b/one", "GET /b/", "GET x/b/one"])
def test_a_call_that_nobody_knows_is_told(call: str) -> None:
    with pytest.raises(ProviderError, match=r"Store has no call .* that is known here\. Check the"):
        method, path = call.split()
        ROUTES.read("Store", method, path, b"{}")
