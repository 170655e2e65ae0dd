"""The page in a real browser: live, by keyboard, for everybody, and shut to other sites."""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.wrappers import Request, Response

from palette_backup_provider.core.text import plain
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.proxy.server import Server
from tests import browser
from tests.clouds import in_some_folders
from tests.unit.core.test_text import HOSTILE
from tests.unit.sandbox import __name__ as SANDBOX
from tests.unit.sandbox.page.test_state import JUDGED, ON_CLOUDS, UNJUDGED, registered
from tests.unit.sandbox.visitor import CLOUD, KIND, LOCATIONS, Visitor

WIDE, NARROW = (1280, 900), (360, 740)
MARKUP = "<img src=x onerror=document.title='hacked'><script>document.title='hacked'</script>"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2, whose target size axe checks on demand alone, and axe's own advice."""
PATIENCE = 20
STEPS = 60
"""More presses of Tab than the page has places to stop."""

if browser.missing():
    pytest.skip(f"no browser: {browser.missing()}", allow_module_level=True)


class Page:
    """What a person sees and does."""

    def __init__(self, chrome: Chrome, visitor: Visitor) -> None:
        self.chrome, self.visitor = chrome, visitor

    def open(self, fragment: str = "") -> None:
        address = self.visitor.sandbox.page
        self.chrome.get(address)
        self.script("sessionStorage.clear()")
        self.chrome.get("about:blank")  # else a new fragment loads nothing
        self.severe()  # what earlier tests left
        self.chrome.get(f"{address}/{fragment and '#' + fragment}")
        self.wait(lambda: self.text("#connection") == "Live")

    def open_with_token(self) -> None:
        self.open(self.visitor.sandbox.token)

    def text(self, css: str) -> str:
        return str(self.script("return document.querySelector(arguments[0]).innerText", css))

    def shows(self, css: str) -> bool:
        return bool(
            self.script("return document.querySelector(arguments[0]).checkVisibility()", css)
        )

    def script(self, text: str, *arguments: Any) -> Any:
        return self.chrome.execute_script(text, *arguments)

    def wait(self, holds: Callable[[], Any]) -> None:
        WebDriverWait(self.chrome, PATIENCE, poll_frequency=0.05).until(lambda _: holds())

    def press(self, *keys: str) -> None:
        ActionChains(self.chrome).send_keys(*keys).perform()

    def walk_to(self, css: str) -> None:
        """Press Tab until that is in focus, and seen to be."""
        for _ in range(STEPS):
            self.press(Keys.TAB)
            if self.script("return document.activeElement.matches(arguments[0])", css):
                width = "return parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
                assert self.script(width) >= 2
                return
        pytest.fail(f"no press of Tab leads to {css}")

    def severe(self) -> list[dict[str, Any]]:
        """What the browser complains of, such as of what the policy of contents forbids."""
        told = self.chrome.get_log("browser")  # type: ignore[no-untyped-call]
        return [one for one in told if one["level"] == "SEVERE"]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chrome]:
    with browser.browser() as opened:
        yield opened


@pytest.fixture
def page(chrome: Chrome, visitor: Visitor) -> Page:
    browser.set_screen(chrome, *WIDE, dark=False)
    return Page(chrome, visitor)


def fill(visitor: Visitor) -> str:
    """Have everything that the page shows: the uid of a location."""
    good = in_some_folders(SANDBOX, "visitor")[CLOUD].issued(visitor, "nightly-velero")
    path, validated = ON_CLOUDS[CLOUD].VALIDATED
    for one in (good, {"accessKey": "none"}):
        visitor.palette("POST", path, {**validated, "credentials": one})
    visitor.register(HOSTILE, JUDGED, project="team-a")
    visitor.register(MARKUP, UNJUDGED, project=None)
    uid = visitor.register(default=True)
    wanted = registered(good)
    wanted["spec"]["isDefault"] = True
    visitor.palette("PUT", f"{LOCATIONS}/{KIND}/{uid}", wanted)
    visitor.control("POST", "clusters", {"uid": uid, "clusters": [{"name": MARKUP}]})
    visitor.control("POST", "delay", {"seconds": 0.5})
    visitor.control("POST", "limit", {"rate": 2, "latency_ms": 1})
    visitor.plan({"fault": "status", "call": MARKUP}, {"fault": "stop", "service": CLOUD})
    return uid


