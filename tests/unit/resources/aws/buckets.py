"""S3 in this process, watched and disturbed, with what moto gets wrong put right."""

import json
from dataclasses import dataclass, field
from typing import Any

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.errors import ApiError
from tests.unit.resources.aws.iam_calls import Iam, allowed
from tests.unit.resources.stack import Killed, Stack, Thing

REGION = "eu-west-1"


KEY = f"arn:aws:kms:{REGION}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALLOW: dict[str, Any] = {
    "Sid": "Reader",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:user/reader"},
    "Action": "s3:GetObject",
}
EVERYTHING: dict[str, Any] = {
    "name": "nightly",
    "tags": {"team": "x"},
    "kms_key_arn": KEY,
    "versioning": True,
    "noncurrent_days": 3,
    "object_lock": {"days": 2, "mode": "COMPLIANCE"},
    "abort_uploads_days": 4,
    "policy_statements": [ALLOW],
}


def refusal(code: str, status: int = 403) -> ApiError:
    return ApiError(f"AWS refused it ({code})", status=status, code=code)


@dataclass
class Buckets(Iam):
    """All buckets of the account, and a few that another account has."""

    taken: set[str] = field(default_factory=set)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    other: AwsClient = field(default_factory=lambda: AwsClient(region=REGION, profile=None))
    """Another hand than the handler's."""

    def __call__(
        self, client: AwsClient, service: str, operation: str, **params: Any
    ) -> dict[str, Any]:
        index = len(self.calls)
        try:
            return super().__call__(client, service, operation, **params)
        except ApiError:
            if index == self.die_after:
                raise Killed from None
            raise

    def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        with allowed(f"s3:{operation}"):
            return self.real(self.other, "s3", operation, **params)

    def names(self) -> list[str]:
        return [bucket["Name"] for bucket in self.ask("list_buckets")["Buckets"]]

    def make(self, name: str, region: str = REGION) -> None:
        where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        how = where if region != "us-east-1" else {}
        self.real(self.other, "s3", "create_bucket", region=region, Bucket=name, **how)

    def tags(self, bucket: str) -> dict[str, str]:
        found = self.ask("get_bucket_tagging", Bucket=bucket)["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in found}

    def tag(self, bucket: str, tags: dict[str, str]) -> None:
        found = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.ask("put_bucket_tagging", Bucket=bucket, Tagging={"TagSet": found})

    def put(self, bucket: str, *keys: str) -> None:
        for key in keys:
            self.ask("put_object", Bucket=bucket, Key=key, Body=b"x")

    def rules(self, bucket: str) -> list[dict[str, Any]]:
        found = self.ask("get_bucket_lifecycle_configuration", Bucket=bucket)["Rules"]
        return list(found)

    def statements(self, bucket: str) -> list[dict[str, Any]]:
        found = json.loads(self.ask("get_bucket_policy", Bucket=bucket)["Policy"])["Statement"]
        return list(found)

    def _answer(
        self, client: AwsClient, service: str, operation: str, params: dict[str, Any]
    ) -> dict[str, Any]:
        self.sent.append((operation, params))
        if params.get("Bucket") in self.taken:
            if operation == "create_bucket":
                raise refusal("BucketAlreadyExists", 409)
            raise refusal("403")
        answer = super()._answer(client, service, operation, params)
        if operation == "create_bucket":  # moto ignores the tags in this call
            tags = {"TagSet": params["CreateBucketConfiguration"]["Tags"]}
            self.real(
                client, "s3", "put_bucket_tagging",
                region=params["region"], Bucket=params["Bucket"], Tagging=tags,
            )  # fmt: skip
        return answer


def create(buckets: Stack, **given: Any) -> Thing:
    return buckets.create(**{"region": REGION, "name": "nightly", **given})
