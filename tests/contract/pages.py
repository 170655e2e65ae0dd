"""The pages of docs/ that speak of the code: what they name is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "palette_backup_provider"
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|toml|json|yaml)))(?:::([\w.]+))?`")
"""A file or a folder, of the package or of the checkout, and perhaps a name in it:
`core/errors.py::ProviderError`."""
T = TypeVar("T", ast.Name, ast.Attribute)
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^):]+))?\)")
"""A file, and perhaps a heading in it."""


def missing(page: Path) -> Iterator[str]:
    """What the page names and is not there, each with the line to change."""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        where = f"{page.relative_to(ROOT)}:{number}"
        for path, name in NAMED.findall(line):
            file = found(path)
            if file is None:
                yield f"{where}: there is no {path}"
            elif name and name not in names_in(file):
                yield f"{where}: {path} has no {name}"
    yield from dead_links(page)


def dead_links(page: Path) -> Iterator[str]:
    """The links within the checkout that lead nowhere, each with the line to change."""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        for target, heading in LINK.findall(line):
            there = page.parent / target if target else page
            if not there.exists() or (heading and heading not in anchors(there)):
                where = f"{page.relative_to(ROOT)}:{number}"
                yield f"{where}: the link to {target}#{heading} leads nowhere"


def found(path: str) -> Path | None:
    """The file or folder that a page calls so."""
    return next((base / path for base in (PACKAGE, ROOT) if (base / path).exists()), None)


def anchors(page: Path) -> set[str]:
    """How links name the headings of a page."""
    text = page.read_text()
    titles, named = re.findall(r"(?m)^#+ (.+)$", text), re.findall(r'<a id="([^"]+)">', text)
    return {*named} | {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def section(page: Path, title: str) -> str:
    """What stands below that heading, up to the next one of any level."""
    _, _, rest = page.read_text().partition(f"\n## {title}\n")
    return re.split(r"\n##+ ", rest)[0]


def rows(text: str) -> list[list[str]]:
    """The rows of a table, without its head."""
    cells = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in cells[2:]]


@cache
def names_in(file: Path) -> frozenset[str]:
    """What a module defines itself: functions, classes, values, and what its classes have."""
    return frozenset(_names(ast.parse(file.read_text())))


def _names(tree: ast.Module | ast.ClassDef, above: str = "") -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                yield above + name
                if above:
                    yield from (above + one for one in _attributes(node))
            case ast.ClassDef(name=name):
                yield above + name
                yield from _names(node, f"{above}{name}.")
            case ast.AnnAssign() | ast.Assign():
                yield from (above + one.id for one in _stored(node, ast.Name))


def _attributes(method: ast.FunctionDef) -> Iterator[str]:
    """What a method sets of its `self`."""
    for one in _stored(method, ast.Attribute):
        if isinstance(one.value, ast.Name) and one.value.id == "self":
            yield one.attr


def _stored(node: ast.AST, kind: type[T]) -> Iterator[T]:
    for one in ast.walk(node):
        if isinstance(one, kind) and isinstance(one.ctx, ast.Store):
            yield one
