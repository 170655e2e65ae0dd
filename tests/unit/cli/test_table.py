"""A table for a person has whole names at any width; one for a program has everything."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from palette_backup_provider.cli.table import aligned, fitting
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.cli.conftest import Make

TABLE = [
    {"uid": "UID", "name": "NAME", "kind": "KIND", "bucket": "BUCKET", "age": "AGE"},
    {"uid": "u1", "name": "a name", "kind": "s3", "bucket": "a-long-bucket", "age": "3d"},
    {"uid": "u2", "name": "夜間", "kind": "other", "bucket": "account/container", "age": "12h"},
]
OPTIONAL = ("bucket", "kind", "age")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (1, ["uid", "name"]),
        (15, ["uid", "name"]),
        (16, ["uid", "name", "age"]),
        (17, ["uid", "name", "age"]),
        (18, ["uid", "name", "kind"]),
        (23, ["uid", "name", "kind", "age"]),
        (29, ["uid", "name", "kind", "age"]),
        (30, ["uid", "name", "bucket"]),
        (35, ["uid", "name", "bucket", "age"]),
        (37, ["uid", "name", "kind", "bucket"]),
        (42, ["uid", "name", "kind", "bucket", "age"]),
    ],
)
def test_columns_that_fit_are_shown_the_most_important_first(width: int, shown: list[str]) -> None:
    assert fitting(TABLE, OPTIONAL, width) == shown


def test_columns_stand_below_each_other_in_any_script() -> None:
    assert list(aligned(TABLE, ["uid", "name", "age"])) == [
        "UID  NAME    AGE",
        "u1   a name  3d",
        "u2   夜間    12h",
    ]


def in_terminal(width: int, sandbox: Sandbox) -> tuple[list[str], str]:
    """The lines that `palette-backup list` prints in a terminal so wide, and what it says aside."""
    code = "from palette_backup_provider.cli import main; main(['list'])"
    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k != "COLUMNS"} | sandbox.env
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    os.close(terminal)
    shown = os.read(screen, 65536).decode()
    os.close(screen)
    return shown.splitlines(), done.stderr


def test_no_name_is_folded_in_a_narrow_terminal(make: Make, sandbox: Sandbox) -> None:
    name = f"the nightly backups of {'every cluster ' * 3}".strip()
    uid = make(name, bucketName="b" * 30)
    lines, aside = in_terminal(80, sandbox)
    assert [line.split() for line in lines] == [["UID", "NAME"], [uid, *name.split()]]
    assert aside.startswith("Left out, as the terminal is narrow: project, kind, bucket, region, ")
    lines, aside = in_terminal(200, sandbox)
    assert lines[0].split()[-3:] == ["AGE", "DEFAULT", "CLUSTERS"] and len(lines) == 2
    assert f"{uid}  {name}  Default  s3    {'b' * 30}  eu-west-1  -" in lines[1]
    assert not aside
