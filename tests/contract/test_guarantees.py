"""docs/guarantees.md names tests that are there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_guarantee_has_a_test() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in (ROOT / "docs/guarantees.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith("| guaranteed")
    ]
    assert len(rows) > 15
    for guarantee, held_by, _ in rows:
        named = NAMED.findall(held_by)
        assert named, f"no test holds: {guarantee}"
        for path, test in named:
            assert test in functions_in(ROOT / path), f"{path} has no {test}"
