"""A Python that begins at once is as one that begins slowly."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.sandbox.fork_server import HERE, PIP_LIST
from tests.sandbox.forked import PROGRAM

TELL = """\
import json, os, sys
print(json.dumps([
    __name__, sys.argv, sys.path, os.getcwd(), os.environ["ONE"], os.getenv("TWO"), sys.executable,
    sys.stdin.read(), sys.stdout.encoding, sys.stdout.write_through, sys.stderr.errors,
]))
"""
PRELOADED = "import sys; print('pulumi' in sys.modules)"


@pytest.fixture
def begin(python: Path, tmp_path: Path) -> Any:
    """Begins a Python in a folder of its own, at once or slowly."""

    def begin(*arguments: str, fresh: bool = False, **changed: str) -> subprocess.Popen[str]:
        path = Path(sys.executable).parent if fresh else python
        environment = {**os.environ, "PYTHONPATH": HERE, "ONE": "1", **changed}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [str(path / "python"), *arguments],
            cwd=tmp_path,
            env=environment,
            text=True,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )

    return begin


@pytest.fixture
def script(tmp_path: Path) -> Any:
    def script(text: str) -> str:
        (tmp_path / "__main__.py").write_text(dedent(text))
        return str(tmp_path / "__main__.py")

    return script


def ended(begun: subprocess.Popen[str], said: str = "") -> tuple[str, str, int]:
    out, err = begun.communicate(said, timeout=120)
    return out, err, begun.returncode


def test_it_finds_the_same(begin: Any, script: Any) -> None:
    file = script(TELL)
    fast, slow = (ended(begin("-u", file, "a b", fresh=fresh), "said") for fresh in (False, True))
    assert json.loads(fast[0]) == json.loads(slow[0])
    assert fast[1:] == slow[1:] == ("", 0)


def test_it_lists_the_same_packages(begin: Any) -> None:
    fast, slow = (ended(begin(*PIP_LIST, fresh=fresh)) for fresh in (False, True))
    assert fast == slow and json.loads(fast[0])


@pytest.mark.parametrize("said", ["[1]", "no JSON"])
def test_it_runs_the_same_modules(begin: Any, said: str) -> None:
    fast, slow = (ended(begin("-m", "json.tool", fresh=f), said) for f in (False, True))
    assert fast == slow


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import atexit; atexit.register(print, 'bye')", 0),
        (
            "import threading, time\nthreading.Timer(0.1, print, ['later']).start()",
            0,
        ),
    ],
)
def test_it_ends_the_same(begin: Any, script: Any, text: str, code: int) -> None:
    file = script(text)
    fast, slow = (ended(begin("-u", file, fresh=fresh)) for fresh in (False, True))
    assert fast[::2] == slow[::2] and fast[2] == code
    assert fast[1].splitlines()[-1:] == slow[1].splitlines()[-1:]


WAITS = "import time; print('begun', flush=True); time.sleep(20); print('lives')"


def test_an_interrupt_reaches_it(begin: Any, script: Any) -> None:
    begun = begin(script(WAITS))
    begun.stdout.readline()
    begun.send_signal(signal.SIGINT)
    _, err, code = ended(begun)
    assert err.endswith("KeyboardInterrupt\n") and code == -signal.SIGINT


def test_a_program_that_waits_for_an_answer_ends_when_it_is_interrupted(
    begin: Any, tmp_path: Path
) -> None:
    (tmp_path / PROGRAM).write_text(
        f"import threading\nthreading.Thread(target=exec, args=[{WAITS!r}]).start()"
    )
    begun = begin(str(tmp_path / PROGRAM))
    begun.stdout.readline()
    begun.send_signal(signal.SIGINT)
    assert ended(begun) == ("", "", -signal.SIGINT)


def test_it_dies_with_whoever_began_it(begin: Any, script: Any) -> None:
    begun = begin(script(WAITS))
    begun.stdout.readline()
    begun.kill()
    assert ended(begun)[0] == ""  # which ends when the fork does


@pytest.mark.parametrize("said", [b"", b"\0\0", b"\0\0\1\0", b"\0\0\0\4what"])
def test_whoever_is_killed_while_it_asks_keeps_nobody_else_from_it(
    begin: Any, script: Any, python: Path, said: bytes
) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.connect(str(python / "socket"))
        killed.sendall(said)
    assert ended(begin(script(PRELOADED))) == ("True\n", "", 0)


def test_what_may_hide_a_package_makes_it_begin_slowly(
    begin: Any, script: Any, tmp_path: Path
) -> None:
    file = script(PRELOADED)
    assert ended(begin(file))[0] == "True\n"
    assert ended(begin(file, PYTHONPATH=f"{tmp_path}:{HERE}"))[0] == "False\n"
    (tmp_path / "boto3.py").touch()
    assert ended(begin(file))[0] == "False\n"
