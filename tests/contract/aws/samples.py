"""Good inputs for AWS's types."""

from typing import Any

from palette_backup_provider import aws

ARN = "arn:aws:iam::123456789012"
IDENTITY = {"profile": "p", "role_arn": f"{ARN}:role/r", "external_id": "external"}
STATIC = {"kind": "secret", "access_key": "AKIA", "secret_key": "s3cr3t-of-aws"}
STS = {"kind": "sts", "role_arn": f"{ARN}:role/r", "external_id": "external"}
STATEMENT = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
STORAGES: tuple[dict[str, Any], ...] = (
    {"kind": "s3", "bucket": "b", "region": "eu-west-1", "credentials": STATIC},
    {"kind": "s3", "bucket": "b", "region": "eu-west-1", "credentials": STS},
)
SAMPLES: dict[str, dict[str, Any]] = {
    "aws:AccessKey": {"user": "u"},
    "aws:Bucket": {
        "region": "eu-west-1",
        "versioning": True,
        "object_lock": {"days": 7, "mode": "GOVERNANCE"},
    },
    "aws:Policy": {"document": {"Statement": [STATEMENT]}},
    "aws:RetiringKey": {"user": "u"},
    "aws:Role": {"trust_policy": {"Statement": []}},
    "aws:User": {},
}
TOLD: dict[str, dict[str, Any]] = {
    "aws:Bucket": {"name": "made"},
    "aws:Policy": {"arn": f"{ARN}:policy/made"},
    "aws:Role": {"arn": f"{ARN}:role/made"},
    "aws:User": {"arn": f"{ARN}:user/made"},
    "palette:AwsStsAccount": {"account_id": "123456789012", "external_id": "external"},
}
ANSWERS = {
    "account": "123456789012",
    "partition": "aws",
    "constant": {"accountId": "555555555555", "externalId": "external"},
}
ARGUMENTS: dict[str, list[Any]] = {
    "existing_policy": [f"{ARN}:policy/a"],
    "identity": [aws.Identity(profile="a")],
    "kms_key_arn": ["arn:aws:kms:eu-west-1:123456789012:key/a"],
    "object_lock": [aws.ObjectLock(days=1)],
    "oidc_providers": [[f"{ARN}:oidc-provider/a"]],
    "permissions_boundary": [f"{ARN}:policy/a"],
    "policy_statements": [[{"Sid": "A"}]],
    "principals": [["210987654321"]],
}
BACKUPS = {"bucket_name"}
FOUND_OTHERWISE = {"palette:AwsStsAccount": "An account has no mark."}
SETTLED_BY_NAME = {"aws:Bucket": {"object_lock"}}
OF_PALETTE: dict[str, list[dict[str, Any]]] = {"palette:AwsStsAccount": [{}]}
FUNCTIONS: dict[str, dict[str, Any]] = {
    "aws:access_policy": {"bucket": "b", "snapshots": True, "snapshot_tags": {"snake_key": "kept"}},
    "aws:bucket_policy_for": {"user_arn": "arn:aws:iam::123456789012:user/velero", "bucket": "b"},
    "aws:key_policy_for": {"user_arn": "arn:aws:iam::123456789012:user/velero"},
    "aws:trust_policy": {
        "palette_account": "123456789012",
        "external_id": "ext-1",
        "principals": ["210987654321"],
    },
}
