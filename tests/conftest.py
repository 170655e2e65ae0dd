"""What holds for all tests: the environment of whoever runs them does not reach them, but for the
services that `--live` names."""

import os
import re

import pytest
from hypothesis import settings

from tests import live

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")

_SETTINGS = re.compile(
    "(AWS|ARM|AZURE|GOOGLE|GCLOUD|CLOUDSDK|GCE|MINIO|PALETTE|SPECTROCLOUD|PULUMI)_.*"
    "|(HTTPS?|ALL|NO)_PROXY|(REQUESTS|CURL)_CA_BUNDLE|SSL_CERT_(FILE|DIR)",
    re.IGNORECASE,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--live",
        type=live.services,
        default=(),
        metavar="NAME,...",
        help=f"run the tests of these real services alone: {', '.join(live.NEEDED)}",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--live`, only tests that are meant for real services, and only with credentials."""
    real = config.getoption("live")
    if not real:
        return
    used = {test: live.involved(test, real) for test in items}
    config.hook.pytest_deselected(items=[test for test in items if not used[test]])
    items[:] = [test for test in items if used[test]]
    for test in items:
        if reason := live.missing(used[test]):
            test.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """Wipes the settings of clouds, Palette, Pulumi, proxies and certificates."""
    real = pytestconfig.getoption("live")
    for name in list(os.environ):
        if _SETTINGS.fullmatch(name) and not live.passes(name, real):
            monkeypatch.delenv(name)
