"""What README says about operating a stack, followed word for word."""

import re
import shlex
from pathlib import Path

from tests.sandbox.cloud import AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.stack import Stack

README = (Path(__file__).parents[2] / "README.md").read_text()
UNATTENDED = {"up": ["--yes", "--skip-preview"]}


def section(title: str) -> str:
    """What is below a heading."""
    return re.split(rf"(?m)^### {title}\n", README)[1].partition("\n### ")[0]


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
    assert found, f"README names no `{begins} …`"
    return found[1]


def location(arguments: str) -> str:
    return f'AwsBackupLocation("nightly", {arguments.strip()})'


def test_rotation(stack: Stack, control: Control, aws: AwsEyes) -> None:
    arguments = block(section("Rotate the credential"), "python")
    stack.program(location(arguments))
    stack.up()
    (user,) = aws.users()
    (first,) = aws.keys(user)

    stack.program(location(re.sub(r'rotation="[^"]*"', 'rotation="now"', arguments)))
    shown = stack.preview("--diff").text
    assert "+ retiring_until" in shown and "RetiringKey" in shown
    stack.up()
    (config,) = [one["body"]["spec"]["config"] for one in control.locations()]
    assert {first, config["credentials"]["accessKey"]} == set(aws.keys(user))
    assert config["credentials"]["accessKey"] != first

    stack.program(location(re.sub(r', (rotat|retire)\w+=("[^"]*"|\d+)', "", arguments)))
    stack.up()
    assert aws.keys(user) == [config["credentials"]["accessKey"]]


def test_drift_and_a_lost_state(stack: Stack, control: Control, aws: AwsEyes) -> None:
    operate, bring = section("Operate it"), section("Bring what exists under management")
    watch = quoted(operate, "pulumi preview --refresh")
    stack.program(location('AwsBackupLocationArgs(region="eu-west-1")'))
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
    follow(stack, block(bring.partition("**A lost state file.**")[2], "bash"))
    follow(stack, watch)
    assert aws.buckets() == [bucket]
    assert [one["uid"] for one in control.locations()] == [before["uid"]]
