"""The blocks of code of every page that people read."""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt

from tests.contract.pages import ROOT

PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / ".github").rglob("*.md")),
    *sorted((ROOT / "templates").glob("*/README.md")),
    ROOT / "policy-pack/README.md",
)
ASSIGNMENT = re.compile(r"\w+=")
"""A variable before a command, which is set for it alone."""


class Block(NamedTuple):
    """A block of code, its language, and where it begins."""

    where: str
    language: str
    text: str


def blocks() -> Iterator[Block]:
    """All blocks, those in lists and quotations too."""
    for page in PAGES:
        for token in MarkdownIt("commonmark").parse(page.read_text()):
            if token.type in ("fence", "code_block"):
                line = token.map[0] + 1 if token.map else 0
                language = token.info.partition(" ")[0]
                yield Block(f"{page.relative_to(ROOT)}:{line}", language, token.content)


def commands(script: str) -> Iterator[list[str]]:
    """The words of each command in a script, without variables that it sets for that command alone,
    and what it writes into a file."""
    for line in script.splitlines():
        shell = shlex.shlex(line, posix=True, punctuation_chars="|&>")
        shell.whitespace_split = True
        words: list[str] = []
        for word in [*shell, "&&"]:
            if word in ("|", "&&"):
                while words and ASSIGNMENT.match(words[0]):
                    del words[0]
                if words:
                    yield words[: words.index(">")] if ">" in words else words
                words = []
            else:
                words.append(word)
