"""`pulumi new https://…/templates/X`, from a repository on this machine, as from GitHub."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.sandbox.forge import forge, repositories
from tests.sandbox.test_templates import NAMES, TEMPLATES

__all__ = ["forge", "repositories"]


@pytest.mark.parametrize("template", NAMES)
@pytest.mark.sampled
def test_a_template_is_taken_from_a_repository(
    template: str, forge: tuple[str, dict[str, str]], engine: Path, tmp_path: Path
) -> None:
    url, found = forge
    mine = tmp_path / "mine"
    mine.mkdir()
    (tmp_path / "home").mkdir()
    told = subprocess.run(
        ["pulumi", "new", f"{url}/templates/{template}", "--yes", "--generate-only"],
        cwd=mine,
        env={
            "PATH": os.pathsep.join((str(engine), os.environ["PATH"])),
            "HOME": str(tmp_path / "home"),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **found,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    copied = {path.name for path in (TEMPLATES / template).iterdir()}
    assert {path.name for path in mine.iterdir()} == copied
    for file in copied - {"Pulumi.yaml"}:
        assert (mine / file).read_text() == (TEMPLATES / template / file).read_text()
