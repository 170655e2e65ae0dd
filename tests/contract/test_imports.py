"""What importing the package costs, and what it says when a cloud's SDK is absent."""

import subprocess
import sys
from pathlib import Path

import pytest

from palette_backup_provider.doctor.clouds import CLOUDS
from tests.contract.clouds import cloud_of, in_each_folder
from tests.contract.test_every_component import COMPONENTS
from tests.unit.review.golden import FOLDER

SDKS = [*(cloud.module for cloud in CLOUDS), "botocore", "moto", "flask"]
EXTRAS = [
    (cloud.word, cloud.module, *next(iter(in_each_folder("samples")[cloud.word].SAMPLES.items())))
    for cloud in CLOUDS
]
"""An extra, a module that it installs, and a resource that needs it."""


TOP = "palette_backup_provider"
EVERY_NAME = f"from {TOP} import *"
THREADED = {
    "the dynamic provider": "from {0}.engine.dynamic import load; load('palette:BackupLocation')",
    "the plugin": "import asyncio; from {0}.plugin.process import run; "
    "asyncio.run = lambda serve: serve.close(); run('127.0.0.1:1')",
    "the doctor": "from {0}.core.settings import Settings; from {0}.doctor.case import Case; "
    "from {0}.doctor.examination import examine; examine(Case(Settings({{}}.get, {{}})), [])",
}
"""How each process begins in which several threads use clouds."""


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_program_pays_for_its_own_cloud_alone(name: str) -> None:
    loaded = python(f"import sys; from {TOP} import {name}; print(*sys.modules)").split()
    own = COMPONENTS[name]
    assert own.__module__ in loaded
    others = [kind for kind in COMPONENTS.values() if cloud_of(kind) != cloud_of(own)]
    assert not {kind.__module__ for kind in others} & set(loaded)


def test_importing_every_name_imports_no_sdk() -> None:
    loaded = python(f"import sys; {EVERY_NAME}; print(*sys.modules)").split()
    assert not set(SDKS) & set(loaded)


@pytest.mark.parametrize("file", ["rotation-due", "plugin-rotation-due-and-force-destroy"])
def test_a_review_imports_no_sdk(file: str) -> None:
    asked = [str(FOLDER / f"{file}.json")]
    code = (
        f"from palette_backup_provider.cli import diff; diff.diff({asked}, standalone_mode=False)"
    )
    loaded = python(f"import sys; {code}; print(*sys.modules)").split()
    assert "rotate" in loaded
    assert not set(SDKS) & set(loaded)


@pytest.mark.parametrize("begin", THREADED.values(), ids=THREADED)
def test_threads_find_what_clouds_share_imported(begin: str) -> None:
    loaded = python(f"{begin.format(TOP)}; import sys; print(*sys.modules)").split()
    assert {"requests.adapters", "urllib3.util.ssl_"} <= {*loaded}
    assert not {*SDKS} & {*loaded}


def refused(setup: str, token: str, props: dict[str, str]) -> str:
    """Why a check of that resource fails, once `setup` has changed what can be imported."""
    return python(
        "import sys\n"
        "from palette_backup_provider import registry\n"
        "from palette_backup_provider.core.run import Run\n"
        "from palette_backup_provider.core.settings import Settings\n"
        "from palette_backup_provider.engine.lifecycle import Lifecycle\n"
        f"{setup}\n"
        "run = Run(Settings({}.get, {}))\n"
        f"kind = next(k for k in registry.RESOURCES if k.token == {token!r})\n"
        f"found = Lifecycle(kind.handler, run).check({{}}, {props!r}, set())\n"
        "print(found.failures[0].reason)"
    )


@pytest.mark.parametrize(("extra", "module", "token", "props"), EXTRAS)
def test_a_missing_sdk_is_told_with_the_command_that_installs_it(
    extra: str, module: str, token: str, props: dict[str, str]
) -> None:
    told = refused(f"sys.modules[{module!r}] = None", token, props)
    assert f"pip install 'palette-backup-provider[{extra}]'" in told


@pytest.mark.parametrize("form", ["{}.py", "{}/__init__.py"])
@pytest.mark.parametrize(("extra", "module", "token", "props"), EXTRAS)
def test_a_file_of_the_user_s_that_hides_a_package_is_named_and_not_run(
    extra: str, module: str, token: str, props: dict[str, str], form: str, tmp_path: Path
) -> None:
    package = module.partition(".")[0]
    file = tmp_path / form.format(package)
    file.parent.mkdir(exist_ok=True)
    file.write_text("raise SystemExit('it ran')\n")
    told = refused(f"sys.path.insert(0, {str(tmp_path)!r})", token, props)
    assert told == (
        f"{file} hides the package {package}, which is needed here. Rename it: Python looks in a "
        "program's own folder first.\n"
    )


@pytest.mark.parametrize(("extra", "module", "token", "props"), EXTRAS)
def test_a_package_that_cannot_be_imported_is_told_with_the_reason(
    extra: str, module: str, token: str, props: dict[str, str]
) -> None:
    setup = (
        "from palette_backup_provider.core import packages\n"
        "def broken(name): raise ImportError('undefined symbol: x')\n"
        "packages.import_module = broken"
    )
    told = refused(setup, token, props)
    assert "cannot be imported: ImportError: undefined symbol: x. Install it anew: pip" in told
    assert f"'palette-backup-provider[{extra}]'" in told
