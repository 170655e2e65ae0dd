"""A headless Chromium: that of the system, so that nothing is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVER = "chromedriver"
SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # root may not have one, and only our own page is opened
    "--disable-dev-shm-usage",  # small in containers
    "--disable-background-networking",
    "--hide-scrollbars",
)


def missing() -> str:
    """Why no browser can be had here; empty where one can."""
    if shutil.which(DRIVER) and _program():
        return ""
    return "there is no chromedriver, or no Chromium (apt-get install chromium chromium-driver)"


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """A browser, which ends with the block."""
    options = webdriver.ChromeOptions()
    options.binary_location = _program()
    for switch in SWITCHES:
        options.add_argument(switch)
    opened = webdriver.Chrome(options, Service(str(shutil.which(DRIVER))))
    try:
        yield opened
    finally:
        opened.quit()


def _program() -> str:
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def set_screen(opened: webdriver.Chrome, width: int, height: int, dark: bool) -> None:
    """Have the page be so many CSS pixels large, and light or dark."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
