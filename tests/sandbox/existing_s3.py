"""A bucket of somebody else's, by way of S3, and what in it would harm backups."""

import json
from typing import Any

from palette_backup_provider.core.policy_language import ARN
from tests.sandbox.existing_place import BY_AGE, FOREIGN

HEADER = "s3:x-amz-server-side-encryption"
DENY = {
    "Sid": "Encrypted",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:PutObject"],
    "Resource": [f"{ARN}theirs/*"],
    "Condition": {"Null": {HEADER: "true"}},
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [DENY]})
REFUSED = "refuses what Velero sends: the statement 'Encrypted' denies s3:PutObject unless the r"
RULE = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
LOCK = {
    "ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 3}},
}
REFUSALS = ["locks every new object for 3 days (Object Lock, GOVERNANCE)", FOREIGN, BY_AGE, REFUSED]


def spoil(s3: Any) -> None:
    s3.put_object_lock_configuration(Bucket="theirs", ObjectLockConfiguration=LOCK)
    s3.put_object(Bucket="theirs", Key="photos/1", Body=b"")
    s3.put_object(Bucket="theirs", Key="backups/1", Body=b"")
    rules = {"Rules": [RULE]}
    s3.put_bucket_lifecycle_configuration(Bucket="theirs", LifecycleConfiguration=rules)
    s3.put_bucket_policy(Bucket="theirs", Policy=POLICY)


def heal(s3: Any) -> None:
    s3.delete_bucket_policy(Bucket="theirs")
    s3.delete_bucket_lifecycle(Bucket="theirs")
    for one in s3.list_object_versions(Bucket="theirs")["Versions"]:
        s3.delete_object(
            Bucket="theirs",
            Key=one["Key"],
            VersionId=one["VersionId"],
            BypassGovernanceRetention=True,
        )
    unlocked = {"ObjectLockEnabled": "Enabled"}
    s3.put_object_lock_configuration(Bucket="theirs", ObjectLockConfiguration=unlocked)
