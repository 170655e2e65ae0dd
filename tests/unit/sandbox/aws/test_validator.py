"""Palette's validate call for S3 really uses the credential, on AWS."""

from typing import Any

import requests

from palette_backup_provider.sandbox.palette.aws_account import AWS_ACCOUNT
from tests.unit.sandbox.aws.locations import VALIDATED
from tests.unit.sandbox.aws.visitor import AwsVisitor, held
from tests.unit.sandbox.visitor import allow, policy

BUCKET = "some-bucket"
STS = "/v1/clouds/aws/account/sts"


def validate(visitor: AwsVisitor, credentials: dict[str, Any]) -> requests.Response:
    path, wanted = VALIDATED
    return visitor.palette("POST", path, {**wanted, "bucket": BUCKET, "credentials": credentials})


def test_static_credential(visitor: AwsVisitor) -> None:
    visitor.aws("s3").create_bucket(Bucket=BUCKET)
    good = visitor.new_user("good", allow("s3:ListBucket", on=f"arn:aws:s3:::{BUCKET}"))
    answer = validate(visitor, held(good))
    assert answer.status_code == 204
    assert answer.headers["AuditUid"]
    answer = validate(visitor, held(visitor.new_user("poor")))
    assert answer.status_code == 400
    assert "AccessDenied" in answer.json()["message"]
    answer = validate(visitor, held(("AKIAUNKNOWN", "wrong")))
    assert "InvalidAccessKeyId" in answer.json()["message"]


def test_fresh_credential_is_not_valid_yet(visitor: AwsVisitor) -> None:
    visitor.control("POST", "delay", {"seconds": 1000})
    answer = validate(visitor, held(visitor.new_user("fresh", allow("*"))))
    assert "InvalidAccessKeyId" in answer.json()["message"]


def test_role_is_taken_on_with_the_external_id_of_the_tenant(visitor: AwsVisitor) -> None:
    account = visitor.palette("GET", STS).json()
    assert account["accountId"] == AWS_ACCOUNT
    visitor.aws("s3").create_bucket(Bucket=BUCKET)
    iam = visitor.aws("iam")
    for name, external_id in (("good", account["externalId"]), ("bad", "another-id")):
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{AWS_ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
        }
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(allow("s3:*")))

    def with_role(name: str) -> requests.Response:
        arn = iam.get_role(RoleName=name)["Role"]["Arn"]
        sts = {"arn": arn, "externalId": "ignored"}
        return validate(visitor, {"credentialType": "sts", "sts": sts})

    assert with_role("good").status_code == 204
    assert "sts:AssumeRole" in with_role("bad").json()["message"]


def test_external_id_stays_the_same(visitor: AwsVisitor) -> None:
    first, second = (visitor.palette("GET", STS).json() for _ in range(2))
    assert first == second
    assert visitor.palette("GET", f"{STS}?partition=aws-us-gov").json()["partition"] == "aws-us-gov"
    assert visitor.palette("GET", f"{STS}?partition=aws-cn").status_code == 400


def test_missing_fields_are_named(visitor: AwsVisitor) -> None:
    for credentials, name in (
        ({"accessKey": "a"}, "secretKey"),
        ({"credentialType": "sts", "sts": {"externalId": "x"}}, "arn"),
        ({"credentialType": "pod-identity"}, "pod-identity"),
    ):
        answer = validate(visitor, credentials)
        assert answer.status_code == 400
        assert name in answer.json()["message"]
