"""The fake cloud, and the native adapter on it."""

from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.engine import native
from tests.served import OneRun, served
from tests.unit.engine.fake import TOKEN, Cloud, ThingHandler, run_of


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def stub(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Calls to the adapter, which knows the fake resource alone."""
    monkeypatch.setattr(native, "handler_of", {TOKEN: ThingHandler}.__getitem__)
    with served(OneRun(run_of(cloud))) as stub:
        yield stub
