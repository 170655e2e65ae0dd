from collections.abc import Iterator
from functools import cache

import boto3
import pytest
from moto import mock_aws

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.resources.aws.access_key import AccessKeyHandler
from palette_backup_provider.resources.aws.s3 import settings as bucket_settings
from palette_backup_provider.resources.aws.s3.api import BucketApi
from palette_backup_provider.resources.aws.user import UserHandler
from tests.unit.resources.aws.buckets import Buckets
from tests.unit.resources.aws.iam_calls import Iam
from tests.unit.resources.stack import Clock

SESSION = cache(boto3.Session)
"""One for all tests: it holds no state of AWS, and the next costs 70 ms."""


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in this process: no call leaves it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(boto3, "Session", SESSION)
    with mock_aws():
        yield


@pytest.fixture
def iam(moto: None, monkeypatch: pytest.MonkeyPatch) -> Iam:
    """IAM, watched and disturbed."""
    watched = Iam(AwsClient.call)
    monkeypatch.setattr(
        AwsClient, "call", lambda self, *args, **params: watched(self, *args, **params)
    )
    return watched


@pytest.fixture
def s3(moto: None, monkeypatch: pytest.MonkeyPatch) -> Buckets:
    """S3, watched and disturbed."""
    watched = Buckets(AwsClient.call)
    monkeypatch.setattr(
        AwsClient, "call", lambda self, *args, **params: watched(self, *args, **params)
    )
    return watched


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the handlers of users and keys wait by."""
    clock = Clock()
    for handler in (UserHandler, AccessKeyHandler):
        patience = clock.patience(handler.patience.budget)
        monkeypatch.setattr(handler, "patience", patience)
    return clock


@pytest.fixture
def bucket_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What calls on buckets wait by."""
    clock = Clock()
    for waiting in (BucketApi, bucket_settings.PolicySetting):
        monkeypatch.setattr(waiting, "patience", clock.patience(waiting.patience.budget))
    return clock
