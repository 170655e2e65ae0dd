"""A program with two providers, each with a project of its own in Palette."""

import pytest

from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import YamlStack

LOCATION = """\
    type: palette-backup:palette:BackupLocation
    properties:
      name: nightly
      probe: false
      paletteValidate: false
      storage:
        kind: s3
        bucket: existing
        region: us-east-1
        credentials: {kind: secret, accessKey: AKIAEXAMPLE, secretKey: of-nobody}
"""
PROGRAM = f"""\
resources:
  theirs:
    type: pulumi:providers:palette-backup
    properties: {{project: team-a}}
  here:
{LOCATION}
  there:
{LOCATION}
    options: {{provider: "${{theirs}}"}}
outputs:
  here: ${{here.projectUid}}
  there: ${{there.projectUid}}
"""


@pytest.mark.stress
def test_each_has_its_own_project(yaml_stack: YamlStack, control: Control) -> None:
    yaml_stack.program(PROGRAM)
    yaml_stack.up()
    outputs = yaml_stack.outputs()
    assert outputs["here"] != outputs["there"]
    assert len(control.locations()) == 2
    yaml_stack.settled()
    yaml_stack.destroy()
    assert not control.locations()
