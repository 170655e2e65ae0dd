"""What is wrong with arguments of a program, as an error that tells its parts from one another.

A program in Python is shown the text as it is. The plugin shows it with the names that programs in
other languages have, and leaves alone what the user wrote.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from pulumi import RunError

from palette_backup_provider.core.secrets import printable

PYTHON_PACKAGE = __name__.partition(".")[0]
"""The package that all of our modules are in; `owner.PACKAGE` is that of Pulumi."""


class Mistake(NamedTuple):
    """One thing that is wrong."""

    argument: str
    """The argument by our own name, with a path below it that is ours too; empty if it is none."""
    reason: str
    written: str = ""
    """What the user wrote, below the argument or in its place: a name that is none, or a key."""


class Mistakes(RunError):
    """What is wrong with the arguments of one resource, component or function."""

    def __init__(self, whose: str, mistakes: Sequence[Mistake], place: Iterable[str] = ()) -> None:
        self.whose, self.mistakes = whose, mistakes
        lines = (line(whose, one.argument, one.written, one.reason) for one in mistakes)
        super().__init__("\n".join([*lines, *place]))


def line(whose: str, argument: str, written: str, reason: str) -> str:
    """How a mistake is told."""
    path = ".".join(filter(None, (argument, written)))
    return printable(f"{whose}: {path}: {reason}")


def refuse(name: str, wrong: Sequence[Mistake]) -> NoReturn:
    """Raise the mistakes, with the line of the program that made them."""
    raise Mistakes(name, wrong, _place())


def _place() -> Iterator[str]:
    """Where the program is: Pulumi shows a RunError without a traceback."""
    frame = sys._getframe()
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == PYTHON_PACKAGE:
        frame = frame.f_back  # type: ignore[assignment]
    if frame:
        file, here = Path(frame.f_code.co_filename), Path.cwd()
        shown = file.relative_to(here) if file.is_relative_to(here) else file.name
        yield f"({shown}, line {frame.f_lineno})"
