"""Previews as small JSON that is the same in every run, for tests that render them.

What a run makes up is numbered, and its dates are moved to one day. The parts that no reader of a
preview looks at are left out.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.stack import Stack

FOLDER = Path(__file__).parents[1] / "unit/review/previews"
Record = Callable[..., None]
TODAY = date(2026, 11, 27)
"""The day that each recorded preview was made on."""
LEFT_OUT = frozenset(
    {"stackTrace", "sourcePosition", "created", "modified", "propertyDependencies", "provider"}
    | {"__provider", "config", "duration", "dependencies", "additionalSecretOutputs", "outputs"}
)
"""Outputs are kept of a refresh alone, which compares them."""
UNORDERED = ("diffReasons", "replaceReasons")
"""What the engine lists in no order."""
RANDOM = {
    r"\b[A-Z]KIA[A-Z0-9]{16}\b": lambda n, old: f"access-key-{n}",
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b": lambda n, old: (
        old if old == UNKNOWN else f"00000000-0000-4000-8000-{n:012d}"
    ),
    r"\b(?:[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{20,24})\b": lambda n, old: f"{n:0{len(old)}d}",
    r"\b\d{21}\b": lambda n, old: f"{n:021d}",
    r"\bp[0-9a-f]{15}\b": lambda n, old: f"p{n:015d}",
    r"\b20\d{6}[0-9a-f]{8}\b": lambda n, old: f"20261127{n:08d}",
    r"(?<=[-_a-z])[0-9a-f]{10}\b": lambda n, old: f"{n:010d}",
    r"(?<=:)[0-9a-f]{6}(?=\")": lambda n, old: f"{n:06d}",
    r"(?<=\"__incarnation\": \")[0-9a-f]{10}(?=\")": lambda n, old: f"{n:010d}",
    r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?": lambda n, old: f"https://host-{n}.example.com",
    r"\b127\.0\.0\.1:\d+\b": lambda n, old: f"host-{n}.example.com",
    r"/tmp/[^\s\"\\]*": lambda n, old: "__main__.py",
}
OF_PLUGINS = " from $PATH at "
"""In a warning about where a plugin was found, which depends on the machine."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
WHEN = re.compile(r"\b(20\d\d-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d)?Z)?(?=[\"\s,.;])")
PEM = re.compile(r"-----BEGIN.*?-----END [A-Z ]+-----(?:\\n)?\s*", re.DOTALL)


@pytest.fixture
def record(stack: Stack) -> Iterator[Record]:
    """Makes a preview and holds it against the file of that name."""
    wrong = list[str]()

    def preview(name: str, *flags: str, of: str = "preview") -> None:
        found = recorded(stack.run(of, "--json", *flags, ok=None).text)
        file = FOLDER / f"{name}.json"
        if os.environ.get("WRITE_PREVIEWS"):
            file.write_text(found)
        if not file.exists() or file.read_text() != found:
            wrong.append(f"{file.name}:\n{found}")

    yield preview
    assert not wrong, "\n".join(wrong)


def recorded(digest: str) -> str:
    """The digest that `pulumi preview --json` printed, as these files have it."""
    whole = json.loads(digest[digest.index("{") :])  # after warnings about plugins
    whole["steps"].sort(key=lambda step: (step["urn"], step["op"]))
    refreshed = any(step["op"] == "refresh" for step in whole["steps"])
    left_out = LEFT_OUT - {"outputs"} if refreshed else LEFT_OUT
    told = [one for one in whole.get("diagnostics") or [] if OF_PLUGINS not in one["message"]]
    whole["diagnostics"] = sorted(told, key=lambda d: str(d["message"]))
    lines = [f'"steps": [\n{_lines(_short(step, left_out) for step in whole.pop("steps"))}]']
    lines += [f'"{name}": {_line(value)}' for name, value in _short(whole, LEFT_OUT).items()]
    text = PEM.sub("<certificate>", "{" + ",\n".join(lines) + "}\n")
    numbers: dict[str, dict[str, int]] = {}
    for pattern, name in RANDOM.items():
        known = numbers.setdefault(pattern, {})
        text = re.sub(pattern, _numbered(known, name), text)
    return WHEN.sub(_moved, text)


def _numbered(
    known: dict[str, int], name: Callable[[int, str], str]
) -> Callable[[re.Match[str]], str]:
    return lambda found: name(known.setdefault(found[0], len(known) + 1), found[0])


def _moved(found: re.Match[str]) -> str:
    """The same distance from TODAY; the time of the day is always the same."""
    day = date.fromisoformat(found[1])
    if day == date(2012, 10, 17):  # a version of the language of policies
        return found[0]
    told = (day + (TODAY - datetime.now(UTC).date())).isoformat()
    return told + ("T09:30Z" if "T" in found[0] else "")


def days_ago(days: int) -> str:
    """A day in the past, as state holds it."""
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def _short(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_short(one, left_out) for one in value]
    if isinstance(value, dict):
        return {
            k: sorted(v) if k in UNORDERED and v else _short(v, left_out)
            for k, v in value.items()
            if k not in left_out and v is not None
        }
    return value


def _lines(steps: Any) -> str:
    return ",\n".join(map(_line, steps)) + "\n"


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=False)
