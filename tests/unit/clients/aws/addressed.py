"""Where AWS is told an address, and what it takes to ask there once."""

import pytest

from palette_backup_provider.clients.aws import client

CONFIG = {"aws:region": "eu-west-1"}
ADDRESSES = ("AWS_ENDPOINT_URL",)


def asked_once(patch: pytest.MonkeyPatch) -> None:
    """No call is repeated."""
    patch.setattr(client, "RETRIES", {"max_attempts": 0})
    patch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t-of-aws")
