"""What goes wrong on the command line is told in its own words: flags and variables."""

from typing import Any

import pytest

from tests.unit.cli.conftest import Run

SAYS: dict[str, tuple[tuple[str, ...], dict[str, str | None], str]] = {
    "no project": ((), {"PALETTE_PROJECT": None}, "Give --project, $PALETTE_PROJECT or --tenant"),
    "another project": (("--project", "Prod"), {}, "Correct --project or $PALETTE_PROJECT."),
    "both": (("--project", "a", "--tenant"), {}, "--tenant and --project exclude each other"),
    "no host": (("--host", "http://:1"), {}, "--host or $PALETTE_HOST is not usable"),
    "plain http": (
        ("--host", "http://palette.example.com"),
        {},
        "--host or $PALETTE_HOST is http://palette.example.com: over plain http everyone on the "
        "way can read the API key. Use https, or accept that with $PALETTE_INSECURE=true.",
    ),
    "no flag": (
        ("--host", "http://palette.example.com"),
        {"PALETTE_INSECURE": "maybe"},
        "$PALETTE_INSECURE is 'maybe'. It takes true or false.",
    ),
    "nobody there": (("--host", "https://127.0.0.1:9"), {}, "Check --host or $PALETTE_HOST, the"),
    "no CA": ((), {"PALETTE_CA_CERT": None}, "set $PALETTE_CA_CERT to the path of that CA's PEM"),
    "CA": ((), {"PALETTE_CA_CERT": "/no/such"}, "$PALETTE_CA_CERT: /no/such cannot be read"),
    "a wrong key": (
        (),
        {"PALETTE_API_KEY": "a-key-of-nobody"},
        "refused the API key. Check the API key ($PALETTE_API_KEY, or that on standard input).",
    ),
    "a blank key": (
        (),
        {"PALETTE_API_KEY": " "},
        "No API key. Set $PALETTE_API_KEY, or give it on standard input.",
    ),
    "no key": (
        (),
        {"PALETTE_API_KEY": "a key"},
        "the API key ($PALETTE_API_KEY, or that on standard input) holds characters that no API",
    ),
}


@pytest.mark.parametrize("command", [("list",), ("import", "--all")], ids=["list", "import"])
@pytest.mark.parametrize("case", SAYS)
def test_flags_and_variables_are_named(command: tuple[str, ...], case: str, run: Run) -> None:
    arguments, env, says = SAYS[case]
    told: Any = run(*command, *arguments, ok=False, env=env).output
    assert says in told
    for word in ("palette:", "pulumi ", "project="):
        assert word not in told
