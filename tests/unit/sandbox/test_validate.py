"""Palette's validate calls ask the cloud of their credential."""

import pytest

from tests.unit.sandbox.test_spec import VALIDATED
from tests.unit.sandbox.visitor import Visitor


def test_cloud_that_does_not_run_is_named(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor.sandbox.validation, "validators", {})
    for cloud, (path, body) in VALIDATED.items():
        answer = visitor.palette("POST", path, body)
        assert answer.status_code == 400
        assert f"--clouds {cloud}" in answer.json()["message"]
