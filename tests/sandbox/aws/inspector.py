"""Looking at AWS from outside, with the administrator's key or with any other."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ADMIN, OTHER = "AWS", "PALETTE_BACKUP_SANDBOX_OTHER_AWS"
Keys = tuple[str, str] | tuple[str, str, str]
"""Id and secret of an access key, and the token of a session."""


class AwsInspector:
    """What is there under names that begin with `own`, and what a key may do."""

    def __init__(self, env: Mapping[str, str], own: str = "") -> None:
        self._env, self.own = env, own

    def client(self, service: str, keys: Keys | None = None, who: str = ADMIN) -> Any:
        access_key, secret_key, *token = keys or (
            self._env[f"{who}_ACCESS_KEY_ID"],
            self._env[f"{who}_SECRET_ACCESS_KEY"],
            self._env.get("AWS_SESSION_TOKEN"),
        )
        endpoint = self._env.get("AWS_ENDPOINT_URL")
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token[0] if token else None,
            config=Config(
                s3={"addressing_style": "path" if endpoint else "auto"}, retries={"max_attempts": 1}
            ),
        )

    def buckets(self) -> list[str]:
        return self._ours(b["Name"] for b in self.client("s3").list_buckets()["Buckets"])

    def users(self) -> list[str]:
        return self._named("list_users", "Users", "UserName")

    def policies(self) -> list[str]:
        return self._named("list_policies", "Policies", "PolicyName", Scope="Local")

    def roles(self) -> list[str]:
        return self._named("list_roles", "Roles", "RoleName")

    def keys(self, user: str) -> list[str]:
        found = self.client("iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
        return [key["AccessKeyId"] for key in found]

    def nothing_left(self) -> bool:
        return not (self.buckets() or self.users() or self.roles() or self.policies())

    def account(self) -> str:
        return str(self.client("sts").get_caller_identity()["Account"])

    @contextmanager
    def bucket(self, name: str) -> Iterator[str]:
        """A bucket of somebody else's, while it is needed."""
        s3, name = self.client("s3"), f"{self.own}{name}"
        s3.create_bucket(Bucket=name)
        try:
            yield name
        finally:
            s3.delete_bucket(Bucket=name)

    @contextmanager
    def user(self, name: str) -> Iterator[str]:
        """A user of somebody else's who may use all of S3, while they are needed."""
        iam, name = self.client("iam"), f"{self.own}{name}"
        iam.create_user(UserName=name)
        try:
            allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
            iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=document)
            yield name
        finally:
            for key in self.keys(name):
                iam.delete_access_key(UserName=name, AccessKeyId=key)
            iam.delete_user_policy(UserName=name, PolicyName="all")
            iam.delete_user(UserName=name)

    def session(self, role: str) -> Keys:
        """The keys of somebody who has taken on a role."""
        taken = self.client("sts").assume_role(RoleArn=role, RoleSessionName="velero")
        found = taken["Credentials"]
        return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]

    def can_back_up(self, keys: Keys, bucket: str) -> None:
        """Do with `keys` what Velero does."""
        s3 = self.client("s3", keys)
        s3.put_object(Bucket=bucket, Key="backups/one", Body=b"data")
        assert s3.get_object(Bucket=bucket, Key="backups/one")["Body"].read() == b"data"
        listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
        assert [found["Key"] for found in listed] == ["backups/one"]
        s3.delete_object(Bucket=bucket, Key="backups/one")

    def reaches_nothing_else(self, keys: Keys, other_bucket: str) -> None:
        """`keys` are refused everywhere but in their own bucket."""
        s3, iam = self.client("s3", keys), self.client("iam", keys)
        calls: list[tuple[Any, dict[str, Any]]] = [
            (s3.put_object, {"Bucket": other_bucket, "Key": "x", "Body": b""}),
            (s3.get_object, {"Bucket": other_bucket, "Key": "x"}),
            (s3.list_objects_v2, {"Bucket": other_bucket}),
            (s3.delete_object, {"Bucket": other_bucket, "Key": "x"}),
            (s3.create_bucket, {"Bucket": f"{self.own}one-more-bucket"}),
            (s3.list_buckets, {}),
            (iam.list_users, {}),
            (iam.create_access_key, {"UserName": "sandbox-admin"}),
        ]
        for call, how in calls:
            with pytest.raises(ClientError, match=r"AccessDenied|not authorized"):
                call(**how)

    def _named(self, call: str, what: str, name: str, **how: Any) -> list[str]:
        pages = self.client("iam").get_paginator(call).paginate(**how)
        found = self._ours(each[name] for page in pages for each in page[what])
        return [name for name in found if name != "sandbox-admin"]

    def _ours(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name.startswith(self.own)]
