"""The documentation is a whole site, which needs no network; `make docs` builds it for a reader."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.pages import ROOT, dead_links, missing
from tests.contract.test_architecture import drawn

DOCS = ROOT / "docs"
PAGES = sorted(
    page
    for folder in (ROOT, DOCS, ROOT / ".github", ROOT / "templates", ROOT / "policy-pack")
    for page in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
LOADED = re.compile(r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"')
"""What a browser fetches from elsewhere while it shows a page."""


OF_PULUMI = {DOCS / "_index.md", DOCS / "installation-configuration.md"}
"""Pages for Pulumi's registry."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make docs` builds it."""
    (command,) = re.findall(
        r"\$\(BIN\)/(sphinx-build .*) \.docs\n", (ROOT / "Makefile").read_text()
    )
    folder = tmp_path_factory.mktemp("site")
    words = [*command.split(), "--doctree-dir", f"{folder}/tree", f"{folder}/site"]
    tool = Path(sys.executable).with_name(words[0])
    built = subprocess.run([tool, *words[1:]], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder / "site"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    told = "\n".join(dead_links(page))
    assert not told, told


def test_it_is_whole_and_needs_no_network(site: Path) -> None:
    for page in {*DOCS.rglob("*.md")} - OF_PULUMI:
        text = (site / page.relative_to(DOCS)).with_suffix(".html").read_text()
        assert not LOADED.findall(text), page
    assert "rotate_aft" in (site / "searchindex.js").read_text()  # the stem of rotate_after

    picture = (site / "architecture.html").read_text()
    assert len(re.findall(r'<path class="(?:direct|implied)"', picture)) == len(drawn().arrows)
    assert re.findall(r'<text class="title"[^>]*>(\w+)<', picture) == list(drawn().rooms)


def test_the_comparison_is_that_of_the_bench_and_names_tests_that_are_there() -> None:
    page = DOCS / "comparison.md"
    assert not list(missing(page))
    measured = (ROOT / "tests/bench/locations.py").read_text()
    peers = re.findall(r'"([\d.]+ s), (\d+) x 429"', measured)
    text = page.read_text().replace("\N{MULTIPLICATION SIGN}", "x")
    assert len(peers) == 6
    for seconds, refused in peers:
        assert f"| {seconds}, {refused} x 429 |" in text


def test_every_picture_is_shown_and_small() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    for picture in (DOCS / "pictures").iterdir():
        assert f"pictures/{picture.name})" in text
        assert picture.stat().st_size < 200_000
