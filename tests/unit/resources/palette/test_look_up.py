"""Looking a location up by name, as a program does."""

from typing import Any

import pytest
from pulumi import RunError

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.core.text import plain
from palette_backup_provider.resources.palette import look_up
from palette_backup_provider.resources.palette.look_up import FoundLocation, get_backup_location
from tests.unit.clients.loopback import Reply, serve
from tests.unit.core.test_text import HOSTILE
from tests.unit.resources.palette.tenant import LIST, Given, Tenant, storage


@pytest.fixture
def program(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Given:
    """The clients of the running program."""
    given = Given(Settings(lambda _: None, {}), {PaletteClient: tenant.client()})
    monkeypatch.setattr(look_up, "run_of_program", lambda: given)
    return given


@pytest.mark.parametrize(
    ("made_in", "asked", "project"),
    [
        ({}, {}, "Default"),
        ({"project": "team-a"}, {"project": "team-a"}, "team-a"),
        ({"scope": "tenant"}, {"scope": "tenant"}, None),
    ],
)
def test_it_tells_what_palette_lists(
    tenant: Tenant,
    program: Given,
    made_in: dict[str, Any],
    asked: dict[str, Any],
    project: str | None,
) -> None:
    notes = {"labels": {"l": "1"}, "annotations": {"a": "2"}}
    made = tenant.stack().create(**storage(), name="n", is_default=True, **notes, **made_in)
    uid, listed = tenant.store.projects[project] if project else "", tenant.calls(LIST)
    assert get_backup_location("n", **asked) == FoundLocation(
        uid=made.id, name="n", kind="s3", is_default=True, project_uid=uid, **notes
    )
    get_backup_location("n", **asked)
    assert tenant.calls(LIST) - listed == 1


def test_what_is_bare_has_nothing(tenant: Tenant, program: Given) -> None:
    uid = tenant.others("theirs")
    found = get_backup_location("theirs", tenant.store.projects["Default"])
    assert (found.uid, found.is_default) == (uid, False)
    assert (found.labels, found.annotations) == ({}, {})


def test_none_of_that_name(tenant: Tenant, program: Given) -> None:
    with pytest.raises(RunError, match=r"no location 'x' in this scope\. There are: none\."):
        get_backup_location("x")
    for name, project in (("b", "Default"), ("a", "Default"), ("x", "team-a")):
        tenant.others(name, project=project)
    program.given[PaletteClient] = tenant.client()
    with pytest.raises(RunError, match=r"There are: a, b\."):
        get_backup_location("x")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("nightly", "Did you mean nightly-0a1b2c3d4e? There are: Weekly-backups, nightly-0a1b2c3d"),
        ("nightly-ffffffffff", "Did you mean nightly-0a1b2c3d4e? There are: "),
        ("nigthly", "Did you mean nightly-0a1b2c3d4e? There are: "),
        ("weekly-backup", "Did you mean Weekly-backups? There are: "),
        ("other", "in this scope. There are: "),
    ],
)
def test_names_that_may_be_meant(tenant: Tenant, program: Given, asked: str, says: str) -> None:
    for name in ("Weekly-backups", "nightly-0a1b2c3d4e"):
        tenant.others(name)
    with pytest.raises(RunError) as refused:
        get_backup_location(asked)
    assert says in str(refused.value)


def test_of_many_names_those_that_are_near_are_told_first(tenant: Tenant, program: Given) -> None:
    for number in range(21):
        tenant.others(f"a-{number:02}")
    tenant.others("zebra-0a1b2c3d4e")
    with pytest.raises(RunError) as refused:
        get_backup_location("zebra")
    told = str(refused.value)
    assert "Did you mean zebra-0a1b2c3d4e? There are: a-00, " in told
    assert told.endswith("a-19 and 2 more.")


def test_names_of_others_steer_no_terminal(tenant: Tenant, program: Given) -> None:
    tenant.others(HOSTILE)
    with pytest.raises(RunError) as refused:
        get_backup_location("x")
    assert str(refused.value).endswith(f"There are: {plain(HOSTILE)}.")


def test_two_of_one_name(tenant: Tenant, program: Given) -> None:
    tenant.knobs(duplicate_name=None)
    one, two = tenant.others("n"), tenant.others("n")
    with pytest.raises(RunError, match=rf"2 .* called 'n' \({one}, {two}\); use .*\.get with"):
        get_backup_location("n")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"project": "absent"}, "no project 'absent'"),
        ({"project": "Default", "scope": "tenant"}, "'tenant' and a project exclude each other"),
    ],
)
def test_a_scope_that_cannot_be(program: Given, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(RunError, match=rf"get_backup_location\('n'\): .*{says}"):
        get_backup_location("n", **asked)


def test_without_any_project(tenant: Tenant, program: Given) -> None:
    program.given[PaletteClient] = tenant.client(project="")
    with pytest.raises(RunError, match=r"palette:project.*scope='tenant'"):
        get_backup_location("n")


def test_a_refused_key_is_not_repeated(
    tenant: Tenant, program: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tenant.sandbox.access.api_key
    monkeypatch.setattr(tenant.sandbox.access, "api_key", "another-key-than-the-client-s")
    with pytest.raises(RunError, match="refused the API key") as refused:
        get_backup_location("n")
    assert key not in str(refused.value)


@pytest.mark.parametrize(
    ("call", "body", "says"),
    [
        ("GET /v1/dashboard/projects/metadata", {"items": [{}]}, "items.0.metadata is missing"),
        (f"GET {LOCATIONS}", {"items": [None]}, "items.0 should be an object"),
    ],
)
def test_an_answer_of_the_wrong_shape_is_one_readable_line(
    monkeypatch: pytest.MonkeyPatch, call: str, body: Any, says: str
) -> None:
    with serve() as palette:
        found = {"items": [{"metadata": {"name": "Default", "uid": "p1"}}]}
        palette.on("GET /v1/dashboard/projects/metadata", Reply(200, found))
        palette.on(call, Reply(200, body))
        config = {"palette:host": palette.url, "palette:apiKey": "the-key-of-the-tenant"}
        run = Run(Settings(config.get, {"PALETTE_PROJECT": "Default"}))
        monkeypatch.setattr(look_up, "run_of_program", lambda: run)
        with pytest.raises(RunError) as caught:
            get_backup_location("n")
    assert str(caught.value).startswith("get_backup_location('n'): Palette at 127.0.0.1")
    assert says in str(caught.value) and "\n" not in str(caught.value)
