"""Who may ask the page for what, and what it is made of."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from palette_backup_provider.sandbox.page import app
from palette_backup_provider.sandbox.proxy.conditions import Delay
from palette_backup_provider.sandbox.proxy.faults import KINDS, Fault
from tests.unit.sandbox.visitor import CLOUD, TIMEOUT, Visitor

FOLDER = Path(app.__file__).parent
CONTROLS = ("faults", "delay", "limit", "knobs", "clusters", "reset")
EVIL = "http://evil.test"


def ask(
    visitor: Visitor, method: str, path: str, headers: Mapping[str, str | None], **how: Any
) -> requests.Response:
    """What the page's own script would ask for, but for the headers given; None leaves one out."""
    own = {"Origin": visitor.sandbox.page if method == "POST" else None}
    own |= {"Sec-Fetch-Site": "same-origin", "X-Sandbox-Token": visitor.sandbox.token}
    url = f"{visitor.sandbox.page}{path}"
    return requests.request(method, url, headers={**own, **headers}, timeout=TIMEOUT, **how)


def delayed(visitor: Visitor, headers: Mapping[str, str | None], **how: Any) -> int:
    """The status of an attempt to set the delay, which must do nothing where it is refused."""
    answer = ask(visitor, "POST", "/_sandbox/delay", headers, **(how or {"json": {"seconds": 7}}))
    assert (visitor.sandbox.conditions.delay == 7) == answer.ok
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    visitor.sandbox.conditions.reset()
    return answer.status_code


def test_the_page_itself_may_disturb(visitor: Visitor) -> None:
    assert delayed(visitor, {}) == 204
    assert delayed(visitor, {"Sec-Fetch-Site": None}) == 204  # older browsers do not say it


@pytest.mark.parametrize("token", [None, "", "wrong", "Bearer"])
def test_controls_need_the_token(visitor: Visitor, token: str | None) -> None:
    assert delayed(visitor, {"X-Sandbox-Token": token}) == 401
    for name in CONTROLS:
        path = f"/_sandbox/{name}?token={visitor.sandbox.token}"  # a query is logged everywhere
        assert ask(visitor, "POST", path, {"X-Sandbox-Token": token}, json=[]).status_code == 401
    state = ask(visitor, "GET", "/_sandbox/state", {"X-Sandbox-Token": token})
    assert state.status_code == 401


@pytest.mark.parametrize("origin", [EVIL, "null", None, "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_origin_disturbs_nothing_even_with_the_token(
    visitor: Visitor, origin: str | None
) -> None:
    assert delayed(visitor, {"Origin": origin}) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_disturbs_nothing_and_reads_nothing(visitor: Visitor, site: str) -> None:
    told = {"Sec-Fetch-Site": site}
    assert delayed(visitor, told) == 403
    for path in ("/state", "/static/page.js", "/_sandbox/state"):
        assert ask(visitor, "GET", path, told).status_code == 403
    assert ask(visitor, "GET", "/", told).status_code == 200  # a link leads here


def test_another_origin_reads_nothing(visitor: Visitor) -> None:
    assert ask(visitor, "GET", "/state", {"Origin": EVIL}).status_code == 403


def test_a_name_that_leads_here_is_refused(visitor: Visitor) -> None:
    port = urlsplit(visitor.sandbox.page).port
    for host in (f"evil.test:{port}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.test:{port}"):
        rebound = {"Host": host, "Origin": f"http://{host}"}
        assert delayed(visitor, rebound) == 421
        for path in ("/", "/state", "/static/page.js"):
            assert ask(visitor, "GET", path, rebound).status_code == 421
    named = f"localhost:{port}"
    assert delayed(visitor, {"Host": named, "Origin": f"http://{named}"}) == 204


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_what_a_form_can_send_is_no_order(visitor: Visitor, kind: str | None) -> None:
    assert delayed(visitor, {"Content-Type": kind}, data='{"seconds": 7}') == 415


def test_a_preflight_is_not_answered(visitor: Visitor) -> None:
    asked = {
        "Origin": EVIL,
        "Sec-Fetch-Site": "cross-site",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-sandbox-token",
    }
    answer = ask(visitor, "OPTIONS", "/_sandbox/delay", asked)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_every_answer_forbids_what_the_page_does_not_need(visitor: Visitor) -> None:
    for path, headers in (("/", {}), ("/state", {}), ("/nothing", {}), ("/", {"Host": "evil"})):
        answer = ask(visitor, "GET", path, headers)
        rules = dict(
            rule.strip().partition(" ")[::2]
            for rule in answer.headers["Content-Security-Policy"].split(";")
        )
        forbidden = ("default-src", "base-uri", "form-action", "frame-ancestors", "trusted-types")
        assert {rules.pop(name) for name in forbidden} == {"'none'"}
        assert set(rules.values()) == {"'self'", "'script'"}
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_only_files_of_the_page_are_served(visitor: Visitor) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/app.py", "/templates/page.html"):
        assert ask(visitor, "GET", path, {}).status_code == 404
    for file in (FOLDER / "static").iterdir():
        assert ask(visitor, "GET", f"/static/{file.name}", {}).content == file.read_bytes()


class Tags(HTMLParser):
    """Every tag of a page, with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.found if name == tag)


@pytest.fixture
def tags(visitor: Visitor) -> Tags:
    return Tags(ask(visitor, "GET", "/", {}).text)


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(tags: Tags) -> None:
    for tag, attributes in tags.found:
        assert tag not in ("style", "base", "iframe", "object", "embed")
        assert tag != "script" or attributes["src"]
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "action"):
            assert re.match("/static/|#|$", attributes.get(name) or "")
    for file in FOLDER.glob("static/*.*s"):
        assert not re.search(r"//\w|@import|url\(", file.read_text()), file.name


def test_its_script_makes_no_html_of_text() -> None:
    makes = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|srcdoc"
    for file in FOLDER.glob("static/*.js"):
        assert not re.search(makes, file.read_text()), file.name


def test_its_forms_have_what_the_routes_take(tags: Tags) -> None:
    names = [str(one["name"]) for tag in ("input", "select") for one in tags.of(tag)]
    clusters = {"uid", "clusters"}
    assert sorted(names) == sorted({*Fault.model_fields, *Delay.model_fields, *clusters})
    assert [one["data-told"] for one in tags.of("option") if "data-told" in one] == [
        *KINDS.values()
    ]


def test_no_fault_strikes_the_page_and_nothing_of_it_is_counted(visitor: Visitor) -> None:
    visitor.plan({"fault": "reset", "times": 9})
    assert ask(visitor, "GET", "/state", {}).status_code == 200
    assert visitor.sandbox.conditions.report() == {
        "palette": {},
        CLOUD: {},
        "rejected": 0,
        "held": 0,
    }
