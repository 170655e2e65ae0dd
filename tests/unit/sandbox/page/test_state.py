"""What the page is told: all that people look for, no secret, nothing that steers."""

import json
import time
from typing import Any

import pytest
import requests

from palette_backup_provider.core.text import plain
from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.palette.validation import HISTORY
from tests.clouds import merged
from tests.unit.core.test_text import HOSTILE
from tests.unit.sandbox import __name__ as SANDBOX
from tests.unit.sandbox.visitor import LOCATIONS, TIMEOUT, Visitor, allow, body

SECRETS: dict[str, str] = merged(SANDBOX, "locations", "SECRETS")
JUDGED = next(kind for kind in KINDS if kind != "s3" and KINDS[kind].validate)
UNJUDGED = next(kind for kind in KINDS if not KINDS[kind].validate)
"""A kind that Palette has a validate call for, and one that it has none for."""


def told(visitor: Visitor) -> dict[str, Any]:
    answer = requests.get(f"{visitor.sandbox.page}/state", timeout=TIMEOUT)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def locations(visitor: Visitor) -> list[dict[str, Any]]:
    return [one for scope in told(visitor)["scopes"] for one in scope["locations"]]


def registered(keys: tuple[str, str], bucket: str = "some-bucket") -> dict[str, Any]:
    """The body of a location with that access key."""
    wanted = body("nightly")
    config = wanted["spec"]["config"]
    config["bucketName"] = bucket
    config["credentials"] = {"accessKey": keys[0], "secretKey": keys[1]}
    return wanted


def validate(visitor: Visitor, keys: tuple[str, str], bucket: str = "some-bucket") -> None:
    credentials = {"accessKey": keys[0], "secretKey": keys[1]}
    wanted = {"bucket": bucket, "region": "us-east-1", "credentials": credentials}
    visitor.palette("POST", "/v1/clouds/aws/s3/validate", wanted)


def test_locations_are_in_their_scopes(visitor: Visitor) -> None:
    assert [scope["project"] for scope in told(visitor)["scopes"]] == ["Default", "team-a"]
    uid = visitor.register("in-default", default=True)
    visitor.register("in-team", JUDGED, project="team-a")
    visitor.register("in-tenant", UNJUDGED, project=None)
    scopes = told(visitor)["scopes"]
    names = {scope["project"]: [one["name"] for one in scope["locations"]] for scope in scopes}
    assert names == {"Default": ["in-default"], "team-a": ["in-team"], None: ["in-tenant"]}
    first, second, third = locations(visitor)
    assert (first["uid"], first["cloud"], first["default"]) == (uid, "AWS", True)
    assert second["cloud"] == clouds()[KINDS[JUDGED].cloud].title
    config = body("in-team", JUDGED)["spec"]["config"]
    assert second["bucket"] == KINDS[JUDGED].place(config)
    assert second["behind"] is None and second["can_be_validated"]
    assert not third["can_be_validated"]


def test_what_is_behind_a_location_with_a_key(visitor: Visitor) -> None:
    keys = visitor.new_user("velero", allow("s3:*"))
    visitor.palette("POST", f"{LOCATIONS}/s3", registered(keys))
    (one,) = locations(visitor)
    behind = one["behind"]
    assert (behind["bucket"], behind["identity"], behind["retiring"]) == (False, "velero", [])
    assert behind["credential"]["id"] == f"…{keys[0][-4:]}"
    assert abs(behind["credential"]["made"] - time.time()) < 60
    assert behind["credential"]["ends"] is None
    visitor.aws("s3").create_bucket(Bucket="some-bucket")
    assert locations(visitor)[0]["behind"]["bucket"]
    iam = visitor.aws("iam")
    iam.update_access_key(UserName="velero", AccessKeyId=keys[0], Status="Inactive")
    assert locations(visitor)[0]["behind"]["credential"] is None


