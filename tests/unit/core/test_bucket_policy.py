from typing import Any

import pytest

from palette_backup_provider.core import policy_language
from palette_backup_provider.core.bucket_policy import harms, refused
from palette_backup_provider.core.policy_language import ACCOUNTS, SECURE_TRANSPORT

ARN = f"{policy_language.ARN}theirs"
SSE = "s3:x-amz-server-side-encryption"
DENY: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": f"{ARN}/*",
}


def actions(**statement: Any) -> list[str]:
    given = {name: value for name, value in {**DENY, **statement}.items() if value is not None}
    return [action for action, _ in refused({"Statement": [given]}, ARN)]


@pytest.mark.parametrize(
    "condition",
    [
        {"Null": {SSE: "true"}},
        {"StringNotEqualsIfExists": {SSE: ["AES256", "another"]}, "Null": {SSE: True}},
        {"StringNotEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        {"ForAllValues:StringNotEquals": {"s3:x-amz-storage-class": "STANDARD"}},
        {"Bool": {SECURE_TRANSPORT: "true"}},
        None,
    ],
)
def test_a_demand_that_velero_cannot_meet(condition: Any) -> None:
    assert actions(Condition=condition) == ["s3:PutObject"]


def test_a_demand_is_told_once_and_says_who_can_end_it() -> None:
    (told,) = harms("the bucket theirs", {"Statement": [DENY, DENY]}, ARN)
    assert told.startswith("the policy of the bucket theirs refuses what Velero sends: a statement")
    assert told.endswith("Backups would fail. Its owner has to take that out.")


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {SECURE_TRANSPORT: "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        {"StringNotEquals": {"s3:signatureversion": "one"}},
        {"StringNotEquals": {SSE: "AES256"}, "StringLike": {"s3:prefix": "backups/*"}},
        {"StringEquals": {SSE: "AES256"}},
        {"Null": {SSE: "false"}},
        {"ForAnyValue:StringNotEquals": {SSE: "AES256"}},
    ],
)
def test_what_may_not_concern_velero_is_passed_over(condition: Any) -> None:
    assert actions(Condition=condition) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ({"Effect": "Allow"}, []),
        ({"Principal": {ACCOUNTS: ["*"]}}, ["s3:PutObject"]),
        ({"Principal": {ACCOUNTS: "one"}}, []),
        ({"Principal": None, "NotPrincipal": {ACCOUNTS: "one"}}, []),
        ({"Action": "s3:*"}, ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]),
        ({"Action": ["s3:Delete*"], "Resource": f"{ARN}/backups/*"}, ["s3:DeleteObject"]),
        ({"Action": "s3:ListBucket", "Resource": ARN}, ["s3:ListBucket"]),
        ({"Action": "s3:PutBucketPolicy", "Resource": ARN}, []),
        ({"Resource": f"{ARN}/photos/*"}, []),
        ({"Action": None, "NotAction": "s3:GetObject"}, ["s3:PutObject", "s3:DeleteObject"]),
        ({"Resource": None, "NotResource": f"{ARN}/photos/*"}, ["s3:PutObject"]),
    ],
)
def test_whom_and_what_a_statement_concerns(statement: dict[str, Any], found: list[str]) -> None:
    assert actions(**statement) == found


def test_the_statement_is_named() -> None:
    document = {"Statement": {**DENY, "Sid": "Sealed", "Condition": {"Null": {SSE: "true"}}}}
    assert list(refused(document, ARN)) == [
        (
            "s3:PutObject",
            "the statement 'Sealed' denies s3:PutObject unless the request has the headers of "
            + SSE,
        )
    ]
    assert not list(refused({}, ARN))
