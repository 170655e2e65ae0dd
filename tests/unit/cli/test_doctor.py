import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from palette_backup_provider.cli import main
from palette_backup_provider.doctor.clouds import BY_WORD
from tests.unit.cli.conftest import Run

KEY = ("doctor", "--only", "palette.key")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_check_is_told_alone(run: Run) -> None:
    heading, area, line, total = run(*KEY).stdout.splitlines()
    assert (heading, area, total) == ("Settings of the environment", "Palette", "1 green")
    assert line.startswith("  ✔ key  accepted, tenant sandbox (")
    assert line.endswith("); from $PALETTE_API_KEY")


def test_red_ends_with_1_and_names_what_to_do(run: Run) -> None:
    told = run(*KEY, env={"PALETTE_API_KEY": "a-key-of-nobody"}, ok=False)
    assert told.exit_code == 1
    assert "  ✘ key  Palette at 127.0.0.1:" in told.stdout
    said = (
        " refused the API key of $PALETTE_API_KEY → give the right key: pulumi config set --secret "
    )
    assert said in told.stdout.splitlines()[-2]


def test_the_red_ground_of_a_check_is_told_too(run: Run) -> None:
    env = {"PALETTE_HOST": "https://127.0.0.1:9", "PALETTE_CA_CERT": None}
    told = run(*KEY, "--json", "--timeout", "1", env=env, ok=False)
    found = {one["id"]: one["verdict"] for one in json.loads(told.stdout)["findings"]}
    assert found == {"palette.reachable": "fault", "palette.key": "skipped"}


def test_yellow_counts_if_strict(run: Run) -> None:
    arguments = ("doctor", "--only", "palette.key-twice")
    two = {"SPECTROCLOUD_APIKEY": "another-key"}
    assert "  ! key-twice" in run(*arguments, env=two).stdout
    assert run(*arguments, "--strict", env=two, ok=False).exit_code == 1


def test_the_tenant_and_a_project_are_asked_about(run: Run) -> None:
    arguments = ("doctor", "--only", "palette.project")
    assert "the tenant's own locations" in run(*arguments, "--tenant").stdout
    assert "team-a (" in run(*arguments, "--project", "team-a").stdout
    assert "no project 'nope'" in run(*arguments, "--project", "nope", ok=False).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--only", "palette.kye"), "there is no check 'palette.kye'. Is it palette.key"),
        (("--clouds", f"{next(iter(BY_WORD))},ibm"), f"'ibm' is none of {', '.join(BY_WORD)}"),
        (("--stack", "dev", "--no-stack"), "--stack and --no-stack exclude each other"),
        (("--tenant", "--project", "x"), "--tenant and --project exclude each other"),
        (("--timeout", "0"), "--timeout"),
    ],
)
def test_a_wrong_command_ends_with_2(arguments: tuple[str, ...], says: str) -> None:
    told = CliRunner().invoke(main, ["doctor", *arguments])
    assert told.exit_code == 2 and says in told.output


def test_a_stack_is_asked_for_where_there_is_none(run: Run) -> None:
    told = run("doctor", "--stack", "prod", "--only", "machine.stack", ok=False)
    assert "there is no Pulumi.yaml here, so there is no stack prod" in told.stdout
