"""What is behind a location on AWS, as the page is told of it."""

import json
import time

from tests.unit.sandbox.aws.locations import VALIDATED
from tests.unit.sandbox.aws.visitor import AwsVisitor, held
from tests.unit.sandbox.page.test_state import locations, registered, told
from tests.unit.sandbox.visitor import LOCATIONS, allow, body


def validate(visitor: AwsVisitor, keys: tuple[str, str]) -> None:
    path, wanted = VALIDATED
    visitor.palette("POST", path, {**wanted, "credentials": held(keys)})


def test_a_key(visitor: AwsVisitor) -> None:
    keys = visitor.new_user("velero", allow("s3:*"))
    visitor.palette("POST", f"{LOCATIONS}/s3", registered(held(keys)))
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


def test_a_rotated_key_retires_until_it_is_revoked(visitor: AwsVisitor) -> None:
    old = visitor.new_user("velero")
    uid = visitor.palette("POST", f"{LOCATIONS}/s3", registered(held(old))).json()["uid"]
    iam = visitor.aws("iam")
    made = iam.create_access_key(UserName="velero")["AccessKey"]
    new = registered(held((made["AccessKeyId"], made["SecretAccessKey"])))
    for _ in "12":  # an update that changes nothing replaces nothing
        visitor.palette("PUT", f"{LOCATIONS}/s3/{uid}", new)
    (one,) = locations(visitor)
    (retiring,) = one["behind"]["retiring"]
    assert one["behind"]["credential"]["id"] == f"…{made['AccessKeyId'][-4:]}"
    assert retiring["id"] == f"…{old[0][-4:]}"
    assert retiring["made"] <= retiring["replaced"] <= one["modified"]
    iam.delete_access_key(UserName="velero", AccessKeyId=old[0])
    assert locations(visitor)[0]["behind"]["retiring"] == []


def test_a_role(visitor: AwsVisitor) -> None:
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


def test_what_a_validation_found(visitor: AwsVisitor) -> None:
    visitor.register()
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
    assert history[0]["cloud"] == "AWS"


def test_no_secret_of_it_is_told(visitor: AwsVisitor) -> None:
    keys = visitor.new_user("velero")
    visitor.palette("POST", f"{LOCATIONS}/s3", registered(held(keys)))
    validate(visitor, keys)
    text = json.dumps(told(visitor))
    assert keys[0][-4:] in text
    assert not [one for one in (*keys, *visitor.keys("AWS")) if one in text]
