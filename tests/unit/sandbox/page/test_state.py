"""What the page is told: all that people look for, no secret, nothing that steers."""

import json
from typing import Any

import pytest
import requests

from palette_backup_provider.core.text import plain
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.palette.errors import not_valid
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.palette.validation import HISTORY
from tests.clouds import in_some_folders, merged
from tests.unit.core.test_text import HOSTILE
from tests.unit.sandbox import __name__ as SANDBOX
from tests.unit.sandbox.visitor import CLOUD, KIND, LOCATIONS, TIMEOUT, Visitor, body

ON_CLOUDS = in_some_folders(SANDBOX, "locations")
SECRETS: dict[str, str] = merged(SANDBOX, "locations", "SECRETS")
JUDGED = next(kind for kind in KINDS if kind != KIND and KINDS[kind].validate)
UNJUDGED = next(kind for kind in KINDS if not KINDS[kind].validate)
"""A kind that Palette has a validate call for, and one that it has none for."""


def told(visitor: Visitor) -> dict[str, Any]:
    answer = requests.get(f"{visitor.sandbox.page}/state", timeout=TIMEOUT)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def locations(visitor: Visitor) -> list[dict[str, Any]]:
    return [one for scope in told(visitor)["scopes"] for one in scope["locations"]]


def registered(credentials: dict[str, str]) -> dict[str, Any]:
    """The body of a location with these credentials."""
    wanted = body("nightly")
    wanted["spec"]["config"]["credentials"] = credentials
    return wanted


def validate(visitor: Visitor, kind: str, subject: str) -> None:
    """Ask Palette of credentials for that bucket, or of that client."""
    cloud = ON_CLOUDS[KINDS[kind].cloud]
    path, wanted = cloud.VALIDATED
    visitor.palette("POST", path, {**wanted, cloud.SUBJECT: subject})


def subject_of(kind: str) -> str:
    """What a validate call for a location is about."""
    call, config = KINDS[kind].validate, body("x", kind)["spec"]["config"]
    return call.subject_of(config) if call else ""


def test_locations_are_in_their_scopes(visitor: Visitor) -> None:
    assert [scope["project"] for scope in told(visitor)["scopes"]] == ["Default", "team-a"]
    uid = visitor.register("in-default", default=True)
    visitor.register("in-team", JUDGED, project="team-a")
    visitor.register("in-tenant", UNJUDGED, project=None)
    scopes = told(visitor)["scopes"]
    names = {scope["project"]: [one["name"] for one in scope["locations"]] for scope in scopes}
    assert names == {"Default": ["in-default"], "team-a": ["in-team"], None: ["in-tenant"]}
    first, second, third = locations(visitor)
    assert (first["uid"], first["default"]) == (uid, True)
    assert first["cloud"] == clouds()[CLOUD].title
    assert second["cloud"] == clouds()[KINDS[JUDGED].cloud].title
    config = body("in-team", JUDGED)["spec"]["config"]
    assert second["bucket"] == KINDS[JUDGED].place(config)
    assert second["behind"] is None and second["can_be_validated"]
    assert not third["can_be_validated"]