def test_what_changes_appears_without_a_reload(page: Page) -> None:
    page.open()
    page.script("window.loaded = 'once'")
    assert "There is none yet." in page.text("main")
    uid = page.visitor.register("nightly")
    page.wait(lambda: "nightly" in page.text("#scopes"))
    assert page.text("#announcements") == "nightly: new."
    assert "There is none yet." not in page.text("main")
    page.visitor.plan({"fault": "reset", "service": "palette"})
    page.wait(lambda: "reset before any call of palette" in page.text("#in-force"))
    page.visitor.plan()
    page.visitor.palette("DELETE", f"{LOCATIONS}/{uid}")
    page.wait(lambda: "nightly" not in page.text("#scopes"))
    assert page.text("#announcements") == "nightly: gone."
    assert page.script("return window.loaded") == "once"
    assert page.severe() == []


def test_without_the_token_it_only_shows(page: Page) -> None:
    for fragment in ("", "not-a-token"):
        page.open(fragment)
        assert "palette-backup sandbox page" in page.text("#locked")
        assert not page.shows("#controls")


def test_a_token_of_another_run_is_said(page: Page) -> None:
    page.open("0" * 32)
    page.walk_to("details:last-of-type summary")
    page.press(Keys.ENTER)
    page.walk_to("button.danger")
    page.press(Keys.ENTER)
    page.wait(lambda: page.text("#announcements").startswith("The token of this address is of"))
    assert not page.shows("#controls")


def test_it_is_disturbed_by_keyboard_alone(page: Page) -> None:
    uid = page.visitor.register("nightly")
    page.open_with_token()
    assert page.visitor.sandbox.token not in str(page.chrome.current_url)
    conditions = page.visitor.sandbox.conditions

    page.walk_to("summary")
    page.press(Keys.ENTER)
    page.walk_to("select[name=fault]")
    page.press("rev")
    page.wait(lambda: "the credential is refused" in page.text("#fault-told"))
    page.walk_to("select[name=service]")
    page.press(CLOUD)
    page.walk_to("input[name=call]")
    page.press("GetUser")
    page.walk_to("input[name=times]")
    page.press(Keys.CONTROL + "a" + Keys.NULL, "3", Keys.ENTER)
    page.wait(lambda: f"revoke before GetUser of {CLOUD}" in page.text("#in-force"))
    page.wait(lambda: page.text("output") == "The fault is planted.")
    planted = Fault(fault="revoke", service=CLOUD, call="GetUser", times=3)
    assert conditions.faults.in_force() == [(planted, 0)]
    page.walk_to("button.other")
    page.press(Keys.SPACE)
    page.wait(lambda: page.text("#in-force") == "Nothing disturbs the sandbox.")

    page.walk_to("summary:not([open] > summary)")
    page.press(Keys.ENTER)
    page.walk_to("input[name=seconds]")
    page.press(Keys.CONTROL + "a" + Keys.NULL, "15", Keys.ENTER)
    page.wait(lambda: "Fresh credentials are refused for 15 s." in page.text("#in-force"))
    assert conditions.delay == 15

    page.walk_to("summary:not([open] > summary)")
    page.press(Keys.ENTER)
    page.walk_to("select[name=uid]")
    page.walk_to("input[name=clusters]")
    page.press("prod-1, prod-2", Keys.ENTER)
    page.wait(lambda: "prod-1, prod-2" in page.text("#scopes"))
    clusters = page.visitor.palette(
        "GET", f"/v1/spectroclusters/features/backup/locations/{uid}"
    ).json()["clusters"]
    assert [one["name"] for one in clusters] == ["prod-1", "prod-2"]

    page.walk_to("summary:not([open] > summary)")
    page.press(Keys.ENTER)
    page.walk_to("button.danger")
    page.press(Keys.ENTER)
    page.wait(lambda: "nightly" not in page.text("#scopes"))
    assert (page.visitor.sandbox.store.all(), conditions.delay) == ([], 0)
    assert page.severe() == []


def test_an_error_of_a_service_is_planted_by_its_code(page: Page) -> None:
    page.open_with_token()
    page.walk_to("summary")
    page.press(Keys.ENTER)
    assert not page.shows("input[name=error]")
    page.walk_to("select[name=fault]")
    page.press("err")
    page.walk_to("input[name=error]")
    page.press("NoSuchBucket", Keys.ENTER)
    page.wait(lambda: "error NoSuchBucket before any call" in page.text("#in-force"))
    offered = page.script(
        "return [...document.querySelectorAll('#errors option')].map(o => o.value)"
    )
    assert {"NoSuchBucket", "OperationForbidden"} <= set(offered)
    assert violations(page) == []


def test_a_refusal_is_said(page: Page) -> None:
    page.open_with_token()
    page.script("document.querySelector('details').open = true")
    page.script("document.querySelector('input[name=status]').required = false")
    page.script("document.querySelector('input[name=status]').value = 99")
    page.script("document.querySelector('form').noValidate = true")
    page.script("document.querySelector('form button').click()")
    page.wait(lambda: page.text("output").startswith("Refused: "))
    assert page.visitor.sandbox.conditions.faults.in_force() == []


