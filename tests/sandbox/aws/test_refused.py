"""What AWS refuses, or what is in the way there, is told in words that lead to the fix."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.aws.inspector import OTHER, AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

PROGRAM = 'AwsBackupLocation("nightly", AwsBackupLocationArgs(region="us-east-1"{}))'
NAMED = PROGRAM.format(', bucket_name="our-backups"')
EXISTING = PROGRAM.format(', existing_bucket="theirs"')
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
RULES = [
    {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}},
    {
        "ID": "cold",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
    },
]


def made(stack: Stack) -> list[str]:
    """The ids of what state holds that is remote."""
    return [r["id"] for r in stack.resources() if not r["type"].endswith("palette:Lineage")]


def test_a_bucket_of_another_account(stack: Stack, aws: AwsInspector) -> None:
    aws.client("s3", who=OTHER).create_bucket(Bucket="our-backups")
    stack.program(NAMED)
    told(
        stack.up(ok=False),
        "The bucket name our-backups is taken by another AWS account",
        "Choose another name, or leave the name out",
    )
    assert aws.nothing_left() and not made(stack)


def test_a_bucket_of_another_stack(
    new_stack: Callable[..., Stack], control: Control, aws: AwsInspector
) -> None:
    first, second = new_stack("first", project="first"), new_stack("second", project="second")
    first.program(NAMED)
    second.program(NAMED)
    first.up()
    told(
        second.up(ok=False),
        "The bucket our-backups exists already and belongs to organization/first/dev/nightly",
        "set existing_bucket='our-backups'",
    )
    assert not made(second)
    assert [len(aws.users()), len(aws.policies()), len(control.locations())] == [1, 1, 1]
    first.destroy()
    assert aws.nothing_left()


def test_a_bucket_that_holds_backups(stack: Stack, control: Control, aws: AwsInspector) -> None:
    stack.program(PROGRAM.format(', bucket_name="our-backups", versioning=True'))
    stack.up()
    s3 = aws.client("s3")
    for body in (b"one", b"two"):
        s3.put_object(Bucket="our-backups", Key="backups/x", Body=body)
    s3.create_multipart_upload(Bucket="our-backups", Key="backups/y")
    held = "holds 1 object and 1 old version or delete marker and 1 unfinished upload"

    told(stack.destroy(ok=False), f"The bucket our-backups {held}", "set force_destroy=True")
    assert aws.buckets() == ["our-backups"] and len(control.locations()) == 1

    change(stack, PALETTE_STORAGE_STAYS="true")
    stack.destroy("--exclude", stack.urn("aws:Bucket"))
    assert made(stack) == aws.buckets() == ["our-backups"] and not control.locations()
    change(stack, PALETTE_STORAGE_STAYS=None)

    stack.run("state", "delete", "--yes", stack.urn("aws:Bucket"))
    told(
        stack.up(ok=False),
        f"made by this stack but is not in its state, and {held}",
        "existing_bucket='our-backups'",
    )
    assert aws.buckets() == ["our-backups"] and not made(stack)


@pytest.mark.parametrize("action", ["CreateUser", "CreateAccessKey"])
@pytest.mark.sampled
def test_a_policy_of_the_organisation(
    stack: Stack, control: Control, aws: AwsInspector, action: str
) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="engineer")
    deny = {"Effect": "Deny", "Action": f"iam:{action}", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING, deny]})
    iam.put_user_policy(UserName="engineer", PolicyName="all-but", PolicyDocument=document)
    own = iam.create_access_key(UserName="engineer")["AccessKey"]
    change(
        stack,
        AWS_ACCESS_KEY_ID=own["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=own["SecretAccessKey"],
    )
    stack.program(PROGRAM.format(""))
    told(
        stack.up(ok=False),
        "A policy does not let these credentials make ",
        "service control policy of the organisation",
        f"iam:{action}",
        "AwsStsBackupLocation",
        "existing_user",
    )
    assert not control.locations()
    stack.destroy()
    assert aws.users() == ["engineer"] and not aws.buckets() and not aws.policies()


def test_a_key_that_is_never_accepted(stack: Stack, control: Control, aws: AwsInspector) -> None:
    control.post("delay", {"seconds": 600})
    stack.set("palette:awsWait", "2")
    stack.program(PROGRAM.format(""))
    told(
        stack.up(ok=False),
        "nightly: waiting for AWS to accept the access key",
        "gave up after 2 s and ",
        "s3:put_object",
        "(InvalidAccessKeyId)",
        "To wait longer, set palette:awsWait (seconds)",
    )
    assert not control.locations()
    stack.destroy()
    assert aws.nothing_left()


def test_a_user_without_a_permission(stack: Stack, control: Control, aws: AwsInspector) -> None:
    aws.client("iam").create_user(UserName="velero")
    stack.set("palette:awsWait", "40")
    stack.program(PROGRAM.format(', existing_user="velero"'))
    refused = stack.up(ok=False)
    assert "because no identity-based policy allows the s3:PutObject action" in refused.errors
    assert "Give the user or role all that `policy_document`" in refused.errors
    assert "To wait longer" not in refused.text and "pulumi refresh" not in refused.text
    (waited,) = set(re.findall(r"(\d+) s of 40 s\. Last answer: AWS refused s3:put", refused.text))
    assert 5 <= int(waited) < 10
    assert not control.locations()
    stack.destroy()


def test_a_policy_of_an_existing_bucket_that_denies(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="theirs")
    users = {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/nightly-*"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Condition": users}
    statement = {**deny, "Resource": "arn:aws:s3:::theirs/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="theirs", Policy=policy)
    stack.program(EXISTING)
    refused = stack.up(ok=False)
    told(
        refused,
        "with an explicit deny in a resource-based policy",
        "The bucket's own policy decides",
        "Velero sends no headers for encryption",
    )
    assert "waiting" not in refused.text and not control.locations()
    s3.delete_bucket_policy(Bucket="theirs")
    stack.destroy()


def test_an_operator_without_any_permission(stack: Stack, aws: AwsInspector) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="newcomer")
    own = iam.create_access_key(UserName="newcomer")["AccessKey"]
    keys = {
        "AWS_ACCESS_KEY_ID": own["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": own["SecretAccessKey"],
    }
    change(stack, **keys)
    stack.program('aws.Bucket("b", aws.BucketArgs(region="us-east-1", name="our-backups"))')
    refused = stack.up(ok=False)
    text = told(
        refused,
        "These credentials may not see whether there is a bucket our-backups",
        "no identity-based policy allows the s3:",
        "docs/permissions/aws.json",
    )
    assert "taken" not in text


def test_a_kms_key_that_refuses(stack: Stack, control: Control, aws: AwsInspector) -> None:
    stack.program(PROGRAM.format(f', kms_key_arn="{KEY}"'))
    refused = stack.up(ok=False)
    told(refused, "The bucket's KMS key cannot be used", KEY, "kms_key_arn", "kms:Decrypt")
    assert "waiting" not in refused.text
    assert not control.locations()
    stack.destroy()
    assert aws.nothing_left()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda s3: s3.put_object(Bucket="theirs", Key="invoices/1", Body=b""),
            ["has folders that are not Velero's: invoices/", "makes no backups in it"],
        ),
        (
            lambda s3: s3.put_object_lock_configuration(
                Bucket="theirs",
                ObjectLockConfiguration={
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}},
                },
            ),
            ["locks every new object for 3 days", "Remove the default retention"],
        ),
        (
            lambda s3: s3.put_bucket_lifecycle_configuration(
                Bucket="theirs", LifecycleConfiguration={"Rules": RULES}
            ),
            [
                "'old' of the bucket theirs deletes objects by age",
                "'cold' of the bucket theirs moves objects to GLACIER",
                "restores would fail",
            ],
        ),
    ],
    ids=["folders", "Object Lock", "lifecycle"],
)
@pytest.mark.sampled
def test_an_existing_bucket_that_velero_cannot_use(
    stack: Stack,
    control: Control,
    aws: AwsInspector,
    spoil: Callable[[Any], object],
    says: list[str],
) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="theirs", ObjectLockEnabledForBucket=True)
    spoil(s3)
    stack.program(EXISTING)
    told(stack.preview(ok=False), *says)
    assert aws.buckets() == ["theirs"]
    assert not (aws.users() or aws.policies() or control.locations())
