"""How Google Cloud is called."""

import json
import os
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.compute_engine import _metadata

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE, Rest
from tests.unit.clients.caller import Caller, settings


@cache
def private_key() -> str:
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def google(url: str, ca: str) -> object:
    rest = Rest(settings(gcp_storageCustomEndpoint=url), dict)
    return rest.call(STORAGE, "GET", "/storage/v1/b")


def google_sign_in(url: str, ca: str) -> object:
    account = {
        "type": "service_account",
        "client_email": "a@a-project.iam.gserviceaccount.com",
        "private_key": private_key(),
        "token_uri": f"{url}/token",
    }
    given = settings(
        gcp_storageCustomEndpoint=url, gcp_credentials=json.dumps(account), gcp_project="a-project"
    )
    return GcpClient.connect(given).project()


def google_metadata(url: str, ca: str) -> object:
    return GcpClient.connect(settings(gcp_storageCustomEndpoint=url)).project()


def gce(url: str) -> dict[str, str]:
    return {"GCE_METADATA_IP": url.partition("://")[2]}


HOMES = {"CLOUDSDK_CONFIG": os.devnull}
"""Where its tools look for credentials."""
CALLERS = {
    "google": Caller(google, unpacks=True),
    "google sign-in": Caller(
        google_sign_in,
        through="google.oauth2.service_account.Credentials.refresh",
        signs_in=True,
    ),
    "google metadata": Caller(
        google_metadata,
        gce,
        through="google.auth.default",
        bundles=(),
        signs_in=True,
        among_others=True,
    ),
}


def without_metadata(patch: pytest.MonkeyPatch) -> None:
    """A machine that is none of Compute Engine: it reads the environment at import."""
    patch.setattr(_metadata, "_NO_GCE_CHECK", True)


def with_metadata(patch: pytest.MonkeyPatch) -> None:
    """A machine that may be one of Compute Engine."""
    patch.setattr(_metadata, "_NO_GCE_CHECK", False)
