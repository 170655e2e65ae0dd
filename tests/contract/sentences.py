"""The sentences of public docstrings: `python -m tests.contract.sentences` names the long ones.

The command reads the source and imports nothing of the package, so it is quick enough to run before
each commit.
"""

import ast
import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "palette_backup_provider"
LIMIT = 30
"""A sentence has fewer words than this."""

PRIVATE = re.compile(r"_(?!_)")
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*- )|\n(?= {4}\w+: )|(?<=:)\n(?= {4}\S)")
"""Between paragraphs, points of a list, and entries of a section such as Args."""
ENTRY = re.compile(r" {4}\w+: ")
LAID_OUT = re.compile(r"\||[\x08├└│]|[ │]+[├└]|\$ |>>> ")
"""The first characters of a line of a table, a tree, a command or a program."""
CELL = re.compile(r"\||──|\s{2,}")
END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'`)]))(?<!e\.g\.)(?<!i\.e\.)\s+")


class Sentence(NamedTuple):
    """A sentence, and the line at which its docstring begins."""

    line: int
    text: str

    @property
    def words(self) -> int:
        return sum(any(map(str.isalnum, word)) for word in self.text.split())


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """The docstrings of a module, its public classes, functions and variables, with their lines."""
    yield from _within(ast.parse(source))


def _within(node: ast.AST) -> Iterator[tuple[int, str]]:
    described: ast.AST | None = node
    """What a string at this place describes."""
    for statement in getattr(node, "body", []):
        match statement:
            case ast.Expr(ast.Constant(str(text))) if described and _is_public(described):
                yield statement.lineno, cleandoc(text)
            case ast.ClassDef() if _is_public(statement):
                yield from _within(statement)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_public(statement):
                if docstring := ast.get_docstring(statement):
                    yield statement.body[0].lineno, docstring
        described = statement if isinstance(statement, ast.Assign | ast.AnnAssign) else None


def _is_public(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
            return not PRIVATE.match(ast.unparse(target).rpartition(".")[2])
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return not PRIVATE.match(name)
    return isinstance(node, ast.Module)


def sentences(docstring: str) -> Iterator[str]:
    """The sentences of a docstring; each cell of a table or a tree counts as one."""
    for block in BLOCK.split(docstring):
        prose: list[str] = []
        for line in ENTRY.sub("", block, count=1).splitlines():
            if LAID_OUT.match(line.strip()):
                yield from CELL.split(line)
            else:
                prose.append(line.strip())
        yield from END.split(" ".join(prose))


def modules() -> Iterator[Path]:
    """The public modules of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not any(PRIVATE.match(part) for part in path.relative_to(PACKAGE).parts):
            yield path


def read(path: Path) -> Iterator[Sentence]:
    """The sentences of the public docstrings of one module."""
    for line, docstring in docstrings(path.read_text()):
        for text in sentences(docstring):
            if text.strip():
                yield Sentence(line, text.strip())


def too_long() -> Iterator[str]:
    """Each sentence that has LIMIT words or more, with where it stands."""
    for path in modules():
        for sentence in read(path):
            if sentence.words >= LIMIT:
                where = f"{path.relative_to(ROOT)}:{sentence.line}"
                yield f"{where}: {sentence.words} words in one sentence: {sentence.text}"


if __name__ == "__main__":
    found = list(too_long())
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
