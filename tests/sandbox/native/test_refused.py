"""What is wrong with the settings of a program in YAML is told in its own words, in a preview."""

import pytest

from tests.sandbox.components import ANY
from tests.sandbox.native.test_two_providers import LOCATION
from tests.sandbox.native.yaml_stack import YamlStack

PROPERTIES = f"{{{ANY.must_in_yaml}}}"
PROGRAM = (
    f"resources: {{nightly: {{type: palette-backup:index:{ANY.name}, properties: {PROPERTIES}}}}}"
)


def explicit(property: str) -> str:
    """A program whose location has a provider of its own."""
    return f"""\
config:
  key: {{type: string, secret: true}}
resources:
  own:
    type: pulumi:providers:palette-backup
    properties:
      {property}
  location:
{LOCATION}
    options: {{provider: "${{own}}"}}
"""


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


@pytest.mark.stress
def test_an_explicit_provider_has_its_settings_as_properties(yaml_stack: YamlStack) -> None:
    yaml_stack.environment = {**yaml_stack.environment, "PALETTE_API_KEY": ""}
    for name in ("palette-backup:apiKey", "key"):
        yaml_stack.set(name, "key-of-nobody-1", "--secret")
    yaml_stack.program(explicit("project: Default"))
    told = yaml_stack.preview(ok=False).text
    assert "(or the property `apiKey` of an explicit provider)" in told
    yaml_stack.program(explicit("apiKey: ${key}"))
    told = yaml_stack.preview(ok=False).text
    assert "refused the API key" in told
