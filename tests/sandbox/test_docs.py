"""What the documentation says about operating a stack, followed word for word."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.conftest import Control
from tests.sandbox.stack import Stack

DOCS = Path(__file__).parents[2] / "docs"
SANDBOX = (DOCS / "sandbox.md").read_text()
UNATTENDED = {"up": ["--yes", "--skip-preview"]}


class Fault(NamedTuple):
    """A fault that the page of the sandbox has people try."""

    script: str
    """The commands up to the one that asks doctor."""
    undo: str
    id: str
    says: str


def faults() -> Iterator[Fault]:
    """A line each that says what doctor finds, with the commands around it that make the fault."""
    for script in re.findall(r"(?s)```bash\n(.*?)```", SANDBOX.partition("## Ten faults")[2]):
        asks = re.findall(r"(?m)^(.*palette-backup doctor) +# ([\w.-]+): (.*)$", script)
        for command, id, says in asks:
            before, after = (
                ("", "") if asks[1:] else re.split(r"(?m)^palette-backup doctor.*", script)
            )
            yield Fault(f"{before}{command}", after, id, says)


FAULTS = [*faults()]


def block(text: str, language: str) -> str:
    """The first block of code."""
    return text.partition(f"```{language}\n")[2].partition("```")[0]


def follow(stack: Stack, commands: str, ok: bool = True) -> None:
    """Run commands as they stand there, and say yes."""
    for line in commands.splitlines():
        pulumi, command, *rest = shlex.split(line, comments=True)
        assert pulumi == "pulumi"
        stack.run(command, *rest, *UNATTENDED.get(command, []), ok=ok)


def quoted(text: str, begins: str) -> str:
    """The first command in backticks that begins so."""
    found = re.search(rf"`({re.escape(begins)}[^`]*)`", text)
    assert found, f"the page names no `{begins} …`"
    return found[1]


def test_rotation(stack: Stack, control: Control, aws: AwsInspector) -> None:
    program = block((DOCS / "rotate.md").read_text(), "python")
    stack.program(program)
    stack.up()
    (user,) = aws.users()
    (first,) = aws.keys(user)

    stack.program(re.sub(r'rotation="[^"]*"', 'rotation="now"', program))
    shown = stack.preview("--diff").text
    assert "+ retiring_until" in shown and "RetiringKey" in shown
    stack.up()
    (config,) = [one["body"]["spec"]["config"] for one in control.locations()]
    assert {first, config["credentials"]["accessKey"]} == set(aws.keys(user))
    assert config["credentials"]["accessKey"] != first

    stack.program(re.sub(r', (rotat|retire)\w+=("[^"]*"|\d+)', "", program))
    stack.up()
    assert aws.keys(user) == [config["credentials"]["accessKey"]]


def test_drift_and_a_lost_state(stack: Stack, control: Control, aws: AwsInspector) -> None:
    operate, recover = (DOCS / "operate.md").read_text(), (DOCS / "recover.md").read_text()
    watch = quoted(operate, "pulumi preview --refresh")
    stack.program('AwsBackupLocation("nightly", region="eu-west-1")')
    stack.up()
    follow(stack, watch)
    (bucket,) = aws.buckets()
    aws.client("s3").delete_public_access_block(Bucket=bucket)
    follow(stack, watch, ok=False)
    follow(stack, quoted(operate, "pulumi up --refresh"))
    follow(stack, watch)

    aws.client("s3").put_object(Bucket=bucket, Key="backups/one", Body=b"data")
    (before,) = control.locations()
    stack.run("stack", "rm", "--force", "--yes")
    follow(stack, block(recover, "bash"))
    follow(stack, watch)
    assert aws.buckets() == [bucket]
    assert [one["uid"] for one in control.locations()] == [before["uid"]]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
@pytest.mark.sampled
def test_the_faults_to_try_are_found(fault: Fault, stack: Stack) -> None:
    stack.program(block(SANDBOX.partition("## Ten faults")[2], "python"))
    stack.up()
    patient = fault.script.replace("palette-backup doctor", "palette-backup doctor --timeout 20")
    done = subprocess.run(
        ["sh", "-ec", f"{patient} --json || true\n{fault.undo}"],
        cwd=stack.home,
        env=stack.environment,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout[done.stdout.index("{") : done.stdout.rindex("}") + 1])
    first = next(one for one in told["findings"] if one["verdict"] == "fault")
    assert first["id"] == fault.id
    assert fault.says in f"{first['text']} {first['fix']}"


def test_there_are_ten() -> None:
    assert len({fault.id for fault in FAULTS}) == 10


@pytest.mark.stress
@pytest.mark.parametrize("page", sorted((DOCS / "first").iterdir()), ids=lambda page: page.stem)
def test_a_first_location_on_each_cloud(page: Path, stack: Stack, control: Control) -> None:
    stack.program(block(page.read_text(), "python"))
    stack.preview()
    stack.up()
    (location,) = control.locations()
    assert stack.outputs()["location_uid"] == location["uid"]
    stack.unchanged()
    stack.destroy()
    assert not control.locations()
