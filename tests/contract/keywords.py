"""The keywords of every class, made of its Args: `python -m tests.contract.keywords` writes them.

Type checkers and editors take keywords from a TypedDict (PEP 692), and a dataclass is none. So each
folder has a TypedDict for each of its Args in `keywords.py`. The ways to call whatever takes Args
are in `inits.py`. Both are made of the source: without them a new class cannot be imported.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "palette_backup_provider"
SHARED = PACKAGE / "engine"
"""Has the Args that other folders' Args inherit."""
FOLDERS = [
    SHARED,
    *sorted(path.parent for path in (PACKAGE / "resources").glob("*/__init__.py")),
    PACKAGE / "components",
]
HEAD = '''\
"""{what} Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict
{inherited}
if TYPE_CHECKING:
    from typing import Any, Literal, Required, Unpack, overload
    from collections.abc import Mapping, Sequence
    from pulumi import Input, ResourceOptions
'''
AS_DICT = '''

class {name}Dict({bases}, total=False):
    """As `{name}`, which describes each."""

'''
INIT = '''

class {name}Init:
    """The ways to call `{name}`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: {args} | {args}Dict,
            opts: ResourceOptions | None = None,{noted}
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[{args}Dict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...
'''
NOTED = "\n            *,\n            noted: Mapping[str, Any] | None = None,"
"""What components note on resources."""


@dataclass
class Folder:
    """What one folder defines."""

    path: Path
    args: dict[str, ast.ClassDef] = field(default_factory=dict)
    takers: dict[str, str] = field(default_factory=dict)
    """What takes Args, and which."""
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Names that stand for a choice of several Args."""
    modules: dict[str, str] = field(default_factory=dict)
    """Where each is defined."""

    @classmethod
    def read(cls, path: Path) -> "Folder":
        found = cls(path)
        for file in sorted(path.rglob("*.py")):
            parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
            module = ".".join(parts).removesuffix(".__init__")
            for node in ast.parse(file.read_text()).body:
                found._note(node, module)
        return found

    def _note(self, node: ast.stmt, module: str) -> None:
        if isinstance(node, ast.ClassDef):
            if any(ast.unparse(one) == "dataclass(kw_only=True)" for one in node.decorator_list):
                self.args[node.name], self.modules[node.name] = node, module
            for base in node.bases:
                if isinstance(base, ast.Subscript) and ast.unparse(base.value) in TAKES:
                    self.takers[node.name] = ast.unparse(base.slice)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            name = ast.unparse(node.targets[0])
            self.choices[name] = ast.unparse(node.value).split(" | ")
            self.modules[name] = module

    @property
    def module(self) -> str:
        """Its file of keywords."""
        return ".".join(self.path.relative_to(PACKAGE.parent).parts) + ".keywords"

    @property
    def prefix(self) -> str:
        return f"{self.path.name}."


TAKES = ("Resource", "Component")


def keywords(folder: Folder, shared: Folder, others: list[Folder]) -> str:
    """The dicts of that folder. Its Args nest those of `others`, and inherit any."""
    body = "".join(_dicts(folder, others))
    inherited = "".join(
        f"from {base.module} import {name}Dict\n"
        for base in (shared, *others)
        for name in base.args.keys() - folder.args.keys()
        if _mentions(body, f"{name}Dict")
    )
    nested = "".join(
        f"    from {PACKAGE.name}.resources import {other.path.name}\n"
        for other in others
        if other.prefix in body
    )
    head = (
        HEAD.format(what="The Args of this folder, as dicts.", inherited=inherited)
        + _imports(folder, body)
        + nested
    )
    return _formatted(head + body, folder.path / "keywords.py")


def inits(folder: Folder) -> str:
    """The ways to call what takes the Args of that folder."""
    body = "".join(_ways(folder))
    dicts = "".join(
        f"    from {folder.module} import {args}Dict\n" for args in folder.takers.values()
    )
    head = (
        HEAD.format(what="How the classes of this folder are called.", inherited="")
        + _imports(folder, body)
        + dicts
    )
    return _formatted(head + body, folder.path / "inits.py")


def _imports(folder: Folder, body: str) -> str:
    names = sorted(name for name in folder.modules if _mentions(body, name))
    return "".join(f"    from {folder.modules[name]} import {name}\n" for name in names)


def _dicts(folder: Folder, others: list[Folder]) -> Iterator[str]:
    def depth(name: str) -> int:
        return 1 + max((depth(b) for b in _bases(folder.args[name]) if b in folder.args), default=0)

    for name in sorted(folder.args, key=lambda name: (depth(name), name)):
        node = folder.args[name]
        bases = [f"{base}Dict" for base in _bases(node)] or ["TypedDict"]
        yield AS_DICT.format(name=name, bases=", ".join(bases))
        for line in node.body:
            if isinstance(line, ast.AnnAssign):
                yield f"    {ast.unparse(line.target)}: {_annotation(line, folder, others)}\n"


def _bases(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base) for base in node.bases]


def _annotation(line: ast.AnnAssign, folder: Folder, others: list[Folder]) -> str:
    match line:
        case ast.AnnAssign(target=ast.Name("kind"), value=ast.Constant(str(kind))):
            return f"Required[Literal[{kind!r}]]"  # what tells one dict from another
    annotation = ast.unparse(_Nested(folder, others).visit(line.annotation))
    return f"Required[{annotation}]" if line.value is None else annotation


class _Nested(ast.NodeTransformer):
    """Args that nest may be dicts, too."""

    def __init__(self, folder: Folder, others: list[Folder]) -> None:
        self._known = {name: [name] for name in folder.args} | folder.choices
        for other in others:
            self._known |= {f"{other.prefix}{name}": [other.prefix + name] for name in other.args}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = ast.unparse(node)
            if name in self._known:
                dicts = (f"{one}Dict" for one in self._known[name])
                return ast.parse(" | ".join([name, *dicts]), mode="eval").body
            return node
        return super().generic_visit(node)


def _ways(folder: Folder) -> Iterator[str]:
    for name, args in sorted(folder.takers.items()):
        noted = "" if folder.path.name == "components" else NOTED
        yield INIT.format(name=name, args=args, noted=noted)


def _mentions(body: str, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(ast.parse(body)))


def _formatted(source: str, file: Path) -> str:
    ruff = [str(Path(sys.executable).with_name("ruff"))]
    for arguments in (["check", "--fix", "--quiet", "--select=I,F401"], ["format", "--quiet"]):
        command = [*ruff, *arguments, "--stdin-filename", str(file), "-"]
        done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
        source = done.stdout
    return source


def files() -> Iterator[tuple[Path, str]]:
    """Each file, and what should be in it."""
    folders = [Folder.read(path) for path in FOLDERS]
    shared, *clouds, components = folders
    for folder in folders:
        others = clouds if folder is components else []
        yield folder.path / "keywords.py", keywords(folder, shared, others)
        if folder.takers:
            yield folder.path / "inits.py", inits(folder)


if __name__ == "__main__":
    for file, content in files():
        file.write_text(content)
