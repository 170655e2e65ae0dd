"""Looking at Google Cloud from outside, by Google's own clients, with any key."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from google.api_core.exceptions import Forbidden
from google.cloud import storage
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.gcp_signer import signer


@cache
def _api(name: str, version: str, key: str, **options: str) -> Any:
    return build(
        name, version, credentials=signer(key), client_options=options, static_discovery=True
    )


class GcpInspector:
    """What is there under names that begin with `own`, and what a key may do."""

    def __init__(self, env: Mapping[str, str], own: str = "") -> None:
        self._env, self.own = env, own
        url = urlsplit(env.get("GOOGLE_STORAGE_CUSTOM_ENDPOINT", ""))
        self._options = {"api_endpoint": f"{url.scheme}://{url.netloc}"} if url.netloc else {}
        self.project = env["GOOGLE_PROJECT"]
        self.admin = Path(env["GOOGLE_APPLICATION_CREDENTIALS"]).read_text()
        self.operator: str = json.loads(self.admin)["client_email"]

    @property
    def other(self) -> str:
        """The key of another project of the sandbox's."""
        return Path(self._env["PALETTE_BACKUP_SANDBOX_OTHER_GOOGLE_CREDENTIALS"]).read_text()

    def storage(self, key: str = "", project: str = "") -> storage.Client:
        return storage.Client(
            project or self.project,
            credentials=signer(key or self.admin),
            client_options=self._options,
        )

    def api(self, name: str, version: str, key: str = "") -> Any:
        return _api(name, version, key or self.admin, **self._options)

    def buckets(self) -> list[str]:
        return [bucket.name for bucket in self.storage().list_buckets(prefix=self.own or None)]

    def accounts(self, key: str = "") -> Any:
        return self.api("iam", "v1", key).projects().serviceAccounts()

    def emails(self) -> list[str]:
        accounts = self.accounts()
        asked = accounts.list(name=f"projects/{self.project}", pageSize=100)
        found: list[str] = []
        while asked:
            answer = asked.execute()
            found += [account["email"] for account in answer.get("accounts", [])]
            asked = accounts.list_next(asked, answer)
        return [one for one in found if one.startswith(self.own) and one != self.operator]

    def keys(self, email: str) -> list[str]:
        keys, name = self.accounts().keys(), f"projects/-/serviceAccounts/{email}"
        found = keys.list(name=name, keyTypes="USER_MANAGED").execute()
        return [key["name"].rpartition("/")[2] for key in found.get("keys", [])]

    def nothing_left(self) -> bool:
        ours = f"/roles/{self.own.rstrip('-')}"
        roles = self.api("iam", "v1").projects().roles()
        listed = roles.list(parent=f"projects/{self.project}", pageSize=1000).execute()
        projects = self.api("cloudresourcemanager", "v1").projects()
        policy = projects.getIamPolicy(resource=self.project).execute()
        mentioned = ours in json.dumps([listed, policy])
        return not (self.buckets() or self.emails() or mentioned)

    def bindings(self, bucket: str) -> dict[str, set[str]]:
        policy = self.storage().bucket(bucket).get_iam_policy(requested_policy_version=3)
        found: dict[str, set[str]] = {}
        for binding in policy.bindings:
            found.setdefault(binding["role"], set()).update(binding["members"])
        return found

    @contextmanager
    def bucket(self, name: str) -> Iterator[Any]:
        """A bucket of somebody else's, while it is needed."""
        made = self.storage().create_bucket(f"{self.own}{name}", location="US")
        try:
            yield made
        finally:
            made.delete()

    @contextmanager
    def account(self, name: str) -> Iterator[str]:
        """The email of a service account of somebody else's, while it is needed."""
        body = {"accountId": f"{self.own}{name}", "serviceAccount": {"displayName": "Theirs"}}
        made = self.accounts().create(name=f"projects/{self.project}", body=body).execute()
        try:
            yield made["email"]
        finally:
            self.accounts().delete(name=made["name"]).execute()

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
        other, accounts = client.bucket(other_bucket), self.accounts(key)
        calls: list[Callable[[], Any]] = [
            lambda: other.blob("x").upload_from_string(b""),
            lambda: other.blob("x").download_as_bytes(),
            lambda: other.blob("x").delete(),
            lambda: list(other.list_blobs()),
            lambda: client.create_bucket(f"{self.own}one-more-bucket"),
            lambda: list(client.list_buckets()),
            lambda: accounts.list(name=f"projects/{self.project}").execute(),
            lambda: (
                accounts.keys().create(name=f"projects/-/serviceAccounts/{self.operator}").execute()
            ),
        ]
        for call in calls:
            with pytest.raises((Forbidden, HttpError)) as refused:
                call()
            assert "403" in str(refused.value)
