"""`palette-backup fleet`: what a person sees of an inventory, right or wrong."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run
from tests.unit.fleet.examples import INVENTORY, example


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_inventory_is_listed(run: Run) -> None:
    Path("fleet.yaml").write_text(INVENTORY)
    told = run("fleet", "check")
    assert told.stdout.splitlines() == [
        example(line)
        for line in (
            "LOCATION\tCLOUD\tIDENTITY\tDEFAULT",
            "shared\t$placed\t-\tyes",
            "shop/nightly\t$keyed\t-\tyes",
            "shop/lab\t$role\tlab\t-",
            "data/nightly\t$free\tstore\t-",
        )
    ]
    counted = ", ".join(sorted(example("$keyed 1,$role 1,$placed 1,$free 1").split(",")))
    assert told.stderr == (
        f"4 locations in 2 projects: {counted}. Every name is unique, and no scope has two "
        "defaults.\n"
    )


def test_one_is_said_as_one(run: Run) -> None:
    Path("fleet.yaml").write_text(example("projects: {shop: {nightly: {cloud: $free}}}\n"))
    assert run("fleet", "check").stderr.startswith("1 location in 1 project: ")


def test_a_mistake_is_an_error_and_nothing_is_listed(run: Run) -> None:
    Path("other.yaml").write_text(example("defaults: {}\ntenant: {a: {cloud: $placed}}\n"))
    told = run("fleet", "check", "other.yaml", ok=False)
    assert told.exit_code == 1 and not told.stdout
    assert told.stderr == example(
        "Error: other.yaml:2:10: tenant.a: needs `location`, here or in defaults.$placed\n"
    )


def test_a_file_that_is_not_there_is_an_error(run: Run) -> None:
    told = run("fleet", "check", ok=False).stderr
    assert told == "Error: fleet.yaml: cannot be read: No such file or directory.\n"


def test_the_schema_is_json(run: Run) -> None:
    assert json.loads(run("fleet", "schema").stdout)["title"] == "Inventory"
