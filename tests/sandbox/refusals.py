"""What a person is told when something is refused."""

import re

from tests.sandbox.command import Run
from tests.sandbox.stack import Stack

ENGINE = ("update failed", "an unhandled error occurred: program exited with non-zero exit code: 1")
"""What Pulumi adds of its own below our messages."""
PLACE = re.compile(r"\(\S+, line \d+\)")
"""Where in the program the arguments of a component stand."""


def told(run: Run, *words: str) -> str:
    """The messages at the end of a failed command, which hold `words`; each is on one line."""
    assert run.code != 0
    assert "Traceback" not in run.text
    end = run.text.partition("Diagnostics:\n")[2].partition("\nResources:")[0]
    lines = [line.strip() for line in end.splitlines() if line.strip()]
    messages = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    beside = [line for line in lines if line.endswith("):") or PLACE.fullmatch(line)]
    assert len(messages) + len(beside) == len(lines), run.text
    text = "\n".join(message for message in messages if message not in ENGINE)
    for word in words:
        assert word in text, f"{word!r} is not in: {text}"
    return text


def change(stack: Stack, **variables: str | None) -> None:
    """Set variables of the environment of `stack`; None unsets."""
    changed = {**stack.environment, **variables}
    stack.environment = {name: value for name, value in changed.items() if value is not None}


def set_secret(stack: Stack, key: str, value: str) -> None:
    """Set a secret of the stack's config; what was typed there, and shows it, is forgotten."""
    stack.set(key, value, "--secret")
    stack.transcript.pop()
