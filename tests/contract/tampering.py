"""Good names that were tampered with, and what is made of them.

Patterns, variables of policies, look-alikes, encoded characters, ends of paths and lines.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from pulumi import Output, RunError

from palette_backup_provider.core.policy_language import ARN
from palette_backup_provider.engine.lifecycle import Lifecycle
from tests.clouds import in_some_folders
from tests.contract.samples import SAMPLES, NoClients
from tests.contract.test_every_input import OWNER
from tests.contract.test_every_type import TYPES

OF_CLOUDS = in_some_folders(__package__, "tampering")
VARIABLES = [one for each in OF_CLOUDS.values() for one in each.VARIABLES]
PATTERNS = ["*", "?", *VARIABLES, "${*}"]
PIECES = [
    *("$", "{", "}", "%2A", "%2f", "%00"),
    *("\uff0a", "\u2217", "\uff1f", "\uff04{", "\uff41", "\u0663", "\u00b2"),  # look alike
    *("/", "//", "..", ".", ":", ",", "'", '"', "\\", "#", "[a-z]", "|", "^", "+", "@", "=", "-"),
    *("\n", "\r", "\t", "\0", " ", "\u00a0", "\u200b", "\u202e", "\ufeff", "é"),
    *("x" * 300, "root", "0", "123456789012", "allUsers", "user:", ARN),
    *(one for each in OF_CLOUDS.values() for one in each.PIECES),
]
PATTERN = re.compile(r"[*?]|\$\{")
"""What stands for more than one name."""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
quickly = settings(max_examples=150, derandomize=True, database=None, deadline=None)


@st.composite
def tampered(draw: Callable[..., Any], *good: str) -> str:
    """A good value, or one with something else at one or two places, or instead."""
    value: str = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, len(value)))
        piece = draw(st.sampled_from(PATTERNS) | st.sampled_from(PIECES) | TEXT)
        value = value[:start] + piece + value[draw(st.sampled_from([start, end])) :]
    return value


def neighbours(name: str) -> Iterator[str]:
    """Other names, that a pattern in `name` could stand for."""
    plain = re.sub(r"\$\{.*?\}|[*?]", "z", name) or "z"
    others = {"other", f"{plain}x", f"x{plain}", plain[:-1], plain[1:], plain.swapcase(), "*"}
    others |= {f"{plain[:i]}Z{plain[i + 1 :]}" for i in range(min(len(plain), 40))}
    yield from (one for one in others | {plain} if one != name and one.strip())


def made(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the function gives, or None where it refuses; then readably, by the argument's name."""
    try:
        return function(*args, **kwargs)
    except RunError as error:
        for line in str(error).split("\n"):
            assert re.match(rf"{function.__name__}: \w+(\.[^:]*)?: \S", line), line
            assert line.isprintable(), line
        return None


def accepted(token: str, given: dict[str, Any]) -> bool:
    lifecycle = Lifecycle(TYPES[token].handler, NoClients())
    (sample, *_) = SAMPLES[token]
    return not lifecycle.check({}, {**sample, **OWNER, **given}, set()).failures


def demands_a_value(function: Any, **arguments: str) -> None:
    """Given an Output as its bucket, the function says what to do with it."""

    async def program() -> None:
        function(**arguments, bucket=Output.from_input("b"))

    with pytest.raises(RunError, match=r"bucket: is an Output, .* in its `apply`"):
        asyncio.run(program())
