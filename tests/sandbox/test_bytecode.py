"""What a program of the tests leaves beside it holds no secret, so that no search finds our own."""

import ast
import marshal
from unittest.mock import MagicMock

import pytest

from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS

CHANGES = ("made", "updated", "replaced", "rotated", "elsewhere")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("component", COMPONENTS)
def test_the_bytecode_of_a_program_holds_no_secret(component: Component, change: str) -> None:
    """Python keeps what it compiles, and computes what is constant."""
    program = ast.parse(f"args({getattr(component, change)})", mode="eval")
    compiled = marshal.dumps(compile(program, "", "eval"))
    assert isinstance(program.body, ast.Call)
    for given in program.body.keywords:
        if given.arg and "secret" in given.arg:
            secret = eval(ast.unparse(given.value), {"config": MagicMock()})
            assert secret.encode() not in compiled
