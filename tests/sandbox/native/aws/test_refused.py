"""What is wrong with a bucket or a location on AWS is told in the words of YAML, in a preview."""

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
