"""Every cloud of the sandbox is found by its folder, and says what leads to it."""

import subprocess
import sys
from pathlib import Path

from palette_backup_provider.cli.sandbox.start import start
from palette_backup_provider.sandbox import cloud
from palette_backup_provider.sandbox.cloud import clouds, usual
from palette_backup_provider.sandbox.run import Sandbox


def test_every_folder_with_a_simulator_of_a_cloud_is_found() -> None:
    folders = {path.parent.name for path in Path(cloud.__file__).parent.glob("*/service.py")}
    assert folders == clouds().keys()


def test_the_place_of_a_cloud_is_one_of_its_settings(running: Sandbox) -> None:
    for name in running.clouds:
        assert clouds()[name].shown in running.env


def test_no_simulator_is_imported_until_it_starts() -> None:
    code = (
        "import sys; from palette_backup_provider.sandbox.cloud import clouds; clouds(); "
        "print([name for name in sys.modules if name.endswith('.service')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_sandbox_runs_one_cloud_where_nobody_says_which() -> None:
    default = next(one.default for one in start.params if one.name == "clouds")
    assert [default] == list(usual())
