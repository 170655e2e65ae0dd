"""`pytest --live=aws,...`: real services in the place of the sandbox's.

Then only tests marked `live` run, each in objects whose names begin with a word of its own. What is
not named stays the sandbox's.
"""

import argparse
import os
import re
from collections.abc import Collection, Mapping

import pytest

NEEDED = {
    "aws": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "gcp": ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_PROJECT"),
    "azure": ("ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET"),
    "minio": ("MINIO_ENDPOINT", "MINIO_USER", "MINIO_PASSWORD"),
    "palette": ("PALETTE_HOST", "PALETTE_API_KEY", "PALETTE_PROJECT"),
}
"""The services, and the variables that lead to each."""
_SETTINGS = {
    "aws": "(PALETTE_)?AWS_.*",
    "gcp": "(GOOGLE|GCLOUD|CLOUDSDK|GCE|PALETTE_GCP)_.*",
    "azure": "(ARM|AZURE|PALETTE_AZURE)_.*",
    "minio": "(PALETTE_)?MINIO_.*",
    "palette": "PALETTE_(HOST|API_KEY|PROJECT|CA_CERT|INSECURE)",
}
_NETWORK = "(HTTPS?|ALL|NO)_PROXY|(REQUESTS|CURL)_CA_BUNDLE|SSL_CERT_(FILE|DIR)"


def services(text: str) -> tuple[str, ...]:
    """What the option names."""
    given = tuple(text.split(","))
    if unknown := [each for each in given if each not in NEEDED]:
        known = ", ".join(NEEDED)
        raise argparse.ArgumentTypeError(f"no service is called {unknown[0]!r}; there are: {known}")
    return given


def involved(test: pytest.Item, real: Collection[str]) -> set[str]:
    """The real services that a test would use; none if it is for the sandbox alone."""
    marked = [{*mark.args} for mark in test.iter_markers("live")]
    used = set[str]().union(*(services for services in marked if services <= {*real}))
    if used:
        used |= {"palette"} & {*real}
    return used


def missing(used: Collection[str]) -> str:
    """Which variables the environment lacks for these services; empty if none."""
    lacks = {
        service: [name for name in NEEDED[service] if not os.environ.get(name)]
        for service in sorted(used)
    }
    said = [f"--live={each} needs ${', $'.join(names)}" for each, names in lacks.items() if names]
    return "; ".join(said)


def passes(name: str, real: Collection[str]) -> bool:
    """Whether tests may see that variable of whoever runs them."""
    seen = [_SETTINGS[service] for service in real] + ([_NETWORK] if real else [])
    return any(re.fullmatch(pattern, name, re.IGNORECASE) for pattern in seen)


def settings(sandbox: Mapping[str, str], real: Collection[str]) -> dict[str, str]:
    """The settings of a sandbox, but those of the environment for what is real."""
    patterns = [_SETTINGS[service] for service in real]

    def is_real(name: str) -> bool:
        return any(re.fullmatch(pattern, name) for pattern in patterns)

    kept = {name: value for name, value in sandbox.items() if not is_real(name)}
    return kept | {name: value for name, value in os.environ.items() if is_real(name)}
