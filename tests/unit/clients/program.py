"""One program that a cloud's library runs to sign in, as one call that runs it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """One program, which is `name` in the folder that comes first in $PATH."""

    name: str
    call: Callable[[], object]
    environment: Callable[[Path], dict[str, str]]
    """Given an empty folder, what has the library run it."""
    named: bool = True
    """Whether its library says what it ran where that failed."""
