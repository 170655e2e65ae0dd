"""What is wrong with the settings of a program in YAML is told in its own words, in a preview."""

import pytest

from tests.sandbox.components import ANY
from tests.sandbox.native.yaml_stack import YamlStack

PROPERTIES = f"{{{ANY.must_in_yaml}}}"
PROGRAM = (
    f"resources: {{nightly: {{type: palette-backup:index:{ANY.name}, properties: {PROPERTIES}}}}}"
)


@pytest.mark.stress
def test_a_misspelt_setting_is_told_with_what_was_meant(yaml_stack: YamlStack) -> None:
    yaml_stack.program(PROGRAM)
    yaml_stack.set("palette-backup:apKey", "s3cr3t-of-mine")
    told = yaml_stack.preview(ok=False).text
    assert "palette-backup:apKey is no setting: do you mean palette-backup:apiKey?" in told
    assert "s3cr3t-of-mine" not in told


@pytest.mark.stress
def test_a_missing_setting_is_named_as_the_plugin_has_it(yaml_stack: YamlStack) -> None:
    yaml_stack.program(PROGRAM)
    yaml_stack.environment = {**yaml_stack.environment, "PALETTE_API_KEY": ""}
    told = yaml_stack.preview(ok=False).text
    assert "palette-backup:apiKey is not set" in told
    assert "Traceback" not in told
