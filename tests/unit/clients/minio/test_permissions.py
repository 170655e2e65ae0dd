"""What the user in use lacks on MinIO, which is the real server here."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.errors import NoAdminApi
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.minio.permissions import (
    BUCKET,
    POLICY_AND_USER,
    permissions,
)
from palette_backup_provider.core.permissions import Permissions
from palette_backup_provider.core.policy_language import ARN
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.clients.loopback import Reply, serve

SECRET = "secret-of-the-operator"
ADMIN = {"Effect": "Allow", "Action": [*POLICY_AND_USER.actions]}
Asked = Callable[..., Permissions]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(["minio"]) as sandbox:
        yield sandbox


@pytest.fixture
def asked(running: Sandbox) -> Iterator[Asked]:
    """The permissions of a user with these statements on a bucket."""
    minio = MinioInspector(running.env)

    def ask(*statements: dict[str, Any], **how: str) -> Permissions:
        minio.admin("user_add", "operator", SECRET)
        policy = {"Version": "2012-10-17", "Statement": [*statements]}
        minio.admin("policy_add", "limited", policy=policy)
        minio.admin("attach_policy", ["limited"], user="operator")
        url = running.env["MINIO_ENDPOINT"]
        own = MinioClient.of(Identity(url=url, user="operator", password=SECRET))
        return permissions(own, **how)

    yield ask
    minio.admin("user_remove", "operator")
    minio.admin("policy_remove", "limited")


def s3(*actions: str, on: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [*actions], "Resource": f"{ARN}{on}", **more}


def test_all_of_the_document_is_enough(asked: Asked) -> None:
    found = asked(s3(*BUCKET.actions), ADMIN)
    assert not found.lacking and not found.unclear


def test_the_administrator_has_everything(running: Sandbox) -> None:
    user, password = running.env["MINIO_USER"], running.env["MINIO_PASSWORD"]
    identity = Identity(url=running.env["MINIO_ENDPOINT"], user=user, password=password)
    assert not permissions(MinioClient.of(identity)).lacking


def test_what_is_missing_or_denied_is_named(asked: Asked) -> None:
    deny = {**s3("s3:Delete*"), "Effect": "Deny"}
    rest = {**ADMIN, "Action": [*POLICY_AND_USER.actions[1:]]}
    found = asked(s3("s3:*"), deny, rest)
    assert {one.statement.name: one.missing for one in found.lacking} == {
        "Bucket": (
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
        ),
        "PolicyAndUser": ("admin:AddUserToGroup",),
    }


@pytest.mark.parametrize("on", ["team-*", "team-nightly/*"])
def test_a_policy_may_allow_certain_buckets_only(asked: Asked, running: Sandbox, on: str) -> None:
    assert not asked(s3("s3:*", on=on), ADMIN, name="team-nightly").lacking
    own = MinioInspector(running.env).s3(("operator", SECRET))
    own.create_bucket(Bucket="team-nightly")
    own.delete_bucket(Bucket="team-nightly")


def test_on_other_buckets_it_allows_nothing(asked: Asked) -> None:
    (bucket,) = asked(s3("s3:*", on="team-*"), ADMIN).lacking
    assert bucket.missing == BUCKET.actions


def test_a_condition_leaves_it_open(asked: Asked) -> None:
    in_a_link = {"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}
    found = asked(s3("s3:*", Condition=in_a_link), ADMIN)
    assert not found.lacking
    assert "By policy it depends on each request: s3:CreateBucket" in found.unclear[0].unclear


def test_a_conditional_denial_leaves_it_open(asked: Asked) -> None:
    elsewhere = {"StringNotEquals": {"s3:authType": "REST-QUERY-STRING"}}
    deny = {**s3("s3:DeleteBucket", Condition=elsewhere), "Effect": "Deny"}
    found = asked(s3("s3:*"), deny, ADMIN)
    assert not found.lacking
    assert found.unclear[0].unclear.endswith("each request: s3:DeleteBucket.")


def test_another_store_tells_nothing() -> None:
    with serve() as server:
        server.on("GET /minio/admin/v3/accountinfo", Reply(404, "<Error/>"))
        own = MinioClient.of(Identity(url=server.url, user="operator", password=SECRET))
        with pytest.raises(NoAdminApi):
            permissions(own)
