"""What holds for all tests: the environment of whoever runs them does not reach them, but for the
services that `--live` names."""

import os
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator
from zlib import crc32

import pytest
from hypothesis import settings

from palette_backup_provider.core import secrets
from tests import live
from tests.sandbox.folders import in_some_folders
from tests.sandbox.service import services

settings.register_profile("search", deadline=None)  # a busy machine is no failure
settings.register_profile("steady", settings.get_profile("search"), derandomize=True)

_SETTINGS = re.compile(
    "|".join(
        ["(PALETTE|SPECTROCLOUD|PULUMI)_.*", live.NETWORK]
        + [each.variables for each in services().values()]
    ),
    re.IGNORECASE,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--live",
        type=live.named,
        default=(),
        metavar="NAME,...",
        help=f"run the tests of these real services alone: {', '.join(services())}",
    )


def pytest_configure(config: pytest.Config) -> None:
    """`make test` tries the same inputs in every run; `make stress` searches for others.

    A shell has what it starts in the background ignore interrupts, and so would each process that
    tests start: the engine then waits five seconds for each that it interrupts.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for each in in_some_folders("fast_tests").values():
        each.hurry()
    # jsonschema builds a parser of it, of formats that no schema here asks for
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    settings.load_profile("search" if config.getoption("markexpr") == "stress" else "steady")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Components, lives and the like go by their names."""
    name = getattr(val, "name", None)
    return name if isinstance(name, str) else None


def _sample(name: str, cases: list[pytest.Item]) -> Iterator[pytest.Item]:
    """As many cases as the mark says, spread evenly. Each test begins with another one, so that no
    cloud is asked everything."""
    (count,) = next(cases[0].iter_markers("sampled")).args or (1,)
    start, apart = crc32(name.encode()), max(1, len(cases) // count)
    for number in range(count):
        yield cases[(start + number * apart + number % apart) % len(cases)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that is sampled, `make test` runs some cases, and `make stress` the others.
    With `--live`, only tests that are meant for real services, and only with credentials."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for test in items:
        if test.get_closest_marker("sampled") and not test.get_closest_marker("stress"):
            cases[test.nodeid.partition("[")[0]].append(test)
    for name, asked in cases.items():
        for test in {*asked} - {*_sample(name, asked)}:
            test.add_marker(pytest.mark.stress)
    real = config.getoption("live")
    if not real:
        return
    used = {test: live.involved(test, real) for test in items}
    config.hook.pytest_deselected(items=[test for test in items if not used[test]])
    items[:] = [test for test in items if used[test]]
    for test in items:
        if reason := live.missing(used[test]):
            test.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True, scope="module")
def _forget_secrets() -> Iterator[None]:
    """Has each file of tests forget the secrets that it made up: they hold ordinary words."""
    before = set(secrets._known)
    yield
    secrets._known.intersection_update(before)


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """Wipes the settings of clouds, Palette, Pulumi, proxies and certificates."""
    real = pytestconfig.getoption("live")
    for name in list(os.environ):
        if _SETTINGS.fullmatch(name) and not live.passes(name, real):
            monkeypatch.delenv(name)
