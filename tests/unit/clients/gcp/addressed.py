"""Where Google Cloud is told an address, and what it takes to ask there once."""

import json

import pytest

CONFIG = {
    "gcp:project": "my-project",
    "gcp:credentials": json.dumps(
        {
            "type": "authorized_user",
            "client_id": "1-a.apps.googleusercontent.com",
            "refresh_token": "s3cr3t-to-refresh",
            "client_secret": "s3cr3t-of-google",
            "token_uri": "https://127.0.0.1:1/token",
        }
    ),
}
ADDRESSES = ("GOOGLE_STORAGE_CUSTOM_ENDPOINT", "gcp:storageCustomEndpoint")


def asked_once(patch: pytest.MonkeyPatch) -> None:
    """Nothing repeats a call."""
