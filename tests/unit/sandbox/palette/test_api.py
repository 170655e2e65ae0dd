"""The Palette simulator does what is known of Palette."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from palette_backup_provider.sandbox.palette.options import PaletteOptions
from palette_backup_provider.sandbox.palette.store import Store
from tests.clouds import merged
from tests.unit.sandbox import __name__ as SANDBOX
from tests.unit.sandbox.visitor import LOCATIONS, Visitor, body

SECRETS: dict[str, str] = merged(SANDBOX, "locations", "SECRETS")
DEFAULTS: dict[str, Any] = merged(SANDBOX, "locations", "DEFAULTS")
ALIASES: dict[str, str] = merged(SANDBOX, "locations", "ALIASES")
OTHER = next(kind for kind in SECRETS if kind != "s3")


def credentials_of(visitor: Visitor, kind: str, uid: str) -> dict[str, str]:
    answer = visitor.palette("GET", f"{LOCATIONS}/{kind}/{uid}").json()
    found: dict[str, str] = answer["spec"]["config"]["credentials"]
    return found


@pytest.mark.parametrize("kind", SECRETS)
def test_location_is_created_read_updated_and_deleted(visitor: Visitor, kind: str) -> None:
    uid = visitor.register("one", kind)
    path = f"{LOCATIONS}/{kind}/{uid}"
    assert re.fullmatch("[0-9a-f]{24}", uid)
    assert visitor.palette("GET", path).json()["metadata"] == {"name": "one"}
    assert visitor.palette("PUT", path, body("two", kind)).status_code == 204
    assert [x["metadata"]["name"] for x in visitor.listed()] == ["two"]
    assert visitor.palette("DELETE", f"{LOCATIONS}/s3/{uid}").status_code == 204
    assert visitor.listed() == []
    assert visitor.palette("DELETE", f"{LOCATIONS}/{uid}").status_code == 404


@pytest.mark.parametrize("kind", DEFAULTS)
def test_defaults_are_filled_in(visitor: Visitor, kind: str) -> None:
    uid = visitor.register(kind=kind)
    spec = visitor.palette("GET", f"{LOCATIONS}/{kind}/{uid}").json()["spec"]
    config, credentials = DEFAULTS[kind]
    assert spec["config"].items() >= config.items()
    assert spec["config"]["credentials"].items() >= credentials.items()


def test_path_of_another_kind_does_not_find_a_location(visitor: Visitor) -> None:
    uid = visitor.register()
    answer = visitor.palette("GET", f"{LOCATIONS}/{OTHER}/{uid}")
    assert (answer.status_code, answer.json()["code"]) == (404, "ResourceNotFound")


@pytest.mark.parametrize("kind", SECRETS)
def test_secret_comes_back_masked_and_is_stored_in_clear(visitor: Visitor, kind: str) -> None:
    uid = visitor.register(kind=kind)
    assert credentials_of(visitor, kind, uid)[SECRETS[kind]] == "**********"
    (stored,) = visitor.control("GET", "state").json()["locations"]
    wanted = body("nightly", kind)["spec"]["config"]["credentials"][SECRETS[kind]]
    assert stored["body"]["spec"]["config"]["credentials"][SECRETS[kind]] == wanted


@pytest.mark.parametrize(
    ("mask", "shown"), [("last4", "**********f-s3"), ("empty", ""), ("absent", None)]
)
def test_mask_can_be_chosen(visitor: Visitor, mask: str, shown: str | None) -> None:
    uid = visitor.register()
    visitor.control("POST", "knobs", {"mask": mask})
    assert credentials_of(visitor, "s3", uid).get("secretKey") == shown


def test_masked_secret_that_is_sent_back_is_stored_as_it_came(visitor: Visitor) -> None:
    uid = visitor.register()
    path = f"{LOCATIONS}/s3/{uid}"
    visitor.palette("PUT", path, visitor.palette("GET", path).json())
    (stored,) = visitor.control("GET", "state").json()["locations"]
    assert stored["body"]["spec"]["config"]["credentials"]["secretKey"] == "**********"


def test_state_tells_all_about_a_location(visitor: Visitor) -> None:
    uid = visitor.register(project="team-a", default=True)
    (stored,) = visitor.control("GET", "state").json()["locations"]
    assert {k: v for k, v in stored.items() if k != "body"} == {
        "uid": uid,
        "project": "team-a",
        "kind": "s3",
        "name": "nightly",
        "isDefault": True,
    }


@pytest.mark.parametrize("status", [400, 409, 422])
def test_name_is_taken_once_a_scope(visitor: Visitor, status: int) -> None:
    visitor.control("POST", "knobs", {"duplicate_name": status})
    visitor.register()
    refused = visitor.palette("POST", f"{LOCATIONS}/{OTHER}", body("nightly", OTHER))
    assert (refused.status_code, refused.json()["code"]) == (status, "DuplicateName")
    visitor.register(project="team-a")
    visitor.register(project=None)


def test_name_can_be_taken_twice_if_so_chosen(visitor: Visitor) -> None:
    visitor.control("POST", "knobs", {"duplicate_name": None})
    assert visitor.register() != visitor.register()


def test_a_scope_has_one_default(visitor: Visitor) -> None:
    first = visitor.register("first", default=True)
    elsewhere = visitor.register("first", project="team-a", default=True)
    second = visitor.register("second", default=True)

    def defaults() -> set[str]:
        found = [*visitor.listed(), *visitor.listed("team-a")]
        return {x["metadata"]["uid"] for x in found if x["spec"].get("isDefault")}

    assert defaults() == {second, elsewhere}
    assert (
        visitor.palette("PATCH", f"{LOCATIONS}/{ALIASES['s3']}/{first}/default").status_code == 204
    )
    assert defaults() == {first, elsewhere}
    assert visitor.palette("PATCH", f"{LOCATIONS}/{OTHER}/{first}/default").status_code == 404


def test_false_default_is_not_listed(visitor: Visitor) -> None:
    visitor.register()
    assert "isDefault" not in visitor.listed()[0]["spec"]


def test_scopes_do_not_see_each_other(visitor: Visitor) -> None:
    uid = visitor.register(project=None)
    assert visitor.listed() == []
    assert visitor.palette("GET", f"{LOCATIONS}/s3/{uid}").status_code == 404
    assert len(visitor.listed(None)) == 1
    visitor.control("POST", "knobs", {"list_shows_tenant": True})
    assert len(visitor.listed()) == 1


def test_the_list_may_be_cut_and_leave_out_the_kind(visitor: Visitor) -> None:
    first, _ = visitor.register("first"), visitor.register("second")
    visitor.control("POST", "knobs", {"list_length": 1, "list_shows_kind": False})
    (listed,) = visitor.listed()
    assert (listed["metadata"]["uid"], listed["spec"]) == (first, {})


def test_the_time_of_a_change_may_be_told_in_two_places(visitor: Visitor) -> None:
    uid = visitor.register()
    path, told = f"{LOCATIONS}/s3/{uid}", "lastModifiedTimestamp"
    assert told not in visitor.palette("GET", path).json()["metadata"]
    visitor.control("POST", "knobs", {"get_shows_time": True})
    found = visitor.palette("GET", path).json()
    assert found["metadata"][told] == visitor.listed()[0]["metadata"][told]
    visitor.palette("PUT", path, found)
    assert found["metadata"][told] != visitor.listed()[0]["metadata"][told]


def test_answers_may_have_more_fields(visitor: Visitor) -> None:
    uid = visitor.register()
    visitor.control("POST", "knobs", {"more_fields": True})
    found = visitor.palette("GET", f"{LOCATIONS}/s3/{uid}").json()
    config = found["spec"]["config"]
    assert all("addedLater" in part for part in (found, config, config["credentials"]))
    assert "addedLater" in visitor.listed()[0]["metadata"]
    visitor.control("POST", "knobs", {})
    assert "addedLater" not in visitor.palette("GET", f"{LOCATIONS}/s3/{uid}").json()


def test_unknown_project_is_refused(visitor: Visitor) -> None:
    headers = {"ApiKey": visitor.env["PALETTE_API_KEY"], "ProjectUid": "0" * 24}
    answer = visitor.send("GET", LOCATIONS, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "ProjectNotFoundInTenant")


def test_filter_by_name(visitor: Visitor) -> None:
    visitor.register("one")
    visitor.register("two")
    found = visitor.palette("GET", f"{LOCATIONS}?filters=metadata.name=two").json()["items"]
    assert [x["metadata"]["name"] for x in found] == ["two"]


def test_projects_can_be_looked_up(visitor: Visitor) -> None:
    path = "/v1/dashboard/projects/metadata"
    found = visitor.palette("GET", path, project=None).json()["items"]
    assert [x["metadata"]["name"] for x in found] == ["Default", "team-a"]
    found = visitor.palette("GET", f"{path}?name=team-a", project=None).json()["items"]
    assert [x["metadata"]["name"] for x in found] == ["team-a"]


def test_location_in_use(visitor: Visitor) -> None:
    uid = visitor.register()
    path = f"/v1/spectroclusters/features/backup/locations/{uid}"
    assert visitor.palette("GET", path).json() == {"clusters": []}
    clusters = [{"kind": "spectrocluster", "name": "c1", "uid": "1" * 24}]
    visitor.control("POST", "clusters", {"uid": uid, "clusters": clusters})
    visitor.control("POST", "knobs", {"in_use": "reject"})
    assert visitor.palette("GET", path).json() == {"clusters": clusters}
    refused = visitor.palette("DELETE", f"{LOCATIONS}/s3/{uid}")
    assert (refused.status_code, refused.json()["code"]) == (409, "ResourceInUse")
    visitor.control("POST", "knobs", {"in_use": "allow"})
    assert visitor.palette("DELETE", f"{LOCATIONS}/s3/{uid}").status_code == 204


def test_tenant_has_a_limit_of_locations(visitor: Visitor) -> None:
    visitor.control("POST", "knobs", {"location_limit": 1})
    visitor.register("one")
    refused = visitor.palette("POST", f"{LOCATIONS}/s3", body("two"), "team-a")
    assert refused.json()["code"] == "ResourceLimitExceeded"
    assert "(1)" in refused.json()["message"]


@pytest.mark.parametrize("field", ["bucketName", "region", "credentials"])
def test_missing_field_is_named(visitor: Visitor, field: str) -> None:
    wanted = body("nightly")
    del wanted["spec"]["config"][field]
    refused = visitor.palette("POST", f"{LOCATIONS}/s3", wanted)
    assert (refused.status_code, refused.json()["code"]) == (400, "InvalidRequest")
    assert field in refused.json()["message"]


@pytest.mark.parametrize("nonsense", [[], {"metadata": {}}, {"metadata": {"name": "x"}}, None])
def test_nonsense_is_refused(visitor: Visitor, nonsense: object) -> None:
    refused = visitor.palette("POST", f"{LOCATIONS}/s3", nonsense)
    assert (refused.status_code, refused.json()["code"]) == (400, "InvalidRequest")
    assert len(refused.json()["ref"]) == 64
    assert refused.json()["details"] is None


def test_changes_move_the_timestamp() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    store = Store(lambda: now)
    location = store.create(None, "s3", body("nightly"))
    assert location.created == location.modified == "2026-11-23T12:00:00.000Z"
    now += timedelta(milliseconds=1500)
    store.update(location, body("nightly"))
    assert location.created == "2026-11-23T12:00:00.000Z"
    assert location.modified == "2026-11-23T12:00:01.500Z"
    store.options = PaletteOptions(whole_seconds=True)
    store.make_default(location)
    assert location.modified == "2026-11-23T12:00:01.000Z"


def test_reset_forgets_everything(visitor: Visitor) -> None:
    visitor.control("POST", "knobs", {"in_use": "reject"})
    visitor.register()
    visitor.control("POST", "reset")
    assert visitor.listed() == []
    assert visitor.sandbox.store.options.in_use == "allow"
