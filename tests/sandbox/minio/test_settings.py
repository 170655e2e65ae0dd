"""Settings of Pulumi's MinIO provider, on the real engine."""

from collections.abc import Iterator
from typing import Any

import pytest
from minio.credentials.providers import AssumeRoleProvider

from tests.sandbox.control import Control
from tests.sandbox.minio.inspector import SESSIONS, MinioInspector
from tests.sandbox.refusals import change, set_secret
from tests.sandbox.stack import Stack

PROGRAM = 'MinioBackupLocation("nightly", MinioBackupLocationArgs())'


@pytest.fixture
def session(minio: MinioInspector, environment: dict[str, str]) -> Iterator[Any]:
    """Temporary credentials of an administrator of MinIO."""
    who = ("second-root", "the-second-root-s-secret")
    minio.admin("user_add", *who)
    minio.admin("policy_set", "consoleAdmin", user=who[0])
    found = AssumeRoleProvider(
        sts_endpoint=environment["MINIO_ENDPOINT"], access_key=who[0], secret_key=who[1]
    ).retrieve()
    SESSIONS[found.access_key] = found.secret_key
    yield found
    minio.admin("user_remove", who[0])


def test_minio_by_a_session(
    stack: Stack, minio: MinioInspector, session: Any, secrets: set[str], control: Control
) -> None:
    stack.program(PROGRAM)
    secrets.update((session.secret_key, session.session_token))
    change(stack, MINIO_USER=session.access_key, MINIO_PASSWORD=None)
    set_secret(stack, "minio:minioPassword", session.secret_key)
    set_secret(stack, "minio:minioSessionToken", session.session_token)
    stack.up()
    assert len(minio.buckets()) == 1 and len(control.locations()) == 1
    stack.destroy()
    assert not minio.buckets()
