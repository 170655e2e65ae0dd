"""What is wrong with a program in YAML is told in its own words, in a preview."""

import pytest

from tests.sandbox.native.yaml_stack import YamlStack

PROGRAM = """\
resources:
  nightly:
    type: palette-backup:aws:Bucket
    properties: {region: us-east-1, noncurrentDays: 0, kmsKeyArn: "key"}
"""


def test_arguments_are_named_as_the_program_has_them(yaml_stack: YamlStack) -> None:
    yaml_stack.program(PROGRAM)
    told = yaml_stack.preview(ok=False).text
    assert "noncurrentDays: must be greater than or equal to 1" in told
    assert "kmsKeyArn: 'key' is not allowed" in told
    assert "Traceback" not in told


def test_arguments_of_a_component_are_named_as_the_program_has_them(
    yaml_stack: YamlStack,
) -> None:
    yaml_stack.program("""\
        resources:
          nightly:
            type: palette-backup:index:AwsBackupLocation
            properties: {region: us-east-1, existingBucket: theirs, bucketName: mine}
        """)
    told = yaml_stack.preview(ok=False).text
    assert "nightly: bucketName: needs a bucket made here, and existingBucket names an" in told
    assert "Traceback" not in told and "RunError" not in told


@pytest.mark.stress
def test_a_misspelt_setting_is_told_with_what_was_meant(yaml_stack: YamlStack) -> None:
    yaml_stack.program(PROGRAM)
    yaml_stack.set("palette-backup:apKey", "s3cr3t-of-mine")
    told = yaml_stack.preview(ok=False).text
    assert "palette-backup:apKey is no setting: do you mean palette-backup:apiKey?" in told
    assert "s3cr3t-of-mine" not in told


@pytest.mark.stress
def test_a_missing_setting_is_named_as_the_plugin_has_it(yaml_stack: YamlStack) -> None:
    account = "{type: palette-backup:palette:AwsStsAccount}"
    yaml_stack.program(f"resources: {{account: {account}}}")
    yaml_stack.environment = {**yaml_stack.environment, "PALETTE_API_KEY": ""}
    told = yaml_stack.preview(ok=False).text
    assert "palette-backup:apiKey is not set" in told
    assert "Traceback" not in told
