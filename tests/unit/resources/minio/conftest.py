"""The real server in a process of its own, and a way to run handlers on it as the engine would."""

from collections.abc import Callable, Iterator

import pytest

from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.minio.user import UserHandler
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.resources.stack import Stack


@pytest.fixture(scope="package")
def running() -> Iterator[Sandbox]:
    with Sandbox(["minio"]) as sandbox:
        yield sandbox


@pytest.fixture
def minio(running: Sandbox) -> Iterator[MinioInspector]:
    """The server, seen from outside; emptied afterwards."""
    eyes = MinioInspector(running.env)
    yield eyes
    for user in eyes.users():
        eyes.admin("user_remove", user)
    for group in eyes.groups():
        eyes.admin("group_remove", group)
    for policy in eyes.policies():
        eyes.admin("policy_remove", policy)
    for bucket in eyes.buckets():
        for found in eyes.s3().list_objects_v2(Bucket=bucket).get("Contents", []):
            eyes.s3().delete_object(Bucket=bucket, Key=found["Key"])
        eyes.s3().delete_bucket(Bucket=bucket)


@pytest.fixture
def stack_of(running: Sandbox, minio: MinioInspector) -> Callable[..., Stack]:
    """Makes a stack that runs one handler."""
    return lambda handler, owner="acme/shop/dev/weekly:0a1b2c", **how: Stack(
        handler, environment=running.env, owner=owner, **how
    )


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserHandler, "patience", Patience(0))
