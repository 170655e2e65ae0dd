"""Pictures of the sandbox's page: `python -m tests.pictures.page FOLDER`."""

import sys
from base64 import b64decode
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

from palette_backup_provider.sandbox.run import Sandbox
from tests.browser import browser, set_screen
from tests.clouds import in_some_folders
from tests.unit.sandbox.visitor import LOCATIONS, Visitor

SHOWN = in_some_folders(__package__, "page")
"""The clouds that have something to show."""

PICTURES = {"sandbox-page": (1280, 780, False)}
"""By name of the file: width and height in CSS pixels, and whether dark."""
PATIENCE = 20


def write(folder: Path) -> None:
    """Write each of `PICTURES` as a PNG into the folder."""
    with Sandbox(SHOWN) as sandbox, browser() as chrome:
        _furnish(Visitor(sandbox))
        for name, (width, height, dark) in PICTURES.items():
            set_screen(chrome, width, height, dark)
            chrome.get("about:blank")  # else a new fragment loads nothing
            chrome.get(f"{sandbox.page}/#{sandbox.token}")
            WebDriverWait(chrome, PATIENCE).until(lambda opened: "nightly" in opened.page_source)
            (folder / f"{name}.png").write_bytes(_picture(chrome))


def _furnish(visitor: Visitor) -> None:
    """What each cloud has to show, and disturbances."""
    for cloud in SHOWN.values():
        cloud.furnish(visitor)
    visitor.plan({"fault": "status", "service": "palette", "call": f"GET {LOCATIONS}", "times": 2})
    visitor.control("POST", "delay", {"seconds": 15})


def _picture(chrome: Chrome) -> bytes:
    return b64decode(chrome.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
