"""Google Cloud, with every kind of credential that an operator may have, and a server that quotes
all it was sent and all it knows: nothing of a secret is in what the person at the terminal reads.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.identity import Identity
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core import secrets
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.echo import Answer, Echo, as_oauth, planted, refusal
from tests.unit.clients.gcp.callers import private_key
from tests.unit.core.echoes import shown

pytestmark = pytest.mark.usefixtures("nothing_known")


def as_google(text: str) -> Answer:
    """A refusal, as Google's APIs have it."""
    return 403, json.dumps({"error": {"status": "DENIED", "message": text}})


def _service_account(echo: Echo) -> tuple[dict[str, Any], list[str]]:
    key = private_key()
    found = {
        "type": "service_account",
        "client_email": "a@b.iam.gserviceaccount.com",
        "private_key": key,
        "private_key_id": "1a2b",
        "token_uri": f"{echo.url}/token",
    }
    return found, [line for line in key.splitlines() if not line.startswith("-")]


def _user(echo: Echo) -> tuple[dict[str, Any], list[str]]:
    known = [planted("refresh"), planted("client")]
    found = {
        "type": "authorized_user",
        "client_id": "1-a.apps.googleusercontent.com",
        "refresh_token": known[0],
        "client_secret": known[1],
        "token_uri": f"{echo.url}/token",
    }
    return found, known


@pytest.mark.parametrize("by", ["setting", "file"])
@pytest.mark.parametrize("way", [_service_account, _user])
def test_ways_to_sign_in(
    echo: Echo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[Echo], tuple[dict[str, Any], list[str]]],
    by: str,
) -> None:
    content, echo.knows = way(echo)
    echo.refuses = as_oauth
    endpoint = "google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT"
    monkeypatch.setattr(endpoint, content["token_uri"])  # it does not read that of a user's file
    config = {"gcp:project": "my-project"}
    if by == "setting":
        config["gcp:credentials"] = json.dumps(content)
    else:
        (tmp_path / "adc.json").write_text(json.dumps(content))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "adc.json"))
    client = GcpClient.connect(Settings(config.get, os.environ))
    said = refusal(client.project, *echo.knows)
    assert "refused to sign in" in said
    for assertion in parse_qs(echo.bodies[-1]).get("assertion", []):  # signed with the key
        assert shown(assertion, secrets.cleared(f"it is {assertion}")) == []


@pytest.mark.parametrize("impersonate", [None, "other@b.iam.gserviceaccount.com"])
def test_an_access_token(echo: Echo, impersonate: str | None) -> None:
    content, _ = _service_account(echo)
    echo.refuses, echo.knows = as_google, [planted("access")]
    token = json.dumps({"access_token": echo.knows[0], "expires_in": 3600})
    echo.answers = lambda call: token if call == "POST /token" else None
    config = {
        "gcp:project": "my-project",
        "gcp:credentials": json.dumps(content),
        "gcp:storageCustomEndpoint": echo.url,
        "gcp:iamCredentialsCustomEndpoint": echo.url,
    }
    client = GcpClient.connect(Settings(config.get, {}))
    if impersonate:
        client = client.under(Identity(impersonate=impersonate))
    said = refusal(lambda: client.call(STORAGE, "GET", "/storage/v1/b/x"), *echo.knows)
    assert "Google refused" in said
