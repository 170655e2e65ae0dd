"""AWS as a sandbox runs it: its settings, the proxy before it, and what is shut."""

from typing import Any

import pytest
import requests

from tests.unit.sandbox.aws.test_service import refusal
from tests.unit.sandbox.aws.visitor import AwsVisitor
from tests.unit.sandbox.visitor import TIMEOUT


def test_settings_that_a_program_needs(visitor: AwsVisitor) -> None:
    expected = {
        "AWS_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
    }
    assert expected <= visitor.env.keys()


def test_calls_are_struck_by_their_name(visitor: AwsVisitor) -> None:
    visitor.plan({"service": "aws", "call": "CreateBucket", "fault": "status", "when": "after"})
    s3 = visitor.aws("s3")
    with pytest.raises(s3.exceptions.ClientError, match="503"):
        s3.create_bucket(Bucket="some-bucket")
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["some-bucket"]


def test_a_fresh_key_is_unknown_for_a_while(visitor: AwsVisitor) -> None:
    visitor.control("POST", "delay", {"seconds": 1000})
    keys = visitor.new_user("fresh")
    sts = visitor.aws("sts", keys)
    assert refusal(sts.get_caller_identity) == "InvalidClientTokenId"
    assert refusal(visitor.aws("s3", keys).list_buckets) == "InvalidAccessKeyId"
    visitor.control("POST", "delay", {"seconds": 0})
    assert sts.get_caller_identity()["Arn"].endswith("user/fresh")


def test_reset_forgets_everything(visitor: AwsVisitor) -> None:
    visitor.aws("s3").create_bucket(Bucket="bucket-to-forget")
    visitor.control("POST", "reset")
    assert visitor.aws("s3").list_buckets()["Buckets"] == []


def test_no_other_origin_is_let_in(visitor: AwsVisitor) -> None:
    s3 = visitor.aws("s3")

    def from_elsewhere(request: Any, **_: Any) -> None:
        request.headers.add_header("Origin", "https://evil.test")

    s3.meta.events.register("before-sign.s3", from_elsewhere)
    told = s3.list_buckets()["ResponseMetadata"]["HTTPHeaders"]
    assert not [name for name in told if name.lower().startswith("access-control")]


def test_control_of_moto_is_closed(visitor: AwsVisitor) -> None:
    # Signed, as far as anybody looks: moto asks for nothing here.
    scope = f"{visitor.keys('AWS')[0]}/20261123/us-east-1/s3/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0"}
    for path in ("reset", "data.json"):
        url = f"{visitor.env['AWS_ENDPOINT_URL']}/moto-api/{path}"
        assert requests.get(url, headers=headers, timeout=TIMEOUT).status_code == 403
        assert requests.post(url, headers=headers, timeout=TIMEOUT).status_code == 403
