"""`pulumi package add` with `plugin/`, its folder or its address: it installs what that names, and
serves programs."""

import shutil
from pathlib import Path

import pytest

from tests.sandbox.components import ANY
from tests.sandbox.control import Control
from tests.sandbox.forge import forge, repositories
from tests.sandbox.native.yaml_stack import YamlStack

__all__ = ["forge", "repositories"]
FOLDER = Path(__file__).parents[3] / "plugin"
SDK = "palette-backup-provider-palette-backup"
"""The same from wherever it comes: programs in other languages import it by that name."""
OLD_HOST = "can't find '__main__' module"
"""It runs the folder of the program, and not that of the plugin."""
PROGRAM = f"""\
name: lifecycle
runtime: yaml
resources:
  nightly: {{type: "palette-backup:index:{ANY.name}", properties: {{{ANY.must_in_yaml}}}}}
"""


@pytest.fixture(params=["folder", "address"])
def source(request: pytest.FixtureRequest, yaml_stack: YamlStack, tmp_path: Path) -> str:
    """What is named to Pulumi."""
    if request.param == "folder":
        return str(shutil.copytree(FOLDER, tmp_path / "plugin"))
    address, found = request.getfixturevalue("forge")
    yaml_stack.environment = {**yaml_stack.environment, **found}
    return f"{address}/plugin"


@pytest.mark.stress
def test_a_program_is_served_by_it(
    source: str, yaml_stack: YamlStack, control: Control, wheels: Path
) -> None:
    stack = yaml_stack
    packages = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    stack.environment = {**stack.environment, **packages}
    del stack.environment["PYTHONPATH"]  # what is installed serves, and not this checkout
    (stack.home / "Pulumi.yaml").write_text(PROGRAM)
    added = stack.run("package", "add", source, ok=None).text
    assert "Successfully installed" in added
    if OLD_HOST in added:
        pytest.skip("the Python host of this engine starts no such folder; a release's does")
    assert [sdk.name for sdk in (stack.home / "sdks").iterdir()] == [SDK]
    stack.up()
    assert len(control.locations()) == 1
    stack.unchanged()
    stack.destroy()
    assert not control.locations()

    shutil.rmtree(stack.home / "sdks")  # nobody commits them
    stack.run("install")
    assert [sdk.name for sdk in (stack.home / "sdks").iterdir()] == [SDK]
    stack.preview()
