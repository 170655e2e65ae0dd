"""Who reads and writes in a bucket by a policy in the language of S3, as moto's IAM judges it."""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult

from palette_backup_provider.core.policy_language import ARN
from tests.contract.tampering import made, neighbours

OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")


def permitted(document: Any, action: str, resource: str) -> bool:
    """Whether moto's IAM lets somebody with this policy do it.

    moto reads a pattern as a regular expression, so it is given what is meant.
    """

    def meant(pattern: str) -> str:
        return re.escape(pattern).replace(r"\*", "*").replace(r"\?", ".")

    statements = [
        {**one, "Resource": [meant(each) for each in one["Resource"]]}
        for one in document["Statement"]
    ]
    policy = IAMPolicy(json.dumps({**document, "Statement": statements}))
    return bool(policy.is_action_permitted(action, resource) == PermissionResult.PERMITTED)


def is_on_one_bucket(access_policy: Callable[..., Any], bucket: str) -> None:
    """Whoever has the policy for a bucket of that name can do its work there, and nowhere else."""
    document = made(access_policy, bucket)
    if document is None:
        return
    assert "${" not in json.dumps(document)
    arn = f"{ARN}{bucket}"
    assert all(permitted(document, action, f"{arn}/a") for action in OBJECTS)
    assert permitted(document, "s3:ListBucket", arn)
    assert not permitted(document, "s3:DeleteBucket", arn)
    for other in neighbours(bucket):
        there = f"{ARN}{other}"
        assert not any(permitted(document, action, f"{there}/a") for action in OBJECTS), other
        assert not permitted(document, "s3:ListBucket", there), other
