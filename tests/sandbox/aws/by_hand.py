"""What people made by the consoles of AWS, and of Palette for it."""

import json

from tests.sandbox.aws.inspector import AwsInspector

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROLE = {
    "arn": "arn:aws-us-gov:iam::123456789012:role/theirs",
    "externalId": "their-external-id",
}
LOCATIONS = {
    "sts": (
        "s3",
        {
            "bucketName": "b",
            "region": "us-gov-west-1",
            "credentials": {"credentialType": "sts", "partition": "aws-us-gov", "sts": ROLE},
        },
    )
}
"""Of which kind, and where: what no key signs in to."""


def key(aws: AwsInspector, user: str) -> tuple[str, str]:
    """A user that may do everything, and an access key of it."""
    iam = aws.client("iam")
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(ALL))
    made = iam.create_access_key(UserName=user)["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]
