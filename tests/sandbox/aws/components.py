"""The components on AWS, as tests ask every component."""

import json
from collections import Counter

from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.component import (
    TEAM,
    Clock,
    Component,
    Counts,
    Credential,
    Location,
    access_key,
    config_of,
    leave_backups,
)

_CLOCK = Clock("botocore.auth.get_current_datetime", None, too_slow=20)
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


def _works(aws: AwsInspector, location: Location) -> None:
    keys = access_key(location)
    aws.can_back_up(keys, config_of(location)["bucketName"])
    with aws.bucket("somebody-elses") as other:
        aws.reaches_nothing_else(keys, other)
    (user,) = aws.users()
    assert aws.keys(user) == [keys[0]]
    assert [len(aws.buckets()), len(aws.policies())] == [1, 1]


def _works_with_role(aws: AwsInspector, location: Location) -> None:
    config = config_of(location)
    credentials = config["credentials"]
    keys = aws.session(credentials["sts"]["arn"])
    aws.can_back_up(keys, config["bucketName"])
    with aws.bucket("somebody-elses") as other:
        aws.reaches_nothing_else(keys, other)
    assert credentials["credentialType"] == "sts"
    (role,) = aws.roles()
    assert credentials["sts"]["arn"].endswith(f":role/{role}")
    assert [len(aws.buckets()), len(aws.policies()), aws.users()] == [1, 1, []]


def _count(aws: AwsInspector) -> Counts:
    users = aws.users()
    return Counter(
        buckets=len(aws.buckets()),
        policies=len(aws.policies()),
        users=len(users),
        roles=len(aws.roles()),
        keys=sum(len(aws.keys(user)) for user in users),
    )


def _key_ids(aws: AwsInspector) -> set[str]:
    return {key for user in aws.users() for key in aws.keys(user)}


def _end_key(aws: AwsInspector, key: str) -> None:
    (user,) = (user for user in aws.users() if key in aws.keys(user))
    aws.client("iam").delete_access_key(UserName=user, AccessKeyId=key)


def _change_bucket(aws: AwsInspector) -> None:
    s3, (bucket,) = aws.client("s3"), aws.buckets()
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    encryption = {"Rules": [rule]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "x"}]})
    s3.delete_public_access_block(Bucket=bucket)
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.delete_bucket_lifecycle(Bucket=bucket)


def _change_policy(aws: AwsInspector) -> str:
    """The ARN of the policy, whose document is another now."""
    (name,) = aws.policies()
    arn = f"arn:aws:iam::{aws.account()}:policy/{name}"
    document = json.dumps(DENY)
    aws.client("iam").create_policy_version(
        PolicyArn=arn, PolicyDocument=document, SetAsDefault=True
    )
    return arn


def _change(aws: AwsInspector) -> None:
    iam, (user,) = aws.client("iam"), aws.users()
    _change_bucket(aws)
    iam.detach_user_policy(UserName=user, PolicyArn=_change_policy(aws))
    (key,) = aws.keys(user)
    iam.update_access_key(UserName=user, AccessKeyId=key, Status="Inactive")


def _change_role(aws: AwsInspector) -> None:
    iam, (role,) = aws.client("iam"), aws.roles()
    _change_bucket(aws)
    iam.detach_role_policy(RoleName=role, PolicyArn=_change_policy(aws))
    trusts = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust = {**DENY, "Statement": [{**trusts, "Principal": {"AWS": aws.account()}}]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    iam.update_role(RoleName=role, MaxSessionDuration=3600)


def _back_up(aws: AwsInspector, location: Location) -> None:
    leave_backups(aws.client("s3"))


AWS = Component(
    "AwsBackupLocation",
    cloud="aws",
    inspector=AwsInspector,
    live=(("aws",),),
    kind="s3",
    must='region="us-east-1"',
    configured=f'region=config.get("region") or "us-east-1", tags={TEAM}',
    outputs={
        "bucket": "bucket_name",
        "policy": "policy_arn",
        "user": "user_name",
        "key": "credential_id",
    },
    prove=_works,
    waits="nightly: waiting for AWS to accept the access key",
    made='region="us-east-1", tags={"team": "storage"}',
    updated='region="us-east-1", versioning=True, snapshots=True, location_labels={"team": "x"}',
    replaced='region="eu-west-1", user_name="another", policy_name="another"',
    elsewhere='region="eu-west-1"',
    count=_count,
    key_ids=_key_ids,
    may_stay=Counter(keys=1),
    keeps=("bucket",),
    kept=Counter(buckets=1),
    end_key=_end_key,
    credential=Credential(
        "aws:AccessKey",
        id=lambda location: access_key(location)[0],
        use=lambda aws, held: aws.can_back_up(access_key(held), config_of(held)["bucketName"]),
        refusal=ClientError,
    ),
    change=_change,
    changed=frozenset({"aws:Bucket", "aws:Policy", "aws:User", "aws:AccessKey"}),
    clock=_CLOCK,
    back_up=_back_up,
)
STS = Component(
    "AwsStsBackupLocation",
    cloud="aws",
    inspector=AwsInspector,
    live=(("aws", "palette"),),
    kind="s3",
    must='region="us-east-1"',
    configured=f'principals=["{DEFAULT_ACCOUNT_ID}"], region=config.get("region") or "us-east-1", '
    f"tags={TEAM}",
    outputs={"bucket": "bucket_name", "role": "role_arn"},
    prove=_works_with_role,
    waits="",
    made='region="us-east-1", tags={"team": "storage"}',
    updated='region="us-east-1", versioning=True, snapshots=True, max_session_hours=1,'
    ' location_labels={"team": "x"}',
    replaced='region="eu-west-1", role_name="another", policy_name="another"',
    elsewhere='region="eu-west-1"',
    count=_count,
    key_ids=_key_ids,
    may_stay=Counter(),
    keeps=("bucket",),
    kept=Counter(buckets=1),
    end_key=_end_key,
    credential=None,
    change=_change_role,
    changed=frozenset({"aws:Bucket", "aws:Policy", "aws:Role"}),
    clock=_CLOCK,
    back_up=_back_up,
)
COMPONENTS = (AWS, STS)
