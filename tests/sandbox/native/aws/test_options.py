"""Options of a resource that name its properties."""

import pytest

from tests.sandbox.native.yaml_stack import YamlStack

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
