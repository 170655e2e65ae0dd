"""What is built is of pinned contents, whatever the environment says. Where Go is, Go is asked."""

import re
import shutil
from pathlib import Path

import pytest

from palette_backup_provider.sandbox.tools import go_build
from palette_backup_provider.sandbox.tools import pulumi_build as engine_build
from palette_backup_provider.sandbox.tools.go_build import SETTINGS, pin, run
from palette_backup_provider.sandbox.tools.step import StepFailed

FILES = sorted(go_build._SUMS.iterdir())
LAX = {
    "GOFLAGS": "-mod=mod",
    "GOSUMDB": "off",
    "GONOSUMCHECK": "1",
    "GONOSUMDB": "*",
    "GOPRIVATE": "*",
    "GONOPROXY": "*",
    "GOINSECURE": "*",
    "GOWORK": "/somewhere/go.work",
}
needs_go = pytest.mark.skipif(shutil.which("go") is None, reason="Go is not here")


@pytest.fixture
def lax(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nothing would be checked."""
    for name, value in LAX.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_line_of_a_go_sum_pins_contents(file: Path) -> None:
    lines = file.read_text().splitlines()
    assert len(lines) > 100
    for line in lines:
        assert re.fullmatch(r"\S+ v\S+ h1:[\w+/]{43}=", line), line


def test_all_modules_that_are_named_are_pinned() -> None:
    pinned = (go_build._SUMS / "pulumi.sum").read_text()
    for module, sum in engine_build.SUMS.items():
        assert f"{module.replace('@', ' ')} {sum}\n" in pinned


def test_go_s_settings_of_the_environment_do_not_count(lax: None, tmp_path: Path) -> None:
    told = run(["env"], tmp_path, SETTINGS, print).splitlines()
    of_go = dict(line.split("=", 1) for line in told if line.startswith("GO"))
    assert SETTINGS.items() - {("CGO_ENABLED", "0")} <= of_go.items()
    assert of_go.keys() <= SETTINGS.keys() | go_build.WHERE


def test_where_modules_are_is_the_environment_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOPROXY", "https://modules.example.com")
    assert "GOPROXY=https://modules.example.com\n" in run(["env"], tmp_path, SETTINGS, print)


@needs_go
@pytest.mark.parametrize("change", ["contents", "go.mod", "missing"])
def test_go_refuses_a_module_of_other_contents(lax: None, tmp_path: Path, change: str) -> None:
    """Of the modules that the language host is built of, with one line of its go.sum changed."""
    pin(tmp_path, engine_build._HOST_GO_MOD, engine_build._HOST_SUMS)
    package = f"{engine_build._SDK}/python/cmd/pulumi-language-python"
    listed = ["go", "list", "-deps", package]
    sums = tmp_path / "go.sum"
    whole = sums.read_text()
    name = f"{engine_build._SDK} {engine_build.LANGUAGE_HOST}" + "/go.mod" * (change == "go.mod")
    (line,) = [line for line in whole.splitlines(True) if line.startswith(f"{name} ")]
    other = "" if change == "missing" else f"{name} h1:{'A' * 43}=\n"
    sums.write_text(whole.replace(line, other))
    with pytest.raises(StepFailed, match=r"checksum mismatch|missing go\.sum entry"):
        run(listed, tmp_path, SETTINGS, print)
    assert sums.read_text() == whole.replace(line, other), "nothing is pinned anew"
