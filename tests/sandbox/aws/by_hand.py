"""What people made in AWS by its console."""

import json

from tests.sandbox.aws.inspector import AwsInspector

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def key(aws: AwsInspector, user: str) -> tuple[str, str]:
    """A user that may do everything, and an access key of it."""
    iam = aws.client("iam")
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(ALL))
    made = iam.create_access_key(UserName=user)["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]
