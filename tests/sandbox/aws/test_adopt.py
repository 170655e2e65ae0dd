"""A location that exists comes under management, and nothing but its mark is changed."""

from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.aws.by_hand import key
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.by_hand import Console, s3
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

PROGRAM = """\
palette.BackupLocation("nightly", palette.BackupLocationArgs(
    name={name!r},
    storage=palette.S3(bucket="theirs", region="us-east-1", force_path_style=True,
        credentials=palette.StaticCredentials(
            access_key={access_key!r}, secret_key=config.require_secret("key"))),
    labels={labels!r}, {more}))
"""
NAME = "Nightly, by hand"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def program(**given: Any) -> str:
    return PROGRAM.format(**{"name": NAME, "labels": {}, "more": "", **given})


def writes(control: Control) -> dict[str, int]:
    """The calls that change something in Palette or AWS, or try a credential."""
    calls = control.get("calls")
    palette = {c: n for c, n in calls["palette"].items() if c.startswith(WRITES)}
    return palette | {c: n for c, n in calls["aws"].items() if not c.startswith(("Get", "List"))}


@pytest.fixture
def theirs(
    running: Sandbox, control: Control, aws: AwsInspector, stack: Stack, secrets: set[str]
) -> tuple[str, str]:
    """The uid of a location that works, and its access key; `stack` knows the secret."""
    aws.client("s3").create_bucket(Bucket="theirs")
    access_key, secret_key = key(aws, "their-user")
    stack.set("key", secret_key, "--secret")
    stack.transcript.clear()  # the command that set it
    config = s3("theirs", access_key, secret_key)
    return Console(running).register(NAME, **config), access_key


def test_the_mark_alone_changes_until_something_else_does(
    stack: Stack, control: Control, theirs: tuple[str, str]
) -> None:
    uid, access_key = theirs
    before, done = control.locations(), writes(control)
    stack.program(program(access_key=access_key, more=f"adopt={uid!r}"))
    assert f"({uid}) is adopted: Palette is told whose it is" in stack.preview().text
    assert (control.locations(), writes(control)) == (before, done)
    stack.up()
    adopted, done = control.locations(), writes(control)
    (was,), (now,) = before, adopted
    assert (now["uid"], now["body"]["spec"]) == (was["uid"], was["body"]["spec"])
    assert "lifecycle/dev/nightly" in now["body"]["metadata"]["annotations"]["palette-backup/mark"]
    stack.unchanged()
    stack.refresh()
    stack.program(program(access_key=access_key))
    stack.unchanged()
    assert stack.up().changes.get("updated") is None
    assert (control.locations(), writes(control)) == (adopted, done)

    stack.program(program(access_key=access_key, labels={"team": "storage"}))
    stack.up()
    stack.unchanged()
    (location,) = control.locations()
    assert location["uid"] == uid
    metadata = location["body"]["metadata"]
    assert metadata["labels"] == {"team": "storage"}
    assert "lifecycle/dev/nightly" in metadata["annotations"]["palette-backup/mark"]
    assert location["body"]["spec"] == before[0]["body"]["spec"]
    stack.destroy()
    assert control.locations() == []


def test_what_was_adopted_and_never_changed_is_deleted(
    stack: Stack, control: Control, theirs: tuple[str, str]
) -> None:
    stack.program(program(access_key=theirs[1], more=f"adopt={theirs[0]!r}"))
    stack.up()
    stack.destroy()
    assert control.locations() == []


def test_a_forced_replacement_keeps_the_location(
    stack: Stack, control: Control, theirs: tuple[str, str]
) -> None:
    stack.program(program(access_key=theirs[1], more=f"adopt={theirs[0]!r}"))
    stack.up()
    stack.up("--replace", stack.urn("palette:BackupLocation"))
    assert [location["uid"] for location in control.locations()] == [theirs[0]]
    stack.unchanged()


@pytest.mark.stress
def test_a_forced_replacement_that_failed_half_way_keeps_it_too(
    stack: Stack, control: Control, theirs: tuple[str, str]
) -> None:
    adopts = program(access_key=theirs[1], more=f"adopt={theirs[0]!r}")
    stack.program(adopts)
    stack.up()
    after = "pulumi.ResourceOptions(depends_on=[nightly])"
    stack.program(f'nightly = {adopts}\naws.User("u", aws.UserArgs(), {after})')
    fault = {"service": "aws", "call": "CreateUser", "fault": "status", "status": 503, "times": 99}
    control.post("faults", [fault])
    stack.up("--replace", stack.urn("palette:BackupLocation"), ok=False)
    control.post("faults", [])
    stack.up()  # deletes what was replaced, which is the same location
    assert [location["uid"] for location in control.locations()] == [theirs[0]]
    stack.unchanged()
    stack.destroy("--run-program")
    assert control.locations() == []


def test_a_program_that_says_otherwise_is_refused_in_preview(
    stack: Stack, control: Control, theirs: tuple[str, str]
) -> None:
    uid, access_key = theirs
    before = control.locations()
    other = program(
        access_key="AKIAOTHER", name="nightly", labels={"a": "b"}, more=f"adopt={uid!r}"
    )
    stack.program(other)
    said = stack.preview(ok=False).errors
    assert f"the location {NAME} ({uid}) is not as the program says." in said
    for difference in (
        f'name: "nightly" in the program, "{NAME}" in Palette',
        f'storage.credentials.access_key: another in the program, "{access_key}" in Palette',
        'labels: {"a": "b"} in the program, {} in Palette',
        "adopt_overwrite=True",
    ):
        assert difference in said
    stack.up(ok=False)
    assert control.locations() == before


def test_a_difference_may_be_overwritten_with_a_secret_that_works(
    stack: Stack, control: Control, theirs: tuple[str, str]
) -> None:
    uid, access_key = theirs
    before = control.locations()
    overwrite = f"adopt={uid!r}, adopt_overwrite=True"
    stack.set("right", stack.run("config", "get", "key").text.strip(), "--secret")
    stack.set("key", "a-secret-mistyped", "--secret")
    stack.transcript.clear()
    stack.program(program(access_key=access_key, name="nightly", more=overwrite))
    refused = stack.up(ok=False).errors
    assert "SignatureDoesNotMatch" in refused
    assert control.locations() == before

    text = program(access_key=access_key, name="nightly", more=overwrite)
    stack.program(text.replace('require_secret("key")', 'require_secret("right")'))
    stack.up()
    stack.unchanged()
    (location,) = control.locations()
    assert (location["uid"], location["name"]) == (uid, "nightly")
    assert location["body"]["spec"]["config"] == before[0]["body"]["spec"]["config"]


def test_what_is_not_there_or_is_another_s(
    stack: Stack, control: Control, theirs: tuple[str, str], new_stack: Any
) -> None:
    uid, access_key = theirs
    stack.program(program(access_key=access_key, more="adopt='0123456789abcdef01234567'"))
    assert "lists no location 0123456789abcdef01234567" in stack.preview(ok=False).errors

    stack.program(program(access_key=access_key, more=f"adopt={uid!r}"))
    stack.up()
    stack.program(program(access_key=access_key, labels={"now": "marked"}))
    stack.up()
    other = new_stack("other", project="other")
    other.set("key", "whatever-it-is", "--secret")
    labels = {"now": "marked"}
    other.program(program(access_key=access_key, labels=labels, more=f"adopt={uid!r}"))
    said = other.preview(ok=False).errors
    assert "owner: by its mark organization/lifecycle/dev/nightly manages it" in said