def test_a_lost_connection_is_said_and_found_again(page: Page) -> None:
    page.visitor.register("nightly")
    page.open()
    page.chrome.execute_cdp_cmd("Network.enable", {})
    try:
        offline(page, True)
        page.wait(lambda: page.text("#connection").startswith("Connection lost: the sandbox"))
        assert "nightly" in page.text("#scopes")
        page.visitor.register("weekly")
        offline(page, False)
        page.wait(lambda: page.text("#connection") == "Live")
        page.wait(lambda: "weekly" in page.text("#scopes"))
    finally:
        page.chrome.execute_cdp_cmd("Network.disable", {})


def offline(page: Page, how: bool) -> None:
    network = {"offline": how, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    page.chrome.execute_cdp_cmd("Network.emulateNetworkConditions", network)


def test_names_are_text_and_nothing_else(page: Page) -> None:
    fill(page.visitor)
    page.open_with_token()
    assert page.text("#scopes").count(MARKUP) == 2
    assert plain(HOSTILE) in page.text("#scopes")
    assert MARKUP in page.text("#in-force")
    assert page.script("return document.title") == "Palette sandbox"
    assert page.script("return document.querySelectorAll('img, script').length") == 2
    assert page.severe() == []


@pytest.mark.parametrize(
    ("size", "dark"),
    [
        pytest.param(WIDE, False, id="wide, light"),
        pytest.param(NARROW, True, id="narrow, dark"),
        pytest.param(WIDE, True, id="wide, dark", marks=pytest.mark.stress),
        pytest.param(NARROW, False, id="narrow, light", marks=pytest.mark.stress),
    ],
)
def test_axe_finds_nothing(page: Page, size: tuple[int, int], dark: bool) -> None:
    browser.set_screen(page.chrome, *size, dark=dark)
    page.open()
    found = violations(page)
    fill(page.visitor)
    page.open_with_token()
    page.script("for (const one of document.querySelectorAll('details')) one.name = ''")
    page.script("for (const one of document.querySelectorAll('details')) one.open = true")
    page.script("document.body.className = 'stale'")
    found += violations(page)
    assert found == []
    wider = "return document.documentElement.scrollWidth - innerWidth"
    assert page.script(wider) <= 0


def violations(page: Page) -> list[str]:
    page.script((files("selenium_axe_python") / "axe-core" / "axe.min.js").read_text("utf-8"))
    run = "axe.run({runOnly: arguments[0]}).then(arguments[1])"
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in page.chrome.execute_async_script(run, RULES)["violations"]
        for node in one["nodes"]
    ]


EVIL = """<!doctype html><title>waits</title><iframe name=inside></iframe>
<form method=post target=inside enctype=text/plain action=TARGET/_sandbox/delay>
<input name='{"seconds": 7, "x":"' value='"}'></form><script>
const told = [];
const attempt = (path, how) =>
  fetch("TARGET" + path, how).then(a => a.text()).then(t => told.push(t), () => told.push(""));
const order = {method: "POST", body: '{"seconds": 7}'};
const headers = {"X-Sandbox-Token": "TOKEN", "Content-Type": "application/json"};
document.forms[0].submit();
Promise.all([
  attempt("/state"), attempt("/state", {mode: "no-cors"}), attempt("/_sandbox/state", {headers}),
  attempt("/_sandbox/delay", {...order, mode: "no-cors"}),
  attempt("/_sandbox/delay", {...order, headers}),
  new Promise(done => {
    const script = document.createElement("script");
    script.onload = () => done(told.push("a script of the page ran"));
    script.onerror = done;
    script.src = "TARGET/static/page.js";
    document.body.append(script);
  }),
]).then(() => document.title = JSON.stringify(told));
</script>"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_disturbs_nothing_and_reads_nothing(page: Page, name: str) -> None:
    """Even one that knows the token: `127.0.0.1` is the same site, and another origin."""
    fill(page.visitor)
    before = page.visitor.sandbox.conditions.delay
    sandbox = page.visitor.sandbox
    text = EVIL.replace("TARGET", sandbox.page).replace("TOKEN", sandbox.token)
    evil = Server(Request.application(lambda _: Response(text, content_type="text/html")))
    try:
        page.chrome.get(evil.url.replace("127.0.0.1", name))
        page.wait(lambda: page.script("return document.title") != "waits")
        assert set(json.loads(page.script("return document.title"))) == {""}
        frame = page.chrome.find_element(By.NAME, "inside")
        page.chrome.switch_to.frame(frame)
        assert "nightly" not in str(page.chrome.page_source)
        page.chrome.switch_to.default_content()
    finally:
        page.chrome.get("about:blank")
        evil.stop()
    assert sandbox.conditions.delay == before
