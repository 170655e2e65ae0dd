"""The demo, as a person runs it: it shows what it promises and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Got before, so that no demo has to build one.
pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@contextmanager
def demo(temporary: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "palette_backup_provider.sandbox.demo"],
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    with process:
        yield process


def test_a_location_comes_and_goes(temporary: Path) -> None:
    with demo(temporary) as process:
        output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    listed = output.partition("What Palette lists now")[2].partition("pulumi destroy")[0]
    assert len(re.findall("^│ nightly-", listed, re.MULTILINE)) == 1, output
    assert "Palette lists no backup location any more." in output
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.sampled
def test_stopped_halfway_it_leaves_nothing(temporary: Path, number: signal.Signals) -> None:
    with demo(temporary) as process:
        assert process.stdout
        seen = ""
        for line in process.stdout:
            seen += line
            if "creating" in line:
                break
        os.killpg(process.pid, number)
        seen += process.communicate(timeout=150)[0]
    assert process.returncode == 130, seen
    assert "Traceback" not in seen.partition("Stopped;")[2]
    assert list(temporary.iterdir()) == []
