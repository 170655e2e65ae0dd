"""Previews of a YAML program are what the engine makes today: see ../test_recorded_previews.py."""

from pathlib import Path

import pytest

from tests.sandbox.native.yaml_stack import YamlStack
from tests.sandbox.recorded import Record, days_ago, record

__all__ = ["record"]

LOCATION = """\
resources:
  nightly:
    type: palette-backup:index:AwsBackupLocation
    properties:
      region: us-east-1
      rotateAfter: 90
"""
SHARED = """\
      policyStatements:
        - Sid: Readers
          Effect: Allow
          Principal: {AWS: "arn:aws:iam::123456789012:root"}
          Action: "s3:GetObject"
"""


@pytest.fixture
def stack(environment: dict[str, str], tmp_path: Path) -> YamlStack:
    return YamlStack.hosted(tmp_path / "stack", environment)


@pytest.mark.stress
def test_a_preview_of_yaml_is_recorded_as_it_is(stack: YamlStack, record: Record) -> None:
    stack.program(LOCATION)
    record("plugin-first-run")
    stack.up()
    stack.program(f"{LOCATION}{SHARED}")
    record("plugin-bucket-policy-widened")
    stack.edit("aws:AccessKey", madeOn=days_ago(92))
    stack.program(f"{LOCATION}      forceDestroy: true\n")
    record("plugin-rotation-due-and-force-destroy")
    stack.up()
    stack.program("resources: {}")
    record("plugin-force-destroy-removal")
