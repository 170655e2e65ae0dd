"""A reader, or a scanner of secrets, cannot know that a key of the right form was made up."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEYS = re.compile(
    r"\bA(?:K|S)IA[A-Z0-9]{16}\b|BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{36}|\bAIza[\w-]{35}"
)
MACHINE = re.compile(r"(?<![\w.~-])/(?:root|work|tmp/(?:pytest|tmp|\d))[/\w-]")


def committed() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("What is committed is known in a clone, with git on PATH.")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("form", [KEYS, MACHINE], ids=["a key", "a path of a machine"])
def test_no_committed_file_looks_like_it_holds_one(form: re.Pattern[str]) -> None:
    files = [file for file in committed() if file != Path(__file__) and file.is_file()]
    assert len(files) > 1000
    text = {file: file.read_text(errors="replace") for file in files}
    found = {str(file.relative_to(ROOT)): form.findall(text[file]) for file in files}
    assert {name: hits for name, hits in found.items() if hits} == {}
