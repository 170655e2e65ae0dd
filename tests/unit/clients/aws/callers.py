"""How AWS, and any store that speaks S3, is called."""

import os
from pathlib import Path

import pytest

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.trial import BucketRef, S3Client
from palette_backup_provider.clients.rest.trust import certificates
from tests.unit.clients.caller import SECRET, STORED, Caller


def aws(url: str, ca: str) -> object:
    return AwsClient(region="us-east-1", profile=None).call("sts", "get_caller_identity")


def s3(url: str, ca: str) -> object:
    place = BucketRef("a-bucket", "us-east-1", url, path_style=True)
    return S3Client().round_trip(place, "AKIAEXAMPLE", SECRET, "a-key")


def s3_trusting(url: str, ca: str) -> object:
    text = Path(ca).read_bytes().decode("utf-8", "replace")
    place = BucketRef("b", "us-east-1", url, path_style=True, ca_cert=certificates(text))
    return S3Client().round_trip(place, "AKIAEXAMPLE", SECRET, "k")


def aws_keys(url: str) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}
    return {"AWS_ENDPOINT_URL": url, **keys}


def ec2(url: str) -> dict[str, str]:
    return {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url}


BOTOCORE = "botocore.endpoint.Endpoint.make_request"
BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
HOMES = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
"""Where its tools look for credentials."""
CALLERS = {
    "aws": Caller(
        aws, aws_keys, through="botocore.credentials.EnvProvider.load", bundles=BUNDLES, fully=True
    ),
    "aws metadata": Caller(
        aws,
        ec2,
        through="botocore.credentials.InstanceMetadataProvider.load",
        bundles=(),
        signs_in=True,
        among_others=True,
        asks_a_proxy=True,
    ),
    "s3": Caller(s3, through=BOTOCORE, bundles=BUNDLES),
    "s3 content": Caller(s3, put=STORED, through=BOTOCORE, bundles=BUNDLES),
}
TRUSTING = {"s3": s3_trusting}


def without_metadata(patch: pytest.MonkeyPatch) -> None:
    """A machine that is none of EC2."""
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def with_metadata(patch: pytest.MonkeyPatch) -> None:
    """A machine that may be one of EC2."""
    patch.delenv("AWS_EC2_METADATA_DISABLED")
