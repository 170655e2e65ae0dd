"""The life of a backup location from a program in YAML, from nothing to nothing."""

import pytest

from tests.sandbox.aws.components import AWS
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.component import access_key
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import YamlStack
from tests.sandbox.test_examples import EXAMPLES

PROGRAM = """\
config:
  team: {default: storage}
  rotation: {default: first}
resources:
  bucket:
    type: palette-backup:aws:Bucket
    properties:
      region: us-east-1
      tags: {team: "${team}", snake_key: kept}
  policy:
    type: palette-backup:aws:Policy
    properties:
      document:
        fn::invoke:
          function: palette-backup:aws:accessPolicy
          arguments: {bucket: "${bucket.name}"}
          return: result
  user:
    type: palette-backup:aws:User
    properties:
      policies: ["${policy.arn}"]
  key:
    type: palette-backup:aws:AccessKey
    properties:
      user: ${user.name}
      rotation: ${rotation}
      retireAfter: 0
  retiring:
    type: palette-backup:aws:RetiringKey
    properties:
      user: ${user.name}
      previous: ${key.previous}
      retiringUntil: ${key.retiringUntil}
      retireAfter: 0
    options: {deletedWith: "${key}"}
  location:
    type: palette-backup:palette:BackupLocation
    options: {dependsOn: ["${retiring}"]}
    properties:
      name: nightly
      storage:
        kind: s3
        bucket: ${bucket.name}
        region: us-east-1
        credentials:
          kind: secret
          accessKey: ${key.accessKeyId}
          secretKey: ${key.secretAccessKey}
outputs:
  uid: ${location.id}
  bucket: ${bucket.name}
  key: ${key.accessKeyId}
"""


def test_from_nothing_to_nothing(
    yaml_stack: YamlStack, control: Control, aws: AwsInspector
) -> None:
    stack = yaml_stack
    stack.program(PROGRAM)
    stack.up()
    outputs = stack.outputs()
    (location,) = control.locations()
    assert (outputs["uid"], outputs["bucket"]) == (location["uid"], *aws.buckets())
    AWS.works(control, aws)
    stack.settled()

    stack.set("team", "platform")
    steps = stack.steps()
    assert [step["op"] for step in steps.values()] == ["update"]
    stack.up()
    stack.settled()
    tags = aws.client("s3").get_bucket_tagging(Bucket=outputs["bucket"])["TagSet"]
    assert {"Key": "snake_key", "Value": "kept"} in tags

    stack.set("rotation", "second")
    stack.up()
    (location,) = control.locations()
    assert outputs["key"] != stack.outputs()["key"] == access_key(location)[0]
    assert len(aws.keys(*aws.users())) == 2
    stack.up()
    AWS.works(control, aws)  # with the only key
    stack.settled()
    stack.destroy()
    assert not control.locations()
    assert aws.nothing_left()


@pytest.mark.stress
def test_the_example_lives_from_nothing_to_nothing(
    yaml_stack: YamlStack, control: Control, aws: AwsInspector
) -> None:
    stack = yaml_stack
    stack.program((EXAMPLES / "yaml" / "Pulumi.yaml").read_text())
    stack.up()
    outputs = stack.outputs()
    (location,) = control.locations()
    assert (outputs["uid"], outputs["bucket"]) == (location["uid"], *aws.buckets())
    AWS.works(control, aws)
    stack.settled()

    stack.set("team", "platform")
    assert [step["op"] for step in stack.steps().values()] == ["update"]
    stack.set("rotation", "second")
    stack.up()
    assert stack.outputs()["key"] != outputs["key"]
    assert len(aws.keys(*aws.users())) == 2
    stack.up()
    AWS.works(control, aws)  # with the only key
    stack.settled()

    stack.set("region", "eu-west-1")
    stack.up()
    assert stack.outputs()["bucket"] != outputs["bucket"]
    assert stack.outputs()["uid"] == outputs["uid"]
    stack.destroy()
    assert not control.locations()
    assert aws.nothing_left()
