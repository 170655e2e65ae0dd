"""A location on MinIO that an earlier release made, where Palette cannot be told of its key."""

import json

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.component import access_key
from tests.sandbox.control import Control
from tests.sandbox.minio.earlier_release import own_keys
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.releases import FOLDER, Restore, restore
from tests.sandbox.stack import PAST, Stack

__all__ = ["restore"]


@pytest.mark.stress
def test_the_secret_that_palette_has_outlives_its_end_until_palette_has_the_key(
    restore: Restore, stack: Stack, running: Sandbox, control: Control
) -> None:
    minio = MinioInspector(running.env)
    restore(json.loads((FOLDER / "before-access-keys.json").read_text()))
    own = own_keys(stack)["nightly"]
    fault = {"service": "palette", "fault": "status", "status": 503, "times": 99}
    put = "PUT /v1/users/assets/locations/minio/{uid}"
    control.post("faults", [{**fault, "call": put, "when": "before"}])
    stack.up(ok=False)
    stack.edit("minio:User", "nightly", retiring_until=PAST)
    stack.up(ok=False)
    stack.up("--continue-on-error", "--refresh", ok=False)
    assert own in map(access_key, control.locations()) and minio.signs_in(*own)
    control.post("faults", [])
    stack.up()
    stack.up()
    assert own not in map(access_key, control.locations()) and not minio.signs_in(*own)
    stack.unchanged()