def test_validations_are_told_newest_first(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["no such bucket", ""]

    def judge(_: object) -> None:
        if why := said.pop(0):
            raise not_valid(why)

    monkeypatch.setitem(visitor.sandbox.validation.validators, CLOUD, judge)
    visitor.register()
    assert locations(visitor)[0]["verdict"] is None and told(visitor)["validations"] == []
    validate(visitor, KIND, subject_of(KIND))
    refused = locations(visitor)[0]["verdict"]
    assert not refused["valid"] and "no such bucket" in refused["message"]
    validate(visitor, KIND, subject_of(KIND))
    newest, oldest = told(visitor)["validations"]
    assert (newest, oldest) == (locations(visitor)[0]["verdict"], refused)
    assert newest["valid"] and newest["at"] >= oldest["at"]
    assert newest["subject"] == oldest["subject"] == subject_of(KIND)
    assert newest["cloud"] == clouds()[CLOUD].title


def test_the_history_is_short_and_the_last_verdict_stays(visitor: Visitor) -> None:
    visitor.register(kind=JUDGED)
    for subject in [subject_of(JUDGED), *(f"other-{number}" for number in range(HISTORY))]:
        validate(visitor, JUDGED, subject)
    assert len(told(visitor)["validations"]) == HISTORY
    assert locations(visitor)[0]["verdict"]["subject"] == subject_of(JUDGED)
    visitor.control("POST", "reset")
    assert told(visitor)["validations"] == []


def test_what_disturbs_is_told(visitor: Visitor) -> None:
    calm = told(visitor)
    assert (calm["delay"], calm["faults"], calm["limit"], calm["held"]) == (0, [], None, 0)
    assert list(calm["calls"]) == [CLOUD, "palette"]
    visitor.plan({"fault": "status", "status": 429, "service": "palette", "times": 2, "at": 2})
    visitor.control("POST", "delay", {"seconds": 1.5})
    visitor.control("POST", "limit", {"rate": 2})
    for struck in (0, 0, 1, 2, 2):
        now = told(visitor)
        (fault,) = now["faults"]
        assert (fault["fault"], fault["status"], fault["struck"]) == ("status", 429, struck)
        visitor.palette("GET", LOCATIONS)
    assert (now["delay"], now["limit"]["rate"]) == (1.5, 2)
    assert now["calls"]["palette"] == [f"GET {LOCATIONS}"]


def test_clusters_are_told_by_name(visitor: Visitor) -> None:
    uid = visitor.register()
    clusters = [{"name": "prod-1", "uid": "a"}, {"uid": "without a name"}]
    visitor.control("POST", "clusters", {"uid": uid, "clusters": clusters})
    assert locations(visitor)[0]["clusters"] == ["prod-1", ""]


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_told(visitor: Visitor, kind: str) -> None:
    visitor.register("other", kind)
    visitor.register()
    validate(visitor, KIND, subject_of(KIND))
    text = json.dumps(told(visitor))
    for one in {kind, KIND}:
        credentials = body("x", one)["spec"]["config"]["credentials"]
        secret = set(credentials) & {*SECRETS.values(), "accessKey"}
        assert secret
        assert not [name for name in secret if credentials[name] in text]
    assert visitor.env["PALETTE_API_KEY"] not in text
    assert visitor.sandbox.token not in text


def test_text_of_others_steers_nothing(visitor: Visitor) -> None:
    wanted = body(HOSTILE)
    wanted["spec"]["config"] |= {"bucketName": HOSTILE, "region": HOSTILE}
    uid = visitor.palette("POST", f"{LOCATIONS}/s3", wanted).json()["uid"]
    clusters = {"uid": uid, "clusters": [{"name": HOSTILE}]}
    visitor.control("POST", "clusters", clusters)
    validate(visitor, KIND, HOSTILE)
    visitor.plan({"fault": "reset", "call": HOSTILE})
    now = told(visitor)
    (one,) = now["scopes"][0]["locations"]
    shown = [one["name"], one["bucket"], one["region"], *one["clusters"]]
    shown += [now["validations"][0]["subject"], now["faults"][0]["call"]]
    assert set(shown) == {plain(HOSTILE)}


@pytest.mark.parametrize("odd", [["a"], {"a": 1}, 7])
@pytest.mark.parametrize("kind", SECRETS)
def test_a_config_of_the_wrong_shape_breaks_nothing(visitor: Visitor, kind: str, odd: Any) -> None:
    wanted = body("odd", kind)
    config = wanted["spec"]["config"]
    config |= {name: odd for name in config if name != "credentials"}
    config["credentials"] = {name: odd for name in (*config["credentials"], "sts")}
    assert visitor.palette("POST", f"{LOCATIONS}/{kind}", wanted).status_code == 201
    (one,) = locations(visitor)
    assert isinstance(one["bucket"], str) and isinstance(one["region"], str)
    wanted["spec"]["config"]["credentials"] |= {"credentialType": "sts"}
    wanted["metadata"]["name"] = "odder"
    assert visitor.palette("POST", f"{LOCATIONS}/{kind}", wanted).status_code == 201
    assert locations(visitor)[1]["name"] == "odder"
