"""A stack moves from one adapter to the other and back, and nothing remote is touched."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.aws.components import AWS
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import YamlStack, install
from tests.sandbox.stack import Stack

pytestmark = pytest.mark.stress
PYTHON = """\
nightly = AwsBackupLocation(
    "nightly", region="us-east-1", location_name="nightly", tags={"team": "platform"},
    rotation=config.get("rotation"), retire_after=1,
)
pulumi.export("uid", nightly.location_uid)
"""
YAML = """\
resources:
  nightly:
    type: palette-backup:index:AwsBackupLocation
    properties:
      region: us-east-1
      locationName: nightly
      tags: {team: platform}
      retireAfter: 1
outputs:
  uid: ${nightly.locationUid}
"""


def remote(control: Control, aws: AwsInspector) -> Any:
    """What is there, with its marks and with when Palette was last told of it."""
    (bucket,), (user,) = aws.buckets(), aws.users()
    tags = aws.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    marks = aws.client("iam").list_user_tags(UserName=user)["Tags"]
    return control.locations(), tags, marks, aws.keys(user), aws.policies()


def test_a_program_in_python_moves_and_moves_back(
    new_stack: Callable[..., Stack], control: Control, aws: AwsInspector, tmp_path: Path
) -> None:
    stack = new_stack()
    path = os.pathsep.join((str(install(tmp_path / "plugin")), stack.environment["PATH"]))
    stack.environment = {**stack.environment, "PATH": path}
    stack.program(PYTHON)
    stack.set("rotation", "first")
    stack.up()
    stack.set("rotation", "second")
    stack.up()
    before = remote(control, aws)
    for native in ("true", "false"):
        stack.set("palette:native", native)
        stack.set("aws:region", "us-east-1")
        moved = stack.up().changes
        provider = {"created": 1} if native == "true" else {"deleted": 1}
        assert moved == {**moved, **provider}
        assert "replaced" not in moved
        assert remote(control, aws) == before
        stack.settled()
    stack.destroy()
    assert aws.nothing_left()


OPTIONS = """\
bucket = aws.Bucket(
    "b", region="us-east-1", noncurrent_days={days},
    opts=pulumi.ResourceOptions(
        ignore_changes=["noncurrent_days"], additional_secret_outputs=["kms_key_arn"]
    ),
)
"""


def test_the_options_of_a_resource_mean_the_same_after_a_move(
    new_stack: Callable[..., Stack], tmp_path: Path
) -> None:
    stack = new_stack()
    path = os.pathsep.join((str(install(tmp_path / "plugin")), stack.environment["PATH"]))
    stack.environment = {**stack.environment, "PATH": path}
    stack.program(OPTIONS.format(days=9))
    stack.up()
    stack.program(OPTIONS.format(days=30))
    stack.set("palette:native", "true")
    stack.up()
    stack.settled()
    (bucket,) = (one for one in stack.state()["resources"] if one["type"].endswith("aws:Bucket"))
    assert bucket["outputs"]["noncurrentDays"] == 9
    assert bucket["additionalSecretOutputs"] == ["kmsKeyArn"]
    stack.set("palette:native", "false")
    stack.up()
    stack.settled()
    (bucket,) = (one for one in stack.state()["resources"] if one["type"].endswith("aws:Bucket"))
    assert bucket["outputs"]["noncurrent_days"] == 9
    stack.destroy()


def test_a_program_in_python_becomes_one_in_yaml(
    new_stack: Callable[..., Stack], yaml_stack: YamlStack, control: Control, aws: AwsInspector
) -> None:
    stack = new_stack("python")
    stack.program(PYTHON)
    stack.up()
    yaml_stack.put(stack.state())
    yaml_stack.program(YAML)
    before = remote(control, aws)
    moved = yaml_stack.up().changes
    assert moved.keys() <= {"updated", "unchanged", "deleted"}
    assert remote(control, aws) == before
    yaml_stack.settled()
    AWS.works(control, aws)
    yaml_stack.destroy()
    assert aws.nothing_left()
