"""What can be wrong on AWS."""

import boto3

from palette_backup_provider.clients.aws.permissions import STATEMENTS
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.operator import without
from tests.unit.doctor.ward import Ward
from tests.unit.sandbox.visitor import allow, policy

TOKEN = "aws:Bucket"
"""A type of it."""
SIGNED_IN_BY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
"""The variables without which nobody is signed in."""
SIGNED_OUT = "Unable to locate credentials"
"""What is told then."""


def on_aws(ward: Ward, action: str) -> None:
    """Be a user who has all that is needed but this."""
    iam = boto3.client("iam", region_name="us-east-1")
    iam.create_user(UserName="operator")
    document = policy(allow(*without(action, STATEMENTS)))
    iam.put_user_policy(UserName="operator", PolicyName="given", PolicyDocument=document)
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    ward.patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    ward.patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@red("aws.permissions", "1 of 58 missing: iam:DeleteAccessKey (asked about a bucket, policy,")
def no_key_is_deleted(ward: Ward) -> None:
    on_aws(ward, "iam:DeleteAccessKey")


@yellow("aws.permissions", "Allow iam:SimulatePrincipalPolicy (statement Doctor of docs/perm")
def nothing_is_simulated(ward: Ward) -> None:
    on_aws(ward, "iam:SimulatePrincipalPolicy")
