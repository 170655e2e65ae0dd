"""A cloud is its own folders: whoever adds another edits few files besides.

What names a cloud, and is not the cloud's own by its name, is counted here.
"""

import re
from pathlib import Path

import pytest

from palette_backup_provider.registry import RESOURCES
from tests.unit.test_committed import ROOT, committed

CLOUDS = sorted({each.__module__.split(".")[2] for each in RESOURCES} - {"palette"})
ALSO = {"gcp": ["google"]}
"""Other names of a cloud."""
NO_CLOUD = re.compile(r"google\.protobuf|google-chrome")
"""Google's library of messages, in which Pulumi speaks, and its browser."""
ABOUT_ALL = ("docs", "examples", "templates", "workflows", "CHANGELOG.md", "LICENSE")
THIS = Path(__file__).relative_to(ROOT)
RECORDED = {".sum", ".lock"}
RECORDED_IN_TESTS = {".json", ".txt", ".svg", ".md", ".yaml", ".yml", ".tape"}

AT_MOST = 5
"""Files that name a cloud and are not its own."""
MORE = {"aws": 5}
"""What comes to that: S3 and its policies are AWS's own words, and other stores speak them."""


def named(cloud: str) -> re.Pattern[str]:
    """Any writing of the cloud's names, but not the end of another word: draws, flaws."""
    words = [cloud, *ALSO.get(cloud, [])]
    forms = "|".join(f"(?<![A-Za-z])(?i:{word})|{word.title()}|{word.upper()}" for word in words)
    return re.compile(forms)


def counted(file: Path) -> bool:
    """Whether somebody wrote the file, and could write it without clouds."""
    recorded = RECORDED | (RECORDED_IN_TESTS if file.parts[0] == "tests" else set())
    return file.parts[0] not in ABOUT_ALL and file.suffix not in recorded and file != THIS


def generated(text: str) -> bool:
    """Whether a command writes the file, of what the clouds' own files say."""
    return " Written by `python -m " in text.partition("\n")[0]


@pytest.fixture(scope="module")
def texts() -> dict[Path, str]:
    """Every file that counts, with its text."""
    files = [file.relative_to(ROOT) for file in committed() if file.is_file()]
    found = {file: (ROOT / file).read_text(errors="replace") for file in files if counted(file)}
    return {f: NO_CLOUD.sub("", text) for f, text in found.items() if not generated(text)}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_few_files_name_a_cloud(texts: dict[Path, str], cloud: str) -> None:
    name = named(cloud)
    naming = [file for file, text in texts.items() if name.search(text)]
    others = [str(file) for file in naming if not name.search(file.as_posix())]
    limit = AT_MOST + MORE.get(cloud, 0)
    assert len(others) <= limit, f"{cloud} is named by {len(others)} files:\n" + "\n".join(others)
    assert cloud not in MORE or len(others) == limit, f"{cloud} needs less in MORE"


@pytest.mark.parametrize(
    ("text", "names"),
    [("AwsBucket", True), ("an_aws_key", True), ("$AWS_KEY", True), ("it draws, laws", False)],
)
def test_a_name_is_told_from_the_end_of_a_word(text: str, names: bool) -> None:
    assert bool(named("aws").search(text)) is names
