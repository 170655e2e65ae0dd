"""AWS, with every kind of credential that an operator may have, and a server that quotes all it was
sent and all it knows: nothing of a secret is in what the person at the terminal reads.
"""

import json
import os
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.identity import Identity
from palette_backup_provider.clients.aws.trial import BucketRef, S3Client
from palette_backup_provider.core.settings import Settings
from tests.unit.clients.echo import Answer, Echo, as_xml, planted, refusal

pytestmark = pytest.mark.usefixtures("nothing_known")
AWS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_REGION": "eu-west-1"}
SECRET_KEY, TOKEN = planted("secret"), planted("token")


def as_sts(text: str) -> Answer:
    """A refusal, as STS has it."""
    error = f"<Code>Denied</Code><Message>{escape(text)}</Message>"
    return 403, f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"


def _environment(echo: Echo, folder: Path) -> dict[str, str]:
    return {**AWS, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_SESSION_TOKEN": TOKEN}


def _profile(echo: Echo, folder: Path) -> dict[str, str]:
    file = folder / "credentials"
    file.write_text(
        f"[p]\naws_access_key_id = AKIA\naws_secret_access_key = {SECRET_KEY}\n"
        f"aws_session_token = {TOKEN}\n"
    )
    return {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "p", "AWS_SHARED_CREDENTIALS_FILE": str(file)}


def _process(echo: Echo, folder: Path) -> dict[str, str]:
    told = folder / "told.json"
    told.write_text(
        json.dumps(
            {
                "Version": 1,
                "AccessKeyId": "AKIA",
                "SecretAccessKey": SECRET_KEY,
                "SessionToken": TOKEN,
                "Expiration": "2999-01-01T00:00:00Z",
            }
        )
    )
    file = folder / "config"
    file.write_text(f"[profile p]\ncredential_process = cat {told}\n")
    return {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "p", "AWS_CONFIG_FILE": str(file)}


def _web_identity(echo: Echo, folder: Path) -> dict[str, str]:
    file = folder / "token"
    file.write_text(TOKEN)
    return {
        "AWS_REGION": "eu-west-1",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(file),
    }


@pytest.mark.parametrize("way", [_environment, _profile, _process, _web_identity])
def test_ways_to_sign_in(
    echo: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[..., dict[str, str]]
) -> None:
    for name, value in {**way(echo, tmp_path), "AWS_ENDPOINT_URL": echo.url}.items():
        monkeypatch.setenv(name, value)
    echo.refuses, echo.knows = as_sts, [TOKEN] if way is _web_identity else [SECRET_KEY, TOKEN]
    client = AwsClient.connect(Settings(lambda _: None, os.environ))
    assert "refused" in refusal(client.account, *echo.knows)
    under = client.under(Identity(role_arn="arn:aws:iam::123456789012:role/r"))
    refusal(under.account, *echo.knows)


def test_a_given_key_of_s3(echo: Echo) -> None:
    echo.refuses, echo.knows = as_xml, [SECRET_KEY]
    place = BucketRef("b", "eu-west-1", echo.url, path_style=True)
    refusal(lambda: S3Client().round_trip(place, "AKIA", SECRET_KEY, "k"), SECRET_KEY)
