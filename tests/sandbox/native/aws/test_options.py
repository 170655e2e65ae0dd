"""Options of a resource that name its properties: `replaceOnChanges` and `ignoreChanges`."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.native.yaml_stack import YamlStack
from tests.sandbox.stack import Stack

pytestmark = pytest.mark.stress
BUCKET = "palette-backup:aws:Bucket::nightly"
REPLACED = """\
resources:
  nightly:
    type: palette-backup:aws:Bucket
    properties: {{region: us-east-1, tags: {{team: {team}}}}}
    options: {{replaceOnChanges: [{path}]}}
  user: {{type: palette-backup:aws:User}}
  key:
    type: palette-backup:aws:AccessKey
    properties: {{user: "${{user.name}}", rotation: {rotation}}}
"""
IGNORED = """\
resources:
  nightly:
    type: palette-backup:aws:Bucket
    properties: {region: us-east-1, tags: {team: b}}
    options: {ignoreChanges: [noncurrentDays, tags.team]}
"""


def days(aws: AwsInspector) -> list[int]:
    """After how many days the bucket drops old versions."""
    (bucket,) = aws.buckets()
    rules = aws.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    told = [rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") for rule in rules]
    return [each for each in told if each not in (None, 1)]


@pytest.mark.parametrize("path", ["tags", "tags.team"])
def test_what_is_to_replace_replaces_also_while_it_is_unknown(
    yaml_stack: YamlStack, path: str
) -> None:
    yaml_stack.program(REPLACED.format(team="a", path=path, rotation="one"))
    yaml_stack.up()
    program = REPLACED.format(team='"${key.accessKeyId}"', path=path, rotation="two")
    yaml_stack.program(program)
    assert yaml_stack.steps()[BUCKET]["op"] == "replace"
    yaml_stack.up()
    yaml_stack.unchanged()


def test_what_is_to_replace_replaces_also_where_it_becomes_a_secret(yaml_stack: YamlStack) -> None:
    yaml_stack.program(REPLACED.format(team="a", path="tags", rotation="one"))
    yaml_stack.up()
    yaml_stack.program(REPLACED.format(team='{"fn::secret": c}', path="tags", rotation="one"))
    assert yaml_stack.steps()[BUCKET]["op"] == "replace"


def test_what_is_ignored_stays_through_a_move(
    new_stack: Callable[..., Stack], yaml_stack: YamlStack, aws: AwsInspector
) -> None:
    stack = new_stack("python")
    stack.program(
        "aws.Bucket('nightly', region='us-east-1', noncurrent_days=9, tags={'team': 'a'})"
    )
    stack.up()
    yaml_stack.put(stack.state())
    yaml_stack.program(IGNORED)
    shown = yaml_stack.preview("--diff").text
    assert "9 => " not in shown and "- noncurrent" not in shown, shown
    yaml_stack.up()
    yaml_stack.unchanged()
    assert days(aws) == [9]
    yaml_stack.program(IGNORED.replace("{team: b}", "{team: c, also: d}"))
    yaml_stack.up()
    yaml_stack.unchanged()
    assert days(aws) == [9]
    (found,) = yaml_stack.resources()
    tags: Any = found["outputs"]["tags"]
    assert (found["outputs"]["noncurrentDays"], tags) == (9, {"team": "a", "also": "d"})
