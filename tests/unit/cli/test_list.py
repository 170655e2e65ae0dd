import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from palette_backup_provider.cli import main
from palette_backup_provider.cli.list import TABLE, age
from palette_backup_provider.clients.palette.client import LOCATIONS
from palette_backup_provider.core.text import plain
from palette_backup_provider.resources.palette.location.calls import CLUSTERS
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.cli.conftest import Make, Run
from tests.unit.clients.loopback import Reply, serve
from tests.unit.core.test_text import HOSTILE

DEEP: Any = []
for _ in range(300):
    DEEP = [DEEP]


def item(uid: str) -> dict[str, Any]:
    """A location, as Palette lists it."""
    return {"metadata": {"name": "n", "uid": uid}, "spec": {"type": "s3"}}


def test_a_table_of_a_project(run: Run, make: Make, sandbox: Sandbox) -> None:
    project = sandbox.store.projects["Default"]
    weekly = make("weekly [red]", bucketName="a-bucket")
    make("the-tenant-s", project=None)
    nightly = make("nightly", mark="acme/shop/dev/nightly:ab12cd@0123456789")
    sandbox.store.find(project, nightly).clusters = [
        {"name": "prod-2", "uid": "2"},
        {"name": "prod-1", "uid": "1"},
    ]
    sandbox.store.find(project, nightly).created = "2001-01-01T00:00:00.000Z"
    sandbox.store.find(project, weekly).created = "just now"
    days = (datetime.now(UTC) - datetime(2001, 1, 1, tzinfo=UTC)).days
    for how in ("Default", project):
        header, first, second = run("list", "--project", how).stdout.splitlines()
        assert header.split("\t") == [
            *("UID", "NAME", "PROJECT", "KIND", "BUCKET", "REGION"),
            *("OWNER", "AGE", "DEFAULT", "CLUSTERS"),
        ]
        assert first.split("\t") == [
            *(nightly, "nightly", "Default", "s3", "b", "eu-west-1"),
            *("acme/shop/dev/nightly", f"{days}d", "-", "prod-1,prod-2"),
        ]
        assert second.split("\t") == [
            *(weekly, "weekly [red]", "Default", "s3", "a-bucket", "eu-west-1"),
            *("-", "?", "-", "-"),
        ]


def test_other_programs_find_every_column_in_its_place(run: Run, make: Make) -> None:
    uid = make("n" * 60, bucketName="b" * 60)
    (_, line) = run("list").stdout.splitlines()
    assert line.split()[:5] == [uid, "n" * 60, "Default", "s3", "b" * 60]
    assert len(line.split()) == len(line.split("\t")) == len(TABLE)


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(seconds=-5), "0s"),
        (timedelta(seconds=59), "59s"),
        (timedelta(seconds=60), "1m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=23, minutes=59), "23h"),
        (timedelta(days=1), "1d"),
        (timedelta(days=400), "400d"),
    ],
)
def test_age_is_in_the_largest_unit(ago: timedelta, told: str) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert age((now - ago).isoformat().replace("+00:00", "Z"), now) == told


@pytest.mark.parametrize("created", [None, "", "yesterday", 7, "2026-11-23T12:00:00"])
def test_what_is_no_time_has_no_age(created: Any) -> None:
    assert age(created, datetime(2026, 11, 23, 12, tzinfo=UTC)) == "?"


def test_json_of_the_tenant(run: Run, make: Make, sandbox: Sandbox) -> None:
    uid = make("the-tenant-s", project=None)
    sandbox.store.make_default(sandbox.store.find(None, uid))
    assert json.loads(run("list", "--tenant", "--json").stdout) == [
        {
            "uid": uid,
            "name": "the-tenant-s",
            "project": None,
            "kind": "s3",
            "bucket": "b",
            "region": "eu-west-1",
            "owner": None,
            "created": sandbox.store.find(None, uid).created,
            "default": True,
            "clusters": [],
        }
    ]


def test_an_empty_project(run: Run) -> None:
    told = run("list", "--project", "team-a")
    assert (told.stdout, told.stderr) == ("", "There is no backup location.\n")
    assert json.loads(run("list", "--project", "team-a", "--json").stdout) == []


def test_what_cannot_be_read_is_listed_all_the_same(run: Run, make: Make, sandbox: Sandbox) -> None:
    make("the-tenant-s", project=None)
    sandbox.store.options = sandbox.store.options.model_copy(update={"list_shows_tenant": True})
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["name"], row["bucket"], row["region"]) == ("the-tenant-s", None, None)
    (_, line) = run("list").stdout.splitlines()
    assert line.split("\t")[3:7] == ["s3", "?", "?", "-"]


