"""What holds for all tests: the environment of whoever runs them does not reach them."""

import os
import re

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")

_SETTINGS = re.compile(
    "(AWS|ARM|AZURE|GOOGLE|GCLOUD|CLOUDSDK|GCE|MINIO|PALETTE|SPECTROCLOUD|PULUMI)_.*"
    "|(HTTPS?|ALL|NO)_PROXY|(REQUESTS|CURL)_CA_BUNDLE|SSL_CERT_(FILE|DIR)",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wipes the settings of clouds, Palette, Pulumi, proxies and certificates."""
    for name in list(os.environ):
        if _SETTINGS.fullmatch(name):
            monkeypatch.delenv(name)
