"""Denials under conditions that AWS alone knows: which are certain to meet Velero."""

from typing import Any

import pytest

from tests.unit.core.test_bucket_policy import SSE, actions


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {SSE: "aws:kms"}},
        {"StringNotEqualsIfExists": {SSE: ["AES256", "aws:kms"]}, "Null": {SSE: True}},
        {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn"}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ],
)
def test_a_demand_that_velero_cannot_meet(condition: Any) -> None:
    assert actions(Condition=condition) == ["s3:PutObject"]


@pytest.mark.parametrize(
    "condition",
    [
        {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"StringNotEquals": {SSE: "aws:kms"}, "StringLike": {"aws:PrincipalArn": "arn"}},
    ],
)
def test_what_may_not_concern_velero_is_passed_over(condition: Any) -> None:
    assert actions(Condition=condition) == []


@pytest.mark.parametrize("whom", ["Principal", "NotPrincipal"])
def test_a_denial_to_some_is_passed_over(whom: str) -> None:
    user = {"AWS": "arn:aws:iam::1:user/u"}
    assert actions(**{"Principal": None, whom: user}) == []
