"""Whatever waits says for whom and for what, and nothing sleeps without telling how it gets on."""

import ast
import re
from collections.abc import Iterator

import pytest

from palette_backup_provider.registry import NAMESPACES
from tests.contract.sentences import PACKAGE

WAITING = re.compile(r"\{\}: waiting (for|to) [\w{]")
"""A resource or a call, then what is waited for."""
BEGIN = {"until", "change", "Wait", "known"}
"""What begins a wait; the text that it tells comes last."""
SLEEP = {"core/retry.py", "clients/rest/http.py", "clients/rest/throttle.py"}
"""The modules that sleep: the first one tells, and the others do so for less than a minute."""

ROOMS = ("clients", "components", "core", "engine", "resources")
SOURCES = {
    str(path.relative_to(PACKAGE)): ast.parse(path.read_text())
    for room in ROOMS
    for path in sorted((PACKAGE / room).rglob("*.py"))
}


def waits(function: ast.FunctionDef) -> Iterator[str]:
    """What the waits that begin in the function tell, with {} for what is filled in."""
    handed_on = {argument.arg for argument in function.args.args}
    texts = {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in ast.walk(function):
        name = ast.unparse(getattr(call, "func", call)).rpartition(".")[2]
        if not isinstance(call, ast.Call) or name not in BEGIN or len(call.args) < 2:
            continue
        match call.args[-1]:
            case ast.Name(id=name) if name in handed_on:
                continue  # whoever hands it on is asked instead
            case ast.Name(id=name):
                told = texts[name]
            case argument:
                told = argument
        parts = told.values if isinstance(told, ast.JoinedStr) else [told]
        yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)


FOUND = [
    (name, told)
    for name, tree in SOURCES.items()
    if name.startswith(("clients", "resources"))
    for function in ast.walk(tree)
    if isinstance(function, ast.FunctionDef)
    for told in waits(function)
]


@pytest.mark.parametrize(("where", "told"), FOUND)
def test_a_wait_says_for_whom_and_for_what(where: str, told: str) -> None:
    assert WAITING.match(told)


def test_waits_of_every_cloud_are_found() -> None:
    clouds = {namespace.word.partition("-")[0] for namespace in NAMESPACES}
    assert clouds <= {part for name, _ in FOUND for part in name.split("/")}


def test_nothing_else_sleeps() -> None:
    sleeping = {
        name
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.lstrip("_") == "sleep"
    }
    assert sleeping == SLEEP
