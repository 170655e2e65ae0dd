import json

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.cli.conftest import Make, Run


def test_a_table_of_a_project(run: Run, make: Make, sandbox: Sandbox) -> None:
    uid = make("weekly [red]", bucketName="a-bucket")
    make("the-tenant-s", project=None)
    nightly = make("nightly")
    sandbox.store.find(sandbox.store.projects["Default"], nightly).clusters = [
        {"name": "prod-2", "uid": "2"},
        {"name": "prod-1", "uid": "1"},
    ]
    header, first, second = run("list").stdout.splitlines()
    assert header.split() == ["UID", "NAME", "KIND", "BUCKET", "DEFAULT", "CLUSTERS"]
    assert first.split() == [nightly, "nightly", "s3", "b", "prod-1,", "prod-2"]
    assert second.split() == [uid, "weekly", "[red]", "s3", "a-bucket"]


def test_a_location_is_one_line_for_other_programs(run: Run, make: Make) -> None:
    uid = make("n" * 60, bucketName="b" * 60)
    (_, line) = run("list").stdout.splitlines()
    assert line.split() == [uid, "n" * 60, "s3", "b" * 60]


def test_json_of_the_tenant(run: Run, make: Make, sandbox: Sandbox) -> None:
    uid = make("the-tenant-s", project=None)
    sandbox.store.make_default(sandbox.store.find(None, uid))
    assert json.loads(run("list", "--tenant", "--json").stdout) == [
        {
            "uid": uid,
            "name": "the-tenant-s",
            "kind": "s3",
            "bucket": "b",
            "default": True,
            "clusters": [],
        }
    ]


def test_an_empty_project(run: Run) -> None:
    assert run("list", "--project", "team-a").stdout == "There is no backup location.\n"
    assert json.loads(run("list", "--project", "team-a", "--json").stdout) == []


def test_what_cannot_be_read_is_listed_all_the_same(run: Run, make: Make, sandbox: Sandbox) -> None:
    make("the-tenant-s", project=None)
    sandbox.store.knobs = sandbox.store.knobs.model_copy(update={"list_shows_tenant": True})
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["name"], row["bucket"]) == ("the-tenant-s", None)


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
        (["--host", "https://127.0.0.1:9/path"], {}, "palette:host is not usable"),
    ],
)
def test_a_refusal_is_one_readable_line(
    run: Run, arguments: list[str], env: dict[str, str | None], says: str
) -> None:
    refused = run("list", *arguments, env=env, ok=False)
    assert says in refused.stderr
    assert refused.stderr.startswith("Error: ")
    assert "Traceback" not in refused.output
