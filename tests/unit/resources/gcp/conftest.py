from collections.abc import Callable
from typing import Any

import pytest

from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.gcp.bucket import BucketHandler
from palette_backup_provider.resources.gcp.bucket_access import BucketAccessHandler
from palette_backup_provider.resources.gcp.service_account import ServiceAccountHandler
from palette_backup_provider.resources.gcp.service_account_key import ServiceAccountKeyHandler
from palette_backup_provider.resources.gcp.snapshot_access import SnapshotAccessHandler
from tests.unit.resources.stack import Clock, Stack
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp_server import Cloud

New = Callable[[Any], Stack]


one, cloud = gcp_server.one, gcp_server.cloud


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Waits take no time."""
    clock = Clock()
    for handler in (BucketAccessHandler, ServiceAccountKeyHandler, SnapshotAccessHandler):
        budget: Patience = handler.patience
        monkeypatch.setattr(handler, "patience", clock.patience(budget.budget))
    return clock


@pytest.fixture
def new(cloud: Cloud) -> New:
    """Stacks of one type, in that cloud."""
    return lambda handler: Stack(handler, cloud.config)


@pytest.fixture
def buckets(new: New) -> Stack:
    return new(BucketHandler)


@pytest.fixture
def accounts(new: New) -> Stack:
    return new(ServiceAccountHandler)


@pytest.fixture
def keys(new: New) -> Stack:
    return new(ServiceAccountKeyHandler)


@pytest.fixture
def access(new: New) -> Stack:
    return new(BucketAccessHandler)


@pytest.fixture
def snapshots(new: New) -> Stack:
    return new(SnapshotAccessHandler)
