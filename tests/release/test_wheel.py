"""What a release publishes is built, judged and installed as `release.yml` does it."""

import json
import os
import subprocess
import sys
import tarfile
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests.release.test_notes import PROJECT

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "palette_backup_provider/sandbox/page"
TOOLS = Path(sys.executable).parent

pytestmark = pytest.mark.stress


def run(*command: str | Path, **more: str) -> str:
    environment = {name: one for name, one in os.environ.items() if name != "PYTHONPATH"} | more
    done = subprocess.run(
        [*map(str, command)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `dist` and the SBOM."""
    folder = tmp_path_factory.mktemp("built")
    run(ROOT / ".ci/build", folder / "dist", BIN=str(TOOLS))
    return folder


def test_wheel_and_sdist_hold_what_is_needed_and_nothing_else(built: Path) -> None:
    (wheel,), (sdist,) = built.glob("dist/*.whl"), built.glob("dist/*.tar.gz")
    with ZipFile(wheel) as held:
        names = set(held.namelist())
    tops = {name.partition("/")[0] for name in names}
    page = {str(file.relative_to(ROOT)) for file in PAGE.glob("*/*.*") if file.suffix != ".pyc"}
    assert len(page) >= 5 and page <= names
    assert len(tops) == 2 and "palette_backup_provider" in tops
    with tarfile.open(sdist) as packed:
        within = {name.partition("/")[2] for name in packed.getnames()}
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"} <= within
    assert not [name for name in within if name.startswith((".ci", ".github", ".venv"))]


def test_the_sbom_names_all_that_is_installed(built: Path) -> None:
    sbom = json.loads((built / "sbom.cdx.json").read_text())
    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["metadata"]["component"]["name"] == "palette-backup-provider"
    names = {one["name"].lower() for one in sbom["components"]}
    extras = PROJECT["optional-dependencies"]["all"]
    assert {"pulumi", "pydantic", *(Requirement(one).name for one in extras)} <= names
    assert not {"pip", "pytest"} & names


@pytest.fixture(params=[("3.11",), ("3.14", "3.13", "3.12")], ids=["oldest", "newest"])
def python(request: pytest.FixtureRequest) -> str:
    """The first of these that is here, on PATH or among those that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    versions: tuple[str, ...] = request.param
    for version in versions:
        for each in (*map(str, sorted(kept.glob(f"{version}.*/bin/python"))), f"python{version}"):
            with suppress(OSError, subprocess.CalledProcessError):
                subprocess.run([each, "-c", ""], check=True, capture_output=True)
                return each
    pytest.skip(f"no Python of {', '.join(versions)}")


def test_it_is_installed_bare_and_with_each_extra(built: Path, python: str) -> None:
    (wheel,) = built.glob("dist/*.whl")
    told = run(ROOT / ".ci/install", wheel, python)
    assert told.count("palette-backup, version ") == 7
    assert told.count("\n2 green\n") == 7  # of doctor
    assert told.count("No broken requirements found.") == 7
