"""What the documentation says about operating a stack, followed word for word."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import Component
from tests.sandbox.components import ANY, COMPONENTS
from tests.sandbox.control import Control
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


def held(component: Component, control: Control) -> str:
    """The id of the credential that Palette holds."""
    (location,) = control.locations()
    assert component.credential
    return component.credential.id(location)


def test_rotation(stack: Stack, control: Control, running: Sandbox) -> None:
    program = block((DOCS / "rotate.md").read_text(), "python")
    (component,) = [each for each in COMPONENTS if f"{each.name}(" in program]
    stack.program(program)
    stack.up()
    (first,) = component.keys(running)

    stack.program(re.sub(r'rotation="[^"]*"', 'rotation="now"', program))
    shown = stack.preview("--diff").text
    assert "+ retiring_until" in shown and "Retiring" in shown
    stack.up()
    second = held(component, control)
    assert {first, second} == component.keys(running)
    assert second != first

    stack.program(re.sub(r', (rotat|retire)\w+=("[^"]*"|\d+)', "", program))
    stack.up()
    assert component.keys(running) == {second}


def test_drift_and_a_lost_state(stack: Stack, control: Control, running: Sandbox) -> None:
    operate, recover = (DOCS / "operate.md").read_text(), (DOCS / "recover.md").read_text()
    watch = quoted(operate, "pulumi preview --refresh")
    inspector = ANY.inspector(running.env)
    stack.program(ANY.minimal())
    stack.up()
    follow(stack, watch)
    ANY.change(inspector)
    follow(stack, watch, ok=False)
    follow(stack, quoted(operate, "pulumi up --refresh"))
    follow(stack, watch)

    (before,) = control.locations()
    ANY.back_up(inspector, before)
    made = ANY.there(running)
    stack.run("stack", "rm", "--force", "--yes")
    follow(stack, block(recover, "bash"))
    follow(stack, watch)
    assert (ANY.there(running) - made).keys() <= {"keys", "secrets"}  # of the new credential
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
