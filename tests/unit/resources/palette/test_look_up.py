"""Looking a location up by name, as a program does."""

from typing import Any

import pytest
from pulumi import RunError

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette import look_up
from palette_backup_provider.resources.palette.look_up import FoundLocation, get_backup_location
from tests.unit.resources.palette.tenant import LIST, Given, Tenant, storage


@pytest.fixture
def program(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Given:
    """The clients of the running program."""
    given = Given(Settings(lambda _: None, {}), {PaletteClient: tenant.client()})
    monkeypatch.setattr(look_up, "clients", lambda: given)
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
    uid = tenant.store.projects[project] if project else ""
    assert get_backup_location("n", **asked) == FoundLocation(
        uid=made.id, name="n", kind="s3", is_default=True, project_uid=uid, **notes
    )
    get_backup_location("n", **asked)
    assert tenant.calls(LIST) == 1


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
