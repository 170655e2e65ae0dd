import re
from typing import Any

import pytest

from palette_backup_provider.resources.aws.bucket import BucketHandler
from tests.unit.resources.aws.buckets import REGION
from tests.unit.resources.stack import Stack

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab"


def reasons(**given: Any) -> str:
    return Stack(BucketHandler).reasons(**{"region": REGION, "name": "nightly", **given})


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ab", "3 to 63 characters"),
        ("a" * 64, "3 to 63 characters"),
        ("Bad_Name", "lower-case letters, digits and hyphens"),
        ("bad_name", "lower-case letters, digits and hyphens"),
        ("a..b", "breaks TLS"),
        ("a.b", "breaks TLS"),
        ("192.168.0.1", "no IP address"),
        ("-nightly", "begins and ends with"),
        ("nightly-", "begins and ends with"),
        ("xn--x", "begin with xn--"),
        ("sthree-x", "begin with xn--, sthree-"),
        ("amzn-s3-demo-x", "amzn-s3-demo-"),
        ("x-s3alias", "end in -s3alias"),
        ("x--ol-s3", "--ol-s3"),
        ("x.mrap", "end in .mrap"),
        ("x--x-s3", "--x-s3"),
        ("x--table-s3", "--table-s3"),
    ],
)
def test_a_name_is_refused_with_the_rule_it_breaks(moto: None, name: str, says: str) -> None:
    found = reasons(name=name)
    assert found.startswith(f"name: '{name}' is not allowed: ")
    assert says in found


@pytest.mark.parametrize("name", ["abc", "a" * 63, "a--b", "0nightly0", "1-2-3"])
def test_a_name_that_aws_takes_is_taken(moto: None, name: str) -> None:
    assert reasons(name=name) == ""


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"region": "cn-north-1"}, "region: 'cn-north-1' is in the partition aws-cn"),
        ({"region": "us-isof-south-1"}, "region: "),
        ({"region": "Virginia"}, "region: "),
        ({"kms_key_arn": "alias/key"}, "kms_key_arn: .*the whole ARN of a KMS key"),
        ({"kms_key_arn": KEY, "region": "us-east-1"}, "the key must be in the bucket's region"),
        ({"noncurrent_days": 0}, "noncurrent_days: "),
        ({"abort_uploads_days": 0}, "abort_uploads_days: "),
        ({"object_lock": {"days": 9}}, "versioning: object_lock needs versioning=True"),
        ({"object_lock": {"days": 0}, "versioning": True}, "object_lock.days: "),
        (
            {"object_lock": {"days": 9, "mode": "governance"}, "versioning": True},
            "object_lock.mode: must be 'GOVERNANCE' or 'COMPLIANCE'",
        ),
        ({"policy_statements": [{"Effect": "Allow"}]}, "policy_statements: .*needs a Sid"),
        ({"policy_statements": [{"Sid": "a-b"}]}, "needs a Sid of letters and digits"),
        ({"policy_statements": [{"Sid": "A"}, {"Sid": "A"}]}, "the Sid 'A' is there twice"),
        ({"policy_statements": [{"Sid": "PaletteBackupTlsOnly"}]}, "tls_only has it"),
        ({"tags": {"aws:x": "y"}}, "tags: .*reserved"),
    ],
)
def test_what_aws_would_refuse_is_refused_in_preview(
    moto: None, given: dict[str, Any], says: str
) -> None:
    assert re.search(says, reasons(**given))


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "us-iso-east-1", "ap-south-2"])
def test_regions_that_palette_knows_are_taken(moto: None, region: str) -> None:
    assert reasons(region=region) == ""


def test_a_key_in_the_region_of_the_bucket_is_taken(moto: None) -> None:
    assert reasons(kms_key_arn=KEY) == ""