def test_a_rotated_key_retires_until_it_is_revoked(visitor: Visitor) -> None:
    old = visitor.new_user("velero")
    uid = visitor.palette("POST", f"{LOCATIONS}/s3", registered(old)).json()["uid"]
    iam = visitor.aws("iam")
    made = iam.create_access_key(UserName="velero")["AccessKey"]
    new = registered((made["AccessKeyId"], made["SecretAccessKey"]))
    for _ in "12":  # an update that changes nothing replaces nothing
        visitor.palette("PUT", f"{LOCATIONS}/s3/{uid}", new)
    (one,) = locations(visitor)
    (retiring,) = one["behind"]["retiring"]
    assert one["behind"]["credential"]["id"] == f"…{made['AccessKeyId'][-4:]}"
    assert retiring["id"] == f"…{old[0][-4:]}"
    assert retiring["made"] <= retiring["replaced"] <= one["modified"]
    iam.delete_access_key(UserName="velero", AccessKeyId=old[0])
    assert locations(visitor)[0]["behind"]["retiring"] == []


def test_what_is_behind_a_location_with_a_role(visitor: Visitor) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = visitor.aws("iam").create_role(RoleName="velero", AssumeRolePolicyDocument=trust)
    wanted = body("sts")
    for arn, identity in ((role["Role"]["Arn"], "velero"), ("arn:aws:iam::1:role/none", "")):
        credentials = {"credentialType": "sts", "sts": {"arn": arn}}
        wanted["spec"]["config"]["credentials"] = credentials
        wanted["metadata"]["name"] = f"sts-{identity}"
        visitor.palette("POST", f"{LOCATIONS}/s3", wanted)
        one = locations(visitor)[-1]
        assert (one["keyless"], one["behind"]["identity"]) == (True, identity)
        assert one["behind"]["credential"] is None


def test_validations_are_told_newest_first(visitor: Visitor) -> None:
    visitor.register()
    assert locations(visitor)[0]["verdict"] is None and told(visitor)["validations"] == []
    keys = visitor.new_user("u", allow("s3:ListBucket"))
    validate(visitor, keys)
    refused = locations(visitor)[0]["verdict"]
    assert not refused["valid"] and "NoSuchBucket" in refused["message"]
    visitor.aws("s3").create_bucket(Bucket="some-bucket")
    validate(visitor, keys)
    history = told(visitor)["validations"]
    assert history[0] == locations(visitor)[0]["verdict"]
    assert [(one["subject"], one["valid"]) for one in history] == [
        ("some-bucket", True),
        ("some-bucket", False),
    ]
    assert history[0]["at"] >= history[1]["at"] and history[0]["cloud"] == "AWS"


def test_the_history_is_short_and_the_last_verdict_stays(visitor: Visitor) -> None:
    visitor.register(kind="gcp")
    for bucket in ["some-bucket", *(f"other-{number}" for number in range(HISTORY))]:
        wanted = {"bucketName": bucket, "credentials": {"jsonCredentials": "{}"}}
        visitor.palette("POST", "/v1/clouds/gcp/bucketname/validate", wanted)
    assert len(told(visitor)["validations"]) == HISTORY
    assert locations(visitor)[0]["verdict"]["subject"] == "some-bucket"
    visitor.control("POST", "reset")
    assert told(visitor)["validations"] == []


def test_what_disturbs_is_told(visitor: Visitor) -> None:
    calm = told(visitor)
    assert (calm["delay"], calm["faults"], calm["limit"], calm["held"]) == (0, [], None, 0)
    assert list(calm["calls"]) == ["aws", "palette"]
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
    keys = visitor.new_user("velero")
    wanted = registered(keys)
    assert visitor.palette("POST", f"{LOCATIONS}/s3", wanted).status_code == 201
    validate(visitor, keys)
    text = json.dumps(told(visitor))
    assert keys[0][-4:] in text
    credentials = body("x", kind)["spec"]["config"]["credentials"]
    secret = set(credentials) & {*SECRETS.values(), "accessKey"}
    assert secret
    assert not [name for name in secret if credentials[name] in text]
    assert not [one for one in (*keys, *visitor.keys("AWS")) if one in text]
    assert visitor.env["PALETTE_API_KEY"] not in text
    assert visitor.sandbox.token not in text


def test_text_of_others_steers_nothing(visitor: Visitor) -> None:
    wanted = body(HOSTILE)
    wanted["spec"]["config"] |= {"bucketName": HOSTILE, "region": HOSTILE}
    uid = visitor.palette("POST", f"{LOCATIONS}/s3", wanted).json()["uid"]
    clusters = {"uid": uid, "clusters": [{"name": HOSTILE}]}
    visitor.control("POST", "clusters", clusters)
    validate(visitor, ("AKIAEXAMPLE", "x"), HOSTILE)
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
