"""Looking at AWS from outside, with the sandbox's administrator or with any other key."""

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from palette_backup_provider.sandbox.run import Sandbox

ADMIN, OTHER = "AWS", "PALETTE_BACKUP_SANDBOX_OTHER_AWS"


class AwsEyes:
    """What is there, and what a key may do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._env = sandbox.env

    def client(self, service: str, keys: tuple[str, str] | None = None, who: str = ADMIN) -> Any:
        own = self._env[f"{who}_ACCESS_KEY_ID"], self._env[f"{who}_SECRET_ACCESS_KEY"]
        access_key, secret_key = keys or own
        return boto3.client(
            service,
            endpoint_url=self._env["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )

    def buckets(self) -> list[str]:
        return [b["Name"] for b in self.client("s3").list_buckets()["Buckets"]]

    def users(self) -> list[str]:
        found = [u["UserName"] for u in self.client("iam").list_users()["Users"]]
        return [name for name in found if name != "sandbox-admin"]

    def policies(self) -> list[str]:
        found = self.client("iam").list_policies(Scope="Local")["Policies"]
        return [p["PolicyName"] for p in found if p["PolicyName"] != "sandbox-admin"]

    def roles(self) -> list[str]:
        return [role["RoleName"] for role in self.client("iam").list_roles()["Roles"]]

    def keys(self, user: str) -> list[str]:
        found = self.client("iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
        return [key["AccessKeyId"] for key in found]

    def nothing_left(self) -> bool:
        return not (self.buckets() or self.users() or self.roles() or self.policies())

    def can_back_up(self, keys: tuple[str, str], bucket: str) -> None:
        """Do with `keys` what Velero does."""
        s3 = self.client("s3", keys)
        s3.put_object(Bucket=bucket, Key="backups/one", Body=b"data")
        assert s3.get_object(Bucket=bucket, Key="backups/one")["Body"].read() == b"data"
        listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
        assert [found["Key"] for found in listed] == ["backups/one"]
        s3.delete_object(Bucket=bucket, Key="backups/one")

    def reaches_nothing_else(self, keys: tuple[str, str], other_bucket: str) -> None:
        """`keys` are refused everywhere but in their own bucket."""
        s3, iam = self.client("s3", keys), self.client("iam", keys)
        calls: list[tuple[Any, dict[str, Any]]] = [
            (s3.put_object, {"Bucket": other_bucket, "Key": "x", "Body": b""}),
            (s3.get_object, {"Bucket": other_bucket, "Key": "x"}),
            (s3.list_objects_v2, {"Bucket": other_bucket}),
            (s3.delete_object, {"Bucket": other_bucket, "Key": "x"}),
            (s3.create_bucket, {"Bucket": "one-more-bucket"}),
            (s3.list_buckets, {}),
            (iam.list_users, {}),
            (iam.create_access_key, {"UserName": "sandbox-admin"}),
        ]
        for call, how in calls:
            with pytest.raises(ClientError, match=r"AccessDenied|not authorized"):
                call(**how)
