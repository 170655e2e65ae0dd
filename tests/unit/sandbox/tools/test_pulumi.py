"""Where a Pulumi engine comes from, in which order, and that all of it is pinned."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.tools import go_build
from palette_backup_provider.sandbox.tools import pulumi_build as engine_build
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.pulumi import Engines
from palette_backup_provider.sandbox.tools.pulumi_build import SUMS
from palette_backup_provider.sandbox.tools.step import Say, StepFailed

PROGRAMS = {
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
}


class Go:
    """Stands in for the Go command: notes what it is asked, makes the files Go would make."""

    def __init__(self, modules: Path, sums: Mapping[str, str] = SUMS) -> None:
        self.modules = modules
        self.sums = sums
        self.calls: list[list[str]] = []
        self.go_mods: list[str] = []
        self.settings: list[Mapping[str, str]] = []

    def __call__(
        self, command: Sequence[str], folder: Path, settings: Mapping[str, str], say: Say
    ) -> str:
        self.calls.append(list(command[1:]))
        self.go_mods.append((folder / "go.mod").read_text())
        assert (folder / "go.sum").read_text()
        self.settings.append(settings)
        if command[1] == "build":
            program = Path(command[command.index("-o") + 1]) / Path(command[-1]).name
            program.write_text("built")
            program.chmod(0o755)
            return ""
        return "\n".join(self._download(module) for module in command[4:])

    def _download(self, module: str) -> str:
        path, _, version = module.partition("@")
        source = self.modules / module.replace("/", "_") / "python"
        for script in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
            (source / script).parent.mkdir(parents=True, exist_ok=True)
            (source / script).write_text(module)
        told = {"Path": path, "Version": version, "Sum": self.sums[module]}
        return json.dumps({**told, "Dir": str(source.parent)}, indent=4)


@pytest.fixture
def go(tmp_path: Path) -> Go:
    return Go(tmp_path / "modules")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "path"
    folder.mkdir()
    return folder


@pytest.fixture
def engines(cache: Cache, path: Path, go: Go) -> Callable[..., Engines]:
    def make(**parts: object) -> Engines:
        defaults = {"path": str(path), "run": go, "say": lambda _: None, "may_install": False}
        return Engines(cache, **{**defaults, **parts})  # type: ignore[arg-type]

    return make


def program(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).touch(mode=0o755)


def test_an_engine_on_path_wins(engines: Callable[..., Engines], path: Path, go: Go) -> None:
    for name in ("pulumi", "pulumi-language-python", "go"):
        program(path, name)
    assert engines().find() == path
    assert not go.calls


def test_a_language_host_elsewhere_on_path_will_do(
    engines: Callable[..., Engines], path: Path, tmp_path: Path
) -> None:
    program(path, "pulumi")
    program(tmp_path / "hosts", "pulumi-language-python")
    both = os.pathsep.join((str(path), str(tmp_path / "hosts")))
    assert engines(path=both).find() == path


def test_a_link_to_an_official_installation_will_do(
    engines: Callable[..., Engines], path: Path, tmp_path: Path
) -> None:
    official = tmp_path / "official"
    for name in ("pulumi", "pulumi-language-python"):
        program(official, name)
    (path / "pulumi").symlink_to(official / "pulumi")
    assert engines().find() == path


def test_a_cli_that_cannot_run_python_does_not_count(
    engines: Callable[..., Engines], path: Path, cache: Cache
) -> None:
    program(path, "pulumi")
    program(path, "go")
    assert engines().find().is_relative_to(cache.root)


def test_with_go_one_is_built(engines: Callable[..., Engines], path: Path) -> None:
    program(path, "go")
    found = engines(may_install=True).find()
    assert {each.name for each in found.iterdir()} == PROGRAMS
    assert all(os.access(each, os.X_OK) for each in found.iterdir())


def test_one_that_was_built_serves_again_also_without_go(
    engines: Callable[..., Engines], path: Path, go: Go
) -> None:
    program(path, "go")
    first = engines().find()
    (path / "go").unlink()
    calls = len(go.calls)
    assert engines().find() == first
    assert len(go.calls) == calls


def test_a_failed_build_leaves_nothing_and_says_why(
    engines: Callable[..., Engines], path: Path, cache: Cache, go: Go
) -> None:
    program(path, "go")

    def fails(command: Sequence[str], folder: Path, settings: Mapping[str, str], say: Say) -> str:
        if "build" in command:
            raise StepFailed("no space left on device")
        return go(command, folder, settings, say)

    with pytest.raises(StepFailed, match="no space left"):
        engines(run=fails).find()
    assert [each.name for each in cache.root.iterdir()] == ["lock"]
    assert engines().find().is_dir()


def test_every_module_is_asked_for_in_one_exact_version(
    engines: Callable[..., Engines], path: Path, go: Go
) -> None:
    program(path, "go")
    engines().find()
    download, *builds = go.calls
    assert download == ["mod", "download", "-json", *SUMS]
    assert all(re.fullmatch(r"[\w./-]+@v\d+\.\d+\.\d+", module) for module in SUMS)
    for arguments, go_mod in zip(builds, go.go_mods[1:], strict=True):
        assert "@" not in arguments[-1], "the version is the go.mod's"
        for module in re.findall(r"^(?:require|replace .* =>) (.*)$", go_mod, re.MULTILINE):
            assert re.fullmatch(r"[\w./-]+ v\d[\w.-]*", module)
    assert all(given["GOFLAGS"] == "-mod=readonly" for given in go.settings)


def test_the_cli_is_told_its_version(engines: Callable[..., Engines], path: Path, go: Go) -> None:
    program(path, "go")
    engines().find()
    flags = go.calls[-1][go.calls[-1].index("-ldflags") + 1]
    assert flags.endswith(f"version.Version={engine_build.CLI}")


def test_a_module_with_other_contents_is_refused(
    engines: Callable[..., Engines], path: Path, tmp_path: Path, cache: Cache
) -> None:
    program(path, "go")
    tampered = {module: "h1:other" for module in SUMS}
    with pytest.raises(StepFailed, match="is not the module it was"):
        engines(run=Go(tmp_path / "modules", tampered)).find()
    assert [each.name for each in cache.root.iterdir()] == ["lock"]


def test_a_module_that_did_not_come_is_named(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"did not download .*sdk/v3@"):
        engine_build.build("go", tmp_path / "bin", print, lambda *_: "")


def test_a_step_sees_its_settings_and_answers_its_output(tmp_path: Path) -> None:
    out = go_build.run(["sh", "-c", "echo $GOWORK; pwd"], tmp_path, {"GOWORK": "off"}, print)
    assert out.split() == ["off", str(tmp_path)]
