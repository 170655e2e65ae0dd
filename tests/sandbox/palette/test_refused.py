"""What Palette refuses, or does not answer, is told in words that lead to the fix."""

from collections.abc import Iterator

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.components import ANY
from tests.sandbox.control import Control
from tests.sandbox.refusals import change, set_secret, told
from tests.sandbox.stack import Stack

PROGRAM = ANY.minimal()
WRONG_KEY = "a-key-that-Palette-never-gave"
FIRST_CALL = "/v1/users/info"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        (
            {"PALETTE_API_KEY": None},
            [
                "palette:apiKey is not set",
                "`pulumi config set --secret palette:apiKey`",
                "$PALETTE_API_KEY",
            ],
        ),
        (
            {"PALETTE_PROJECT": None},
            [
                "project: no project is set",
                "project=",
                "`pulumi config set palette:project`",
                "$PALETTE_PROJECT",
                "scope='tenant'",
                "The API key can see: Default, team-a",
            ],
        ),
        (
            {"PALETTE_PROJECT": "team-x"},
            ["no project 'team-x'", "It can see: Default, team-a.", "palette:project"],
        ),
        (
            {"PALETTE_HOST": "https://127.0.0.1:9"},
            [
                f"Palette at 127.0.0.1:9 gave no answer to GET {FIRST_CALL}: Connection refused.",
                "Tried 5 times in ",
                "Check palette:host",
            ],
        ),
        (
            {"PALETTE_CA_CERT": None},
            ["Palette at 127.0.0.1:", "certificate that is not trusted", "palette:caCert", "once"],
        ),
    ],
    ids=["no API key", "no project", "unknown project", "unreachable", "untrusted"],
)
@pytest.mark.sampled
def test_settings(
    stack: Stack,
    control: Control,
    running: Sandbox,
    variables: dict[str, str | None],
    says: list[str],
) -> None:
    change(stack, **variables)
    stack.program(PROGRAM)
    assert told(stack.preview(ok=False), *says).count("\n") == 0
    assert not ANY.there(running) and not control.locations()


def test_a_page_of_a_gateway(stack: Stack, control: Control, running: Sandbox) -> None:
    fault = {"service": "palette", "call": "*", "fault": "status", "status": 502, "times": 100}
    control.post("faults", [fault])
    stack.program(PROGRAM)
    told(
        stack.preview(ok=False),
        "Palette at 127.0.0.1:",
        f"answered GET {FIRST_CALL} with 502 and no JSON",
        "Tried 5 times in ",
        "Check palette:host",
    )
    assert not ANY.there(running)


@pytest.mark.parametrize("status", [401, 404])
@pytest.mark.sampled
def test_a_wrong_key(
    stack: Stack, secrets: set[str], control: Control, running: Sandbox, status: int
) -> None:
    secrets.add(WRONG_KEY)
    control.post("knobs", {"bad_key": status})
    change(stack, PALETTE_API_KEY=WRONG_KEY)
    stack.program(PROGRAM)
    told(stack.preview(ok=False), "refused the API key", "palette:apiKey", "$PALETTE_API_KEY")
    assert not ANY.there(running) and not control.locations()


@pytest.fixture
def replaced_key(running: Sandbox, secrets: set[str]) -> Iterator[str]:
    """A new API key; once it is in force, Palette refuses the one in use until then."""
    old, new = running.access.api_key, "the-next-key-that-Palette-gave"
    secrets.add(new)
    yield new
    running.access.api_key = old


def test_a_key_refused_after_the_last_up(
    stack: Stack, running: Sandbox, control: Control, replaced_key: str
) -> None:
    set_secret(stack, "palette:apiKey", running.access.api_key)
    stack.program(PROGRAM)
    stack.up()
    made = stack.resources()

    running.access.api_key = replaced_key
    control.post("knobs", {"bad_key": 404})
    set_secret(stack, "palette:apiKey", replaced_key)
    for fails in (stack.refresh, stack.destroy):
        told(
            fails(ok=False),
            "refused the API key",
            "`pulumi refresh` and `pulumi destroy` use the config of the last `pulumi up`",
        )
        assert [r["id"] for r in stack.resources()] == [r["id"] for r in made]

    stack.up()
    assert len(control.locations()) == 1
    stack.destroy()
    assert not ANY.there(running) and not control.locations()


def test_the_limit_of_locations(stack: Stack, control: Control, running: Sandbox) -> None:
    control.post("knobs", {"location_limit": 0})
    stack.program(PROGRAM)
    told(stack.up(ok=False), "The tenant's limit of backup locations (0) is reached", "raise")
    assert not control.locations()
    stack.destroy()
    assert not ANY.there(running)
