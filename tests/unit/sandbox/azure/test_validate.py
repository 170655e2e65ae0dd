"""Palette's validate call for Azure takes what Palette's own console sends."""

from tests.unit.sandbox.azure.locations import VALIDATED
from tests.unit.sandbox.visitor import Visitor


def test_an_environment_that_is_unknown_is_named(visitor: Visitor) -> None:
    path, body = VALIDATED
    answer = visitor.palette("POST", path, {**body, "azureEnvironment": "public"})
    assert answer.status_code == 400 and "azureEnvironment" in answer.json()["message"]