def test_the_key_may_come_on_standard_input(run: Run, make: Make, sandbox: Sandbox) -> None:
    make("nightly")
    absent = {"PALETTE_API_KEY": None}
    assert "nightly" in run("list", env=absent, input=f"{sandbox.access.api_key}\n").stdout
    assert "Set $PALETTE_API_KEY" in run("list", env=absent, ok=False).stderr


@pytest.mark.parametrize(
    ("arguments", "env", "says"),
    [
        ([], {"PALETTE_PROJECT": None}, "Give --project, $PALETTE_PROJECT or --tenant"),
        (["--project", "nope"], {}, "no project 'nope'"),
        (["--project", "Default", "--tenant"], {}, "--tenant and --project exclude each other"),
        ([], {"PALETTE_API_KEY": "wrong-key-of-mine"}, "API key"),
        (["--host", "https://127.0.0.1:9/path"], {}, "--host or $PALETTE_HOST is not usable"),
    ],
)
def test_a_refusal_is_one_readable_line(
    run: Run, arguments: list[str], env: dict[str, str | None], says: str
) -> None:
    refused = run("list", *arguments, env=env, ok=False)
    assert says in refused.stderr
    assert refused.stderr.startswith("Error: ")
    assert "Traceback" not in refused.output


def test_names_of_others_steer_no_terminal(run: Run, make: Make, sandbox: Sandbox) -> None:
    uid = make(HOSTILE, bucketName=f"bucket{HOSTILE}")
    project = sandbox.store.projects["Default"]
    sandbox.store.find(project, uid).clusters = [{"name": f"c{HOSTILE}", "uid": "1"}]
    (_, line) = run("list").stdout.splitlines()
    shown = plain(HOSTILE)
    cells = line.split("\t")
    assert (cells[:5], cells[-1]) == ([uid, shown, "Default", "s3", f"bucket{shown}"], f"c{shown}")
    json_text = run("list", "--json").stdout
    assert all(c.isprintable() or c == "\n" for c in json_text)
    assert json.loads(json_text)[0]["name"] == HOSTILE


WRONG: dict[str, tuple[str, Any, str]] = {
    "null for a list": ("GET /v1/dashboard/projects/metadata", {"items": None}, "items should be"),
    "no uid": (
        f"GET {LOCATIONS}",
        {"items": [{"metadata": {"name": "n"}, "spec": {}}]},
        "items.0.metadata.uid is missing",
    ),
    "a number for text": (
        f"GET {LOCATIONS}/s3/u1",
        {"metadata": {"name": "n"}, "spec": {"config": {"bucketName": 7, "region": "r"}}},
        "spec.config.bucketName should be a text",
    ),
    "too deep": (f"GET {LOCATIONS}", {"items": [DEEP]}, "nested too deeply"),
    "a path for a uid": (f"GET {LOCATIONS}", {"items": [item("../x")]}, "items.0.metadata.uid"),
    "a list for a map": (f"GET {CLUSTERS}/u1", [], "it should be an object"),
}


@pytest.mark.parametrize("command", [["list"], ["list", "--json"], ["import", "u1"]], ids=" ".join)
@pytest.mark.parametrize(("call", "body", "says"), WRONG.values(), ids=WRONG)
def test_an_answer_of_the_wrong_shape_is_one_readable_line(
    command: list[str], call: str, body: Any, says: str
) -> None:
    if command[0] == "import" and CLUSTERS in call:
        pytest.skip("it asks for no clusters")
    config = {"bucketName": "b", "region": "eu-west-1"}
    right = {"metadata": {"name": "n", "uid": "u1"}, "spec": {"type": "s3", "config": config}}
    projects = {"items": [{"metadata": {"name": "Default", "uid": "p1"}}]}
    with serve() as palette:
        palette.on("GET /v1/dashboard/projects/metadata", Reply(200, projects))
        palette.on(f"GET {LOCATIONS}", Reply(200, {"items": [item("u1")]}))
        palette.on(f"GET {LOCATIONS}/s3/u1", Reply(200, right))
        palette.on(f"GET {CLUSTERS}/u1", Reply(200, {"clusters": []}))
        palette.on(call, Reply(200, body))
        environment = {
            "PALETTE_HOST": palette.url,
            "PALETTE_API_KEY": "the-key-of-the-tenant",
            "PALETTE_PROJECT": "Default",
        }
        refused = CliRunner().invoke(main, command, env=environment)
    assert refused.exit_code == 1 and not refused.stdout
    assert refused.stderr.startswith(
        f"Error: Palette at {palette.url.removeprefix('http://')} {call}: the answer could not be "
        f"read: "
    )
    assert says in refused.stderr and refused.stderr.count("\n") == 1
