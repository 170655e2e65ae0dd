"""Looking at Google Cloud from outside, by Google's own clients, with any key."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from google.api_core.exceptions import Forbidden
from google.cloud import storage
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.gcp_signer import signer

PROJECT = "sandbox-project"


class GcpEyes:
    """What is there, and what a key may do."""

    def __init__(self, env: Mapping[str, str]) -> None:
        url = urlsplit(env["GOOGLE_STORAGE_CUSTOM_ENDPOINT"])
        self.url = f"{url.scheme}://{url.netloc}"
        self.admin = Path(env["GOOGLE_APPLICATION_CREDENTIALS"]).read_text()
        self.other = Path(env["PALETTE_BACKUP_SANDBOX_OTHER_GOOGLE_CREDENTIALS"]).read_text()

    def storage(self, key: str = "", project: str = PROJECT) -> storage.Client:
        options = {"api_endpoint": self.url}
        return storage.Client(
            project, credentials=signer(key or self.admin), client_options=options
        )

    def api(self, name: str, version: str, key: str = "") -> Any:
        return build(
            name,
            version,
            credentials=signer(key or self.admin),
            client_options={"api_endpoint": self.url},
            static_discovery=True,
        )

    def buckets(self) -> list[str]:
        return [bucket.name for bucket in self.storage().list_buckets()]

    def accounts(self) -> Any:
        return self.api("iam", "v1").projects().serviceAccounts()

    def emails(self) -> list[str]:
        found = self.accounts().list(name=f"projects/{PROJECT}").execute()["accounts"]
        return [a["email"] for a in found if not a["email"].startswith("operator@")]

    def keys(self, email: str) -> list[str]:
        found = self.accounts().keys().list(name=f"projects/-/serviceAccounts/{email}").execute()
        return [key["name"].rpartition("/")[2] for key in found.get("keys", [])]

    def nothing_left(self) -> bool:
        roles = self.api("iam", "v1").projects().roles().list(parent=f"projects/{PROJECT}")
        policy = self.api("cloudresourcemanager", "v1").projects().getIamPolicy(resource=PROJECT)
        mentioned = "/roles/" in json.dumps(policy.execute())
        return not (self.buckets() or self.emails() or roles.execute().get("roles") or mentioned)

    def bindings(self, bucket: str) -> dict[str, set[str]]:
        policy = self.storage().bucket(bucket).get_iam_policy(requested_policy_version=3)
        found: dict[str, set[str]] = {}
        for binding in policy.bindings:
            found.setdefault(binding["role"], set()).update(binding["members"])
        return found

    def can_back_up(self, key: str, bucket: str) -> None:
        """Do with `key` what Velero does."""
        there = self.storage(key).bucket(bucket)
        there.blob("backups/one").upload_from_string(b"data")
        assert there.blob("backups/one").download_as_bytes() == b"data"
        assert [blob.name for blob in there.list_blobs()] == ["backups/one"]
        there.blob("backups/one").delete()

    def reaches_nothing_else(self, key: str, other_bucket: str) -> None:
        """`key` is refused everywhere but in its own bucket."""
        client = self.storage(key)
        other, accounts = client.bucket(other_bucket), self.api("iam", "v1", key)
        calls: list[Callable[[], Any]] = [
            lambda: other.blob("x").upload_from_string(b""),
            lambda: other.blob("x").download_as_bytes(),
            lambda: other.blob("x").delete(),
            lambda: list(other.list_blobs()),
            lambda: client.create_bucket("one-more-bucket"),
            lambda: list(client.list_buckets()),
            lambda: (
                accounts.projects().serviceAccounts().list(name=f"projects/{PROJECT}").execute()
            ),
            lambda: (
                accounts.projects()
                .serviceAccounts()
                .keys()
                .create(
                    name=f"projects/-/serviceAccounts/operator@{PROJECT}.iam.gserviceaccount.com"
                )
                .execute()
            ),
        ]
        for call in calls:
            with pytest.raises((Forbidden, HttpError)) as refused:
                call()
            assert "403" in str(refused.value)
