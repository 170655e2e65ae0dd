"""Looking at MinIO from outside: as its administrator, or with any other key, as Velero has it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from minio import MinioAdmin
from minio.credentials.providers import StaticProvider
from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.minio.service import Minio
from tests.minio_admin import decrypt
from tests.s3 import client

SESSIONS: dict[str, str] = {}
"""The secrets of temporary keys that a test acts with."""
BUILT_IN = {"consoleAdmin", "diagnostics", "readonly", "readwrite", "writeonly"}


class MinioInspector:
    """What is there under names that begin with `own`, and what a key may do."""

    def __init__(self, env: Mapping[str, str], own: str = "") -> None:
        self._env, self.own = env, own

    def s3(self, keys: tuple[str, str] | None = None) -> Any:
        own = self._env["MINIO_USER"], self._env["MINIO_PASSWORD"]
        return client(self._env["MINIO_ENDPOINT"], keys or own)

    def admin(self, operation: str, *arguments: Any, **how: Any) -> Any:
        url = urlsplit(self._env["MINIO_ENDPOINT"])
        admin = MinioAdmin(
            endpoint=url.netloc,
            credentials=StaticProvider(self._env["MINIO_USER"], self._env["MINIO_PASSWORD"]),
            secure=url.scheme == "https",
        )
        text = getattr(admin, operation)(*arguments, **how)
        return json.loads(text) if text.strip() else None

    def buckets(self) -> list[str]:
        return self._ours(b["Name"] for b in self.s3().list_buckets()["Buckets"])

    def tags(self, bucket: str) -> dict[str, str]:
        found = self.s3().get_bucket_tagging(Bucket=bucket)["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in found}

    def users(self) -> list[str]:
        return sorted(self._ours(self.admin("user_list")))

    def keys(self, user: str) -> list[str]:
        """The user's access keys besides its own name and secret."""
        found = self.admin("list_service_account", user).get("accounts") or []
        return [key["accessKey"] for key in found]

    def signs_in(self, user: str, secret: str) -> bool:
        """Whether the server takes a name, of a user or of a key, with that secret."""
        try:
            self.s3((user, secret)).list_buckets()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")
            return bool(code == "AccessDenied")  # known, and without a policy that allows to list
        return True

    def policies(self) -> list[str]:
        return sorted(self._ours(self.admin("policy_list").keys() - BUILT_IN))

    def groups(self) -> list[str]:
        """The groups that mark users; their names are not begun with `own`."""
        return [] if self.own else sorted(self.admin("group_list") or [])

    def nothing_left(self) -> bool:
        return not (self.buckets() or self.users() or self.groups() or self.policies())

    @contextmanager
    def bucket(self, name: str) -> Iterator[str]:
        """A bucket of somebody else's, while it is needed."""
        name = f"{self.own}{name}"
        self.s3().create_bucket(Bucket=name)
        try:
            yield name
        finally:
            self.s3().delete_bucket(Bucket=name)

    def can_back_up(self, keys: tuple[str, str], bucket: str) -> None:
        """Do with `keys` what Velero does."""
        s3 = self.s3(keys)
        s3.put_object(Bucket=bucket, Key="backups/one", Body=b"data")
        assert s3.get_object(Bucket=bucket, Key="backups/one")["Body"].read() == b"data"
        listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
        assert [found["Key"] for found in listed] == ["backups/one"]
        s3.delete_object(Bucket=bucket, Key="backups/one")

    def reaches_nothing_else(self, keys: tuple[str, str], other_bucket: str) -> None:
        """`keys` are refused everywhere but in their own bucket."""
        s3 = self.s3(keys)
        calls: list[tuple[Any, dict[str, Any]]] = [
            (s3.put_object, {"Bucket": other_bucket, "Key": "x", "Body": b""}),
            (s3.get_object, {"Bucket": other_bucket, "Key": "x"}),
            (s3.list_objects_v2, {"Bucket": other_bucket}),
            (s3.delete_object, {"Bucket": other_bucket, "Key": "x"}),
            (s3.create_bucket, {"Bucket": f"{self.own}one-more-bucket"}),
        ]
        for call, how in calls:
            with pytest.raises(ClientError, match="AccessDenied"):
                call(**how)
        seen = [b["Name"] for b in s3.list_buckets()["Buckets"]]
        assert other_bucket not in seen

    def _ours(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name.startswith(self.own)]


class Overheard:
    """The secrets that admin calls set, which are sealed with the caller's own."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def secrets(self, minio: Minio, request: Request) -> set[str]:
        """What this call sets, if it sets any."""
        call = request.path.rpartition("/")[2]
        if call not in ("add-user", "add-service-account"):
            return set()
        caller = request.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        password = {**self._of, **SESSIONS}.get(caller, minio.password)
        told = json.loads(decrypt(request.get_data(), password))
        self._of[told.get("accessKey") or request.args["accessKey"]] = told["secretKey"]
        return {told["secretKey"]}
