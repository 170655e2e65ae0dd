"""Inputs that break a rule are refused in preview, by the path of the property at fault."""

import pytest

from tests.sandbox.cloud import AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack

COMPONENT = 'AwsBackupLocation("nightly", AwsBackupLocationArgs({}))'
STORAGE = """\
palette.BackupLocation("nightly", palette.BackupLocationArgs(storage=palette.S3(
    bucket="there", region="eu-west-1", {},
    credentials=palette.StaticCredentials(access_key="AKIAEXAMPLE", secret_key="{}"))))
"""
SECRET_KEY = "never-to-be-printed"


def test_bucket_names(stack: Stack, control: Control, aws: AwsEyes) -> None:
    stack.program(COMPONENT.format('region="eu-west-1", bucket_name=config.require("name")'))
    for name, rule in {
        "Bad_Name": "lower-case letters, digits and hyphens",
        "a..b": "a dot in a bucket's name",
        "ab": "3 to 63 characters",
        "a" * 64: "3 to 63 characters",
        "xn--x": "AWS reserves bucket names that begin with xn--",
        "192.168.0.1": "no IP address",
    }.items():
        refused = stack.preview("--config", f"lifecycle:name={name}", ok=False)
        assert told(refused, f"name: '{name}' is not allowed: ", rule).count("\n") == 0
    assert aws.nothing_left()
    assert control.get("calls")["palette"] == {}


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ('aws.User("nightly", aws.UserArgs(name="u" * 65))', ["name: 'uuu", "1 to 64 letters"]),
        (
            COMPONENT.format('region="cn-north-1"'),
            ["region: 'cn-north-1' is in the partition aws-cn; Palette knows only aws, "],
        ),
        (COMPONENT.format('region=config.get("region")'), ["region: is required"]),
        (
            COMPONENT.format('region="eu-west-1", snapshots="maybe"'),
            ["nightly: snapshots: must be a valid boolean"],
        ),
        (
            STORAGE.format('url="https://s3.example.com/x", ca_cert="not PEM"', SECRET_KEY),
            [
                "storage.url: 'https://s3.example.com/x' is not an endpoint: expected scheme and "
                "host, such as https://s3.example.com:9000, without a path",
                "storage.ca_cert: is not a PEM certificate: expected -----BEGIN CERTIFICATE-----",
            ],
        ),
        (
            STORAGE.format('url="s3.example.com"', SECRET_KEY),
            ["storage.url: 's3.example.com' is not an endpoint: expected scheme and host"],
        ),
        (STORAGE.format('kind="ftp"', SECRET_KEY), ["storage: must be '"]),
    ],
)
def test_inputs(
    stack: Stack, control: Control, aws: AwsEyes, program: str, says: list[str]
) -> None:
    stack.program(program)
    text = told(stack.preview(ok=False), *says)
    assert len(text.splitlines()) == len([part for part in says if ": " in part])
    assert SECRET_KEY not in stack.transcript[-1]
    assert aws.nothing_left() and not control.locations()
