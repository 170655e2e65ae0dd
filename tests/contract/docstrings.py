"""What docstrings say, as the pages of docs/ write it."""

import ast
import inspect
import re
import textwrap
from typing import Any

from palette_backup_provider.core.model import Model


def described_fields(model: type[Model]) -> dict[str, str]:
    """What the docstring below each field of a model says of it."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, Model):
            (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
            assert isinstance(tree, ast.ClassDef)
            for statement, below in zip(tree.body, tree.body[1:], strict=False):
                match statement, below:
                    case ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                        found[name] = on_one_line(text)
    return found


def entries(kind: Any, section: str) -> dict[str, str]:
    """The entries of a section of a docstring, such as `Args`."""
    _, _, text = (inspect.getdoc(kind) or "").partition(f"\n{section}:\n")
    parts = re.split(r"(?m)^    (\w+): ", re.split(r"(?m)^\w", text)[0])
    return {name: on_one_line(said) for name, said in zip(parts[1::2], parts[2::2], strict=True)}


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on a line of its own."""
    return [on_one_line(one) for one in text.split("\n\n")]


def on_one_line(text: str) -> str:
    """The text without its breaks of lines."""
    return " ".join(text.split())
