"""`pulumi package add` with the folder `plugin/`: it installs what it names and serves programs."""

import shutil
from pathlib import Path

import pytest

from tests.sandbox.components import ANY
from tests.sandbox.control import Control
from tests.sandbox.native.yaml_stack import YamlStack

FOLDER = Path(__file__).parents[3] / "plugin"
OLD_HOST = "can't find '__main__' module"
"""It runs the folder of the program, and not that of the plugin."""
PROGRAM = f"""\
name: lifecycle
runtime: yaml
resources:
  nightly: {{type: "palette-backup:index:{ANY.name}", properties: {{{ANY.must_in_yaml}}}}}
"""


@pytest.mark.stress
def test_a_program_is_served_by_the_folder(
    yaml_stack: YamlStack, control: Control, wheels: Path, tmp_path: Path
) -> None:
    stack = yaml_stack
    source = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    stack.environment = {**stack.environment, **source}
    del stack.environment["PYTHONPATH"]  # what is installed serves, and not this checkout
    folder = shutil.copytree(FOLDER, tmp_path / "plugin")
    (stack.home / "Pulumi.yaml").write_text(PROGRAM)
    added = stack.run("package", "add", str(folder), ok=None).text
    assert "Successfully installed" in added
    if OLD_HOST in added:
        pytest.skip("the Python host of this engine starts no such folder; a release's does")
    stack.up()
    assert len(control.locations()) == 1
    stack.unchanged()
    stack.destroy()
    assert not control.locations()
