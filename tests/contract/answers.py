"""What the sources of the package call, to hold it against the shapes of answers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import palette_backup_provider

PACKAGE = Path(palette_backup_provider.__file__).parent


def words(*paths: str) -> set[str]:
    """Every text in these files, with `{self.kind}` in one taken for each kind."""
    files = [f for path in paths for f in sorted(PACKAGE.glob(path)) if "answers" not in f.name]
    return {word for file in files for word in _words(ast.parse(file.read_text()))}


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and "self.kind" in ast.unparse(node):
            for kind in ("user", "role"):
                yield ast.unparse(node)[2:-1].replace("{self.kind}", kind)
