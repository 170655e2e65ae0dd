"""What a fork does to be the Python that was asked for, and to end as that does."""

import atexit
import io
import os
import runpy
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

PROGRAM = "pulumi-language-python-exec"
"""What runs a program. A program that failed waits for an answer of the engine, which interrupts
it, and kills it five seconds later: here it ends when it is interrupted."""


@dataclass
class Asked:
    """One Python to be."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    files: list[int]


def run(asked: Asked) -> None:
    """Be the Python that was asked for."""
    for number, file in enumerate(asked.files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(asked.folder)
    os.environ.clear()
    os.environ.update(asked.environment)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout, sys.stderr = _unbuffered(1, sys.stdout), _unbuffered(2, sys.stderr)
    first, *arguments = [each for each in asked.arguments if each != "-u"]
    if first == "-m":
        module, *arguments = arguments
        sys.argv = [module, *arguments]
        sys.path.insert(0, asked.folder)
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        if Path(first).name == PROGRAM:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        sys.argv = [first, *arguments]
        sys.path.insert(0, str(Path(first).parent))
        runpy.run_path(first, run_name="__main__")


def _unbuffered(number: int, like: TextIO) -> TextIO:
    raw = os.fdopen(number, "wb", buffering=0, closefd=False)
    return io.TextIOWrapper(raw, like.encoding, like.errors, write_through=True)


def end(code: int) -> NoReturn:
    """End as Python does, but leave memory as it is: its pages would be copied to be forgotten."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for file in (sys.stdout, sys.stderr):
        if not file.closed:
            file.flush()
    os._exit(code)
