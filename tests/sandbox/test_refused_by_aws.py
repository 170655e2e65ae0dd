"""What AWS refuses, or what is in the way there, is told in words that lead to the fix."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.cloud import OTHER, AwsEyes
from tests.sandbox.conftest import Control
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

PROGRAM = 'AwsBackupLocation("nightly", AwsBackupLocationArgs(region="us-east-1"{}))'
NAMED = PROGRAM.format(', bucket_name="our-backups"')
BROUGHT = PROGRAM.format(', existing_bucket="theirs"')
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


def test_a_bucket_of_another_account(stack: Stack, aws: AwsEyes) -> None:
    aws.client("s3", who=OTHER).create_bucket(Bucket="our-backups")
    stack.program(NAMED)
    told(
        stack.up(ok=False),
        "The bucket name our-backups is taken by another AWS account",
        "Choose another name, or leave bucket_name out",
    )
    assert aws.nothing_left() and not stack.resources()


def test_a_bucket_of_another_stack(
    new_stack: Callable[..., Stack], control: Control, aws: AwsEyes
) -> None:
    first, second = new_stack("first", project="first"), new_stack("second", project="second")
    first.program(NAMED)
    second.program(NAMED)
    first.up()
    told(
        second.up(ok=False),
        "The bucket our-backups exists already and belongs to organization/first/dev/nightly",
        "bring it with existing_bucket='our-backups'",
    )
    assert not second.resources()
    assert [len(aws.users()), len(aws.policies()), len(control.locations())] == [1, 1, 1]
    first.destroy()
    assert aws.nothing_left()


def test_a_bucket_that_holds_backups(stack: Stack, control: Control, aws: AwsEyes) -> None:
    stack.program(PROGRAM.format(', bucket_name="our-backups", versioning=True'))
    stack.up()
    s3 = aws.client("s3")
    for body in (b"one", b"two"):
        s3.put_object(Bucket="our-backups", Key="backups/x", Body=body)
    s3.create_multipart_upload(Bucket="our-backups", Key="backups/y")
    held = "holds 1 object and 1 old version or delete marker and 1 unfinished upload"

    told(stack.destroy(ok=False), f"The bucket our-backups {held}", "set force_destroy=True")
    assert aws.buckets() == ["our-backups"] and not control.locations()
    assert [r["id"] for r in stack.resources()] == ["our-backups"]

    stack.run("state", "delete", "--yes", stack.urn("aws:Bucket"))
    told(
        stack.up(ok=False),
        f"made by this stack but is not in its state, and {held}",
        "existing_bucket='our-backups'",
    )
    assert aws.buckets() == ["our-backups"] and not stack.resources()


@pytest.mark.parametrize("action", ["CreateUser", "CreateAccessKey"])
def test_a_policy_of_the_organisation(
    stack: Stack, control: Control, aws: AwsEyes, action: str
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


def test_a_key_that_is_never_accepted(stack: Stack, control: Control, aws: AwsEyes) -> None:
    control.post("delay", {"seconds": 600})
    stack.set("palette:awsWait", "2")
    stack.program(PROGRAM.format(""))
    told(
        stack.up(ok=False),
        "nightly: waiting for AWS to accept the access key AKIA",
        "gave up after 2 s and ",
        "s3:put_object",
        "(InvalidAccessKeyId)",
        "To wait longer, set palette:awsWait (seconds)",
    )
    assert not control.locations()
    stack.destroy()
    assert aws.nothing_left()


def test_a_kms_key_that_refuses(stack: Stack, control: Control, aws: AwsEyes) -> None:
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
def test_a_brought_bucket_that_velero_cannot_use(
    stack: Stack,
    control: Control,
    aws: AwsEyes,
    spoil: Callable[[Any], object],
    says: list[str],
) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="theirs", ObjectLockEnabledForBucket=True)
    spoil(s3)
    stack.program(BROUGHT)
    told(stack.preview(ok=False), *says)
    assert aws.buckets() == ["theirs"]
    assert not (aws.users() or aws.policies() or control.locations())
