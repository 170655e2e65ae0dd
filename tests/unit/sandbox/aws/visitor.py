"""Calls AWS in a sandbox as programs and tests do."""

from typing import Any

import boto3
from botocore.config import Config

from tests.unit.sandbox.visitor import TIMEOUT, Visitor, allow, policy


class AwsVisitor(Visitor):
    """Has the settings of a sandbox that runs AWS."""

    def aws(
        self,
        service: str,
        keys: tuple[str, ...] | None = None,
        region: str = "us-east-1",
    ) -> Any:
        """An AWS client: for the sandbox's user, or with an access key (and session token)."""
        access_key, secret_key, *token = keys or self.keys("AWS")
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.env["AWS_ENDPOINT_URL"],
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token[0] if token else None,
            config=Config(retries={"total_max_attempts": 1}, read_timeout=TIMEOUT),
        )

    def keys(self, prefix: str) -> tuple[str, str]:
        """The access key that the settings of this prefix give."""
        return self.env[f"{prefix}_ACCESS_KEY_ID"], self.env[f"{prefix}_SECRET_ACCESS_KEY"]

    @property
    def others(self) -> tuple[str, str]:
        """The access key of another account."""
        return self.keys("PALETTE_BACKUP_SANDBOX_OTHER_AWS")

    def new_user(self, name: str, *statements: dict[str, Any]) -> tuple[str, str]:
        """The access key of a new user with a policy."""
        iam = self.aws("iam")
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(
                UserName=name, PolicyName="given", PolicyDocument=policy(*statements)
            )
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]


def held(keys: tuple[str, str]) -> dict[str, str]:
    """An access key, as a location holds it."""
    return {"accessKey": keys[0], "secretKey": keys[1]}


def issued(visitor: Visitor, name: str) -> dict[str, str]:
    """What a location holds to sign in as a new user, who may use all of S3."""
    return held(AwsVisitor(visitor.sandbox).new_user(name, allow("s3:*")))
