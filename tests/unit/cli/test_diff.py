"""`palette-backup diff`: what it prints, and how it ends."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from palette_backup_provider.cli import main
from palette_backup_provider.doctor.clouds import CLOUDS
from tests.unit.review.golden import FOLDER
from tests.unit.review.sample import digest, step

DELETION = str(FOLDER / "force-destroy-removal.json")
FAILED = str(FOLDER / "failed-program.json")
UNCHANGED = str(FOLDER / "unchanged.json")


def diff(*arguments: str, input: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["diff", *arguments], input=input)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([DELETION], 0),
        ([UNCHANGED], 0),
        ([FAILED], 1),
        ([FAILED, "--fail-on", "drift"], 1),
        ([DELETION, "--fail-on", "rotates,drift"], 0),
        ([DELETION, "--fail-on", "rotates, deletes-backups"], 3),
        ([DELETION, FAILED, "--fail-on", "deletes-backups"], 1),
        ([str(FOLDER / "drift.json"), "--fail-on", "drift"], 3),
        ([str(FOLDER / "moved-to-the-tenant.json"), "--fail-on", "replaces"], 3),
        ([DELETION, "--fail-on", "everything"], 2),
        ([DELETION, "--link", "javascript:alert(1)"], 2),
        (["/there/is/none"], 2),
        ([__file__], 2),
    ],
)
def test_it_ends_as_documented(arguments: list[str], code: int) -> None:
    assert diff(*arguments).exit_code == code


def test_nothing_is_printed_half() -> None:
    done = diff(DELETION, __file__)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.match(rf"Error: {re.escape(__file__)}:\d+:\d+: ", done.stderr)


def test_standard_input_is_a_file_too() -> None:
    text = Path(DELETION).read_text()
    assert diff(input=text).stdout == diff(DELETION).stdout == diff("-", input=text).stdout
    assert diff(input=b"\xff\xfe").exit_code == 2
    assert diff(input=b"\xef\xbb\xbf" + text.encode()).exit_code == 0


def test_json_has_the_same_as_the_comment() -> None:
    done = diff(DELETION, "--format", "json", "--fail-on", "deletes-backups")
    (stack,) = json.loads(done.stdout)["stacks"]
    assert json.loads(done.stdout)["met"] == ["deletes-backups"]
    assert [one["class"] for one in stack["decisions"]] == ["deletes-backups"]
    assert [one["action"] for one in stack["components"]] == ["delete"]


def test_text_is_for_a_terminal() -> None:
    done = diff(DELETION, "--format", "text")
    assert "!! Backups are deleted: nightly, bucket nightly-" in done.stdout
    assert "|" not in done.stdout and "`p" not in done.stdout.replace("`pulumi up`", "")


def test_public_masks_whatever_the_form() -> None:
    for form in ("markdown", "text", "json"):
        assert "123456789012" not in diff(DELETION, "--format", form, "--public").stdout
    assert "123456789012" in diff(DELETION, "--format", "json").stdout


def test_quiet_says_nothing_of_nothing() -> None:
    assert diff(UNCHANGED, "--quiet-when-unchanged").stdout == ""
    assert diff(UNCHANGED).stdout and diff(DELETION, "--quiet-when-unchanged").stdout


def test_a_preview_of_50_megabytes_is_shown() -> None:
    tags = {"team": "x" * 10_000}
    steps = [step("create", "some:Bucket", None, {"tags": tags}, name=f"n{n}") for n in range(5200)]
    done = diff(input=digest(*steps))
    assert done.exit_code == 0 and len(done.stdout) <= 60000


SDKS = {cloud.module.partition(".")[0] for cloud in CLOUDS}


def test_a_preview_without_an_update_imports_neither_pulumi_nor_a_sdk() -> None:
    code = (
        "import sys; from palette_backup_provider.cli import main\n"
        f"main(['diff', {DELETION!r}], standalone_mode=False)\n"
        f"print({SDKS | {'pulumi', 'pydantic'}} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")
