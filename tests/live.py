"""`pytest --live=NAME,...`: real services in the place of the sandbox's.

Then only tests marked `live` run, each in objects whose names begin with a word of its own. What is
not named stays the sandbox's.
"""

import argparse
import os
import re
from collections.abc import Collection, Mapping

import pytest

from tests.sandbox.service import services

NETWORK = "(HTTPS?|ALL|NO)_PROXY|(REQUESTS|CURL)_CA_BUNDLE|SSL_CERT_(FILE|DIR)"
"""A pattern of the variables that say how any service is reached."""


def named(text: str) -> tuple[str, ...]:
    """What the option names."""
    given = tuple(text.split(","))
    if unknown := [each for each in given if each not in services()]:
        known = ", ".join(services())
        raise argparse.ArgumentTypeError(f"no service is called {unknown[0]!r}; there are: {known}")
    return given


def involved(test: pytest.Item, real: Collection[str]) -> set[str]:
    """The real services that a test would use; none if it is for the sandbox alone."""
    marked = [{*mark.args} for mark in test.iter_markers("live")]
    used = set[str]().union(*(each for each in marked if each <= {*real}))
    if used:
        used |= {"palette"} & {*real}
    return used


def missing(used: Collection[str]) -> str:
    """Which variables the environment lacks for these services; empty if none."""
    lacks = {
        service: [name for name in services()[service].needed if not os.environ.get(name)]
        for service in sorted(used)
    }
    said = [f"--live={each} needs ${', $'.join(names)}" for each, names in lacks.items() if names]
    return "; ".join(said)


def passes(name: str, real: Collection[str]) -> bool:
    """Whether tests may see that variable of whoever runs them."""
    seen = [services()[each].variables for each in real] + ([NETWORK] if real else [])
    return any(re.fullmatch(pattern, name, re.IGNORECASE) for pattern in seen)


def settings(sandbox: Mapping[str, str], real: Collection[str]) -> dict[str, str]:
    """The settings of a sandbox, but those of the environment for what is real."""
    patterns = [services()[each].variables for each in real]

    def is_real(name: str) -> bool:
        return any(re.fullmatch(pattern, name) for pattern in patterns)

    kept = {name: value for name, value in sandbox.items() if not is_real(name)}
    return kept | {name: value for name, value in os.environ.items() if is_real(name)}
