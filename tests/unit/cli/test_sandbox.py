"""A sandbox is started, found, disturbed and looked into from the command line."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from palette_backup_provider.cli.sandbox.start import start
from palette_backup_provider.core.settings import SANDBOX
from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.palette.options import PaletteOptions
from palette_backup_provider.sandbox.palette.store import PROJECTS as STORE_PROJECTS
from palette_backup_provider.sandbox.proxy.faults import KINDS, Fault
from palette_backup_provider.sandbox.proxy.rate_limit import Limit
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.cli.conftest import Make, Run

CODE = "from palette_backup_provider.cli import main; main()"
PROJECTS = ("Default", *(f"team-{number}" for number in range(12)))
UNKNOWN = {SANDBOX: None}


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """`start` takes these signals for its process, which is that of the tests here."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What a sandbox prints to be used by, whose file has a name that shells could split."""
    folder = tmp_path_factory.mktemp("somebody's $HOME `x` [red]")
    start = ["sandbox", "start", "--clouds", "", "--env", "my sandbox.env"]
    with subprocess.Popen(
        [sys.executable, "-c", CODE, *start, "--projects", ", ".join(PROJECTS)],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    ) as process:
        assert process.stdout
        printed = {}
        for text in process.stdout:
            if text.startswith("Running."):
                break
            label, _, told = text.partition("  ")
            printed[label] = told.strip()
        yield printed["Use it"]
        process.terminate()
        assert process.wait(10) == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "zsh"])
