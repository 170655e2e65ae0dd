"""Palette's validate calls really use the credential."""

from typing import Any

import requests

from palette_backup_provider.sandbox.palette.aws_account import AWS_ACCOUNT
from tests.unit.sandbox.test_spec import VALIDATED
from tests.unit.sandbox.visitor import Visitor, allow, policy

BUCKET = "some-bucket"
S3 = "/v1/clouds/aws/s3/validate"
STS = "/v1/clouds/aws/account/sts"


def validate(visitor: Visitor, credentials: dict[str, Any]) -> requests.Response:
    body = {"bucket": BUCKET, "region": "us-east-1", "credentials": credentials}
    return visitor.palette("POST", S3, body)


def static(keys: tuple[str, str]) -> dict[str, str]:
    return {"accessKey": keys[0], "secretKey": keys[1]}


def test_static_credential(visitor: Visitor) -> None:
    visitor.aws("s3").create_bucket(Bucket=BUCKET)
    good = visitor.new_user("good", allow("s3:ListBucket", on=f"arn:aws:s3:::{BUCKET}"))
    answer = validate(visitor, static(good))
    assert answer.status_code == 204
    assert answer.headers["AuditUid"]
    answer = validate(visitor, static(visitor.new_user("poor")))
    assert answer.status_code == 400
    assert "AccessDenied" in answer.json()["message"]
    answer = validate(visitor, static(("AKIAUNKNOWN", "wrong")))
    assert "InvalidAccessKeyId" in answer.json()["message"]


def test_fresh_credential_is_not_valid_yet(visitor: Visitor) -> None:
    visitor.control("POST", "delay", {"seconds": 1000})
    answer = validate(visitor, static(visitor.new_user("fresh", allow("*"))))
    assert "InvalidAccessKeyId" in answer.json()["message"]


def test_role_is_taken_on_with_the_external_id_of_the_tenant(visitor: Visitor) -> None:
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


def test_external_id_stays_the_same(visitor: Visitor) -> None:
    first, second = (visitor.palette("GET", STS).json() for _ in range(2))
    assert first == second
    assert visitor.palette("GET", f"{STS}?partition=aws-us-gov").json()["partition"] == "aws-us-gov"
    assert visitor.palette("GET", f"{STS}?partition=aws-cn").status_code == 400


def test_cloud_that_does_not_run_is_named(visitor: Visitor) -> None:
    for cloud, (path, body) in VALIDATED.items():
        answer = visitor.palette("POST", path, body)
        assert answer.status_code == 400
        assert f"--clouds {cloud}" in answer.json()["message"]


def test_missing_fields_are_named(visitor: Visitor) -> None:
    for credentials, name in (
        ({"accessKey": "a"}, "secretKey"),
        ({"credentialType": "sts", "sts": {"externalId": "x"}}, "arn"),
        ({"credentialType": "pod-identity"}, "pod-identity"),
    ):
        answer = validate(visitor, credentials)
        assert answer.status_code == 400
        assert name in answer.json()["message"]
