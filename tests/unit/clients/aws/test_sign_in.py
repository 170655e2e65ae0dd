"""A profile of AWS that signs nobody in is one readable line."""

from pathlib import Path

import pytest

from palette_backup_provider.clients.aws.client import AwsClient
from tests.unit.clients.signing_in import one_line

pytestmark = pytest.mark.usefixtures("nothing_to_sign_in_with")


BROKEN_PROFILES = {
    "half a key": ("[profile p]\naws_access_key_id = AKIAEXAMPLE\n", "Partial credentials found"),
    "no such source": (
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = gone\n",
        'The source_profile "gone" referenced in the profile "p" does not exist',
    ),
    "a role without a source": (
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\n",
        "Partial credentials found in assume-role",
    ),
    "a source that is none": (
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Sun\n",
        "Sun",
    ),
    "a circle": (
        "[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = q\n"
        "[profile q]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = p\n",
        "Infinite loop in credential configuration",
    ),
    "no INI": ("aws_access_key_id", "Unable to parse config file"),
    "half a single sign-on": (
        "[profile p]\nsso_account_id = 123456789012\nsso_role_name = r\n",
        "sso_start_url",
    ),
    "no single sign-on": (
        "[profile p]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
        "[sso-session s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n",
        "Token for s does not exist. Sign in before: `aws sso login`",
    ),
    "a program that is not there": (
        "[profile p]\ncredential_process = /no/such/helper\n",
        "/no/such/helper: No such file or directory",
    ),
    "a command that is none": ("[profile p]\ncredential_process = 'helper\n", "No closing quot"),
    "a token that is not there": (
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
        "web_identity_token_file = /no/such/token\n",
        "/no/such/token: No such file or directory",
    ),
}


@pytest.mark.parametrize("what", BROKEN_PROFILES)
def test_a_profile_that_is_broken_is_named_with_what_is_wrong(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, says = BROKEN_PROFILES[what]
    file = tmp_path / "config"
    file.write_text(config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    text = one_line(AwsClient(region="us-east-1", profile="p").account)
    assert text.startswith("The AWS profile p: ") and says in text
    todo = ("Correct the profile p in ~/.aws/config", "Set AWS_PROFILE or", "`aws sso login`")
    assert any(words in text for words in todo)


MFA = """\
[profile p]
role_arn = arn:aws:iam::123456789012:role/r
mfa_serial = arn:aws:iam::123456789012:mfa/me
source_profile = q
[profile q]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = the-secret-of-the-source
"""


@pytest.mark.parametrize("given", ["setting", "variable"])
def test_a_profile_that_asks_for_a_code_is_refused_at_once(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_: pytest.fail("somebody was asked"))
    file = tmp_path / "config"
    file.write_text(MFA)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    if given == "variable":
        monkeypatch.setenv("AWS_PROFILE", "p")
    client = AwsClient(region="us-east-1", profile="p" if given == "setting" else None)
    text = one_line(client.account)
    assert text.startswith("The AWS profile p asks for an MFA code (mfa_serial), and a code cannot")
    assert '`eval "$(aws configure export-credentials --profile p --format env)"`' in text


def test_the_ca_of_a_profile_is_named_by_its_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    file.write_text(
        "[profile p]\nca_bundle = /no/such/ca.pem\naws_access_key_id = A\n"
        "aws_secret_access_key = the-secret-of-p\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    text = one_line(AwsClient(region="us-east-1", profile="p").account)
    assert text.startswith("ca_bundle of the AWS profile p: /no/such/ca.pem cannot be read: No su")