def test_the_printed_line_works_in_every_shell(line: str, shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    command = f'{line}\n"$1" -c "$2" list --project {PROJECTS[-1]}; echo "$PALETTE_PROJECT"'
    done = subprocess.run(
        [shell, "-euc", command, shell, sys.executable, CODE],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "There is no backup location.\n")
    assert done.stdout == f"{PROJECTS[0]}\n"


def test_start_knows_what_a_sandbox_has() -> None:
    (projects,) = (option.default for option in start.params if option.name == "projects")
    assert projects == ",".join(STORE_PROJECTS)


def test_every_fault_can_be_planned(run: Run, make: Make, sandbox: Sandbox) -> None:
    assert set(KINDS) == set(Fault.model_fields["fault"].annotation.__args__)  # type: ignore[union-attr]
    for kind in KINDS.keys() - {"error"}:
        run("sandbox", "fault", kind, "--service", "palette", "--times", "2", "--at", "3")
        (planned,) = sandbox.conditions.faults._plan
        assert planned.fault == Fault(fault=kind, service="palette", times=2, at=3)  # type: ignore[arg-type]
    run("sandbox", "fault", "none")
    assert sandbox.conditions.faults._plan == []


def test_a_fault_strikes_the_call_that_it_names(run: Run, make: Make) -> None:
    call = "GET /v1/users/assets/locations"
    fault = ("sandbox", "fault", "status", "--status", "403", "--call", call)
    run(*fault, "--times", "1")
    assert f"answered {call} with 403" in run("list", ok=False).stderr
    told = run("sandbox", "calls")
    assert f"palette\t1\t{call}\n" in told.stdout
    assert told.stderr == "Services: palette. 0 over the limit, 0 held back.\n"
    run("list")
    assert f"palette\t2\t{call}\n" in run("sandbox", "calls").stdout


def test_a_service_can_be_had_refuse_in_its_own_words(run: Run, make: Make) -> None:
    run("sandbox", "fault", "error", "--error", "OperationForbidden", "--service", "palette")
    told = run("list", ok=False).stderr
    assert "(403 OperationForbidden): Operation is forbidden." in told
    assert "The owner of the API key lacks the permission for this call." in told


def test_the_world_is_as_it_was_told(run: Run, make: Make, sandbox: Sandbox) -> None:
    run("sandbox", "delay", "1.5")
    assert sandbox.conditions.delay == 1.5
    run("sandbox", "limit", "--rate", "2", "--latency-ms", "0")
    assert sandbox.conditions.limit.limit == Limit(rate=2)
    run("sandbox", "limit", "--no-enabled")
    assert sandbox.conditions.limit.limit == Limit(enabled=False)
    knobs = ("--duplicate-name", "none", "--bad-key", "404", "--list-length", "3", "--more-fields")
    run("sandbox", "knobs", *knobs, "--no-list-shows-kind", "--mask", "last4")
    assert sandbox.store.options == PaletteOptions(
        duplicate_name=None,
        bad_key=404,
        list_length=3,
        more_fields=True,
        list_shows_kind=False,
        mask="last4",
    )
    run("sandbox", "knobs")
    assert sandbox.store.options == PaletteOptions()


def test_clusters_come_and_go(run: Run, make: Make) -> None:
    uid = make("nightly")
    run("sandbox", "cluster", uid, "prod-2", "prod-1")
    assert run("list").stdout.endswith("\tprod-1,prod-2\n")
    run("sandbox", "cluster", uid)
    assert run("list").stdout.endswith("\t-\n")


def test_reset_leaves_nothing(run: Run, make: Make, sandbox: Sandbox) -> None:
    make("nightly")
    run("sandbox", "fault", "stop")
    run("sandbox", "reset")
    assert (sandbox.store.all(), sandbox.conditions.faults._plan) == ([], [])


def test_the_page_is_told_with_the_token_where_no_server_gets_it(
    run: Run, make: Make, sandbox: Sandbox
) -> None:
    told = urlsplit(run("sandbox", "page").stdout.strip())
    assert f"{told.scheme}://{told.netloc}" == sandbox.page
    assert (told.path, told.query, told.fragment) == ("/", "", sandbox.token)


def test_state_shows_all_but_secrets(run: Run, make: Make) -> None:
    make("nightly")
    make("the-tenant-s", project=None)
    told = json.loads(run("sandbox", "state").stdout)["locations"]
    assert [one["project"] for one in told] == ["Default", None]
    keys = told[0]["body"]["spec"]["config"]["credentials"]
    assert (keys["accessKey"], keys["secretKey"]) == ("AKIAEXAMPLE", "**********")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fault", "bang"), "'KIND': 'bang' is not one of 'status', 'error', "),
        (("fault", "status", "--status", "99"), "--status: it should be greater than or equal to"),
        (("fault", "status", "--times", "0"), "--times: it should be greater than or equal to 1."),
        (
            ("fault", "reset", "--status", "500"),
            "--status and --retry-after go with `status` alone",
        ),
        (("fault", "stop", "--retry-after", "1"), "--status and --retry-after go with `status`"),
        (("fault", "stop", "--error", "TooManyRequests"), "--error goes with `error` alone."),
        (("fault", "error"), "Name the error with --error; -h lists them."),
        (
            ("fault", "error", "--error", "Boom"),
            "No error called Boom is known here, but of palette:",
        ),
        (("fault", "none", "--times", "2"), "`none` takes no options."),
        (("fault", "stop", "--service", "moon"), "No service called moon runs here, but palette."),
        (("fault", "stop", "--when", "later"), "'--when': 'later' is not one of 'before', 'after'"),
        (("delay", "-1"), "No such option"),
        (("delay", "nan"), "SECONDS: it should be a finite number."),
        (("limit", "--rate", "0"), "--rate: it should be greater than 0."),
        (("limit", "--rate", "inf"), "--rate: it should be a finite number."),
        (("limit", "--burst", "x"), "'--burst': 'x' is not a valid integer."),
        (("knobs", "--bad-key", "500"), "'--bad-key': '500' is not one of '401', '404'."),
        (("knobs", "--location-limit", "-1"), "--location-limit: it should be greater than or"),
        (("cluster", "nope", "prod-1"), "Location with uid nope not found."),
        (("start", "--projects", " ,"), "--projects: give the name of one project at least"),
        (
            ("start", "--clouds", "moon"),
            f"No sandbox for moon; the clouds are: {', '.join(clouds())}.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_the_command(
    run: Run, make: Make, sandbox: Sandbox, arguments: tuple[str, ...], says: str
) -> None:
    refused = run("sandbox", *arguments, ok=False)
    assert says in refused.stderr and not refused.stdout
    assert "Traceback" not in refused.stderr
    assert sandbox.conditions.faults._plan == [] and sandbox.store.options == PaletteOptions()


def test_a_file_leads_to_the_sandbox_as_well(
    run: Run, make: Make, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Path("sandbox.env")
    env.write(here, sandbox.env | {"PALETTE_PROJECT": "two\nlines"}).close()
    for how in (("delay", "1"), ("delay", "2", "--env", "sandbox.env")):
        run("sandbox", *how, env=UNKNOWN)
        assert sandbox.conditions.delay == float(how[1])
    assert env.read(here)["PALETTE_PROJECT"] == "two\nlines"


def gone(sandbox: Sandbox, folder: Path) -> dict[str, str | None]:
    with Sandbox([]) as stopped:
        return dict(stopped.env)


AWAY: dict[str, tuple[Callable[[Sandbox, Path], Any], str]] = {
    "none": (lambda sandbox, folder: UNKNOWN, "No sandbox is known here. Start one with `palette-"),
    "stopped": (gone, "where this shell leads: it was stopped. Start one with"),
    "another": (
        lambda sandbox, folder: {SANDBOX: "the token of another"},
        "where this shell leads: it was stopped.",
    ),
    "real": (
        lambda sandbox, folder: {"PALETTE_HOST": "https://palette.example.com"},
        "$PALETTE_HOST is https://palette.example.com, which is no sandbox of this machine.",
    ),
}


@pytest.mark.parametrize("command", ["reset", "calls"])
@pytest.mark.parametrize("case", AWAY)
def test_where_no_sandbox_runs_is_said(
    run: Run,
    make: Make,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: str,
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    settings, says = AWAY[case]
    make("nightly")
    refused = run("sandbox", command, ok=False, env=settings(sandbox, tmp_path))
    assert says in refused.stderr and refused.stderr.count("\n") == 1
    assert len(sandbox.store.all()) == 1


def test_start_replaces_no_file_that_another_needs(
    run: Run, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = Path("sandbox.env")
    mine.write_text("mine\n")
    start = ("sandbox", "start", "--clouds", "")
    says = "sandbox.env exists and was not written by a sandbox. Remove it, or give another path"
    assert f"{says} with --env." in run(*start, ok=False).stderr
    assert mine.read_text() == "mine\n"
    mine.unlink()
    with env.write(mine, sandbox.env):
        refused = run(*start, ok=False).stderr
    assert "a sandbox that is running" in refused and "another path with --env, or" in refused


def test_a_file_that_is_none_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("export A=1\n")
    for name, says in (
        ("other", "was not written by a sandbox."),
        ("no", "cannot be read."),
    ):
        refused = run("sandbox", "reset", "--env", str(tmp_path / name), ok=False)
        assert f"{tmp_path / name} {says}" in refused.stderr
