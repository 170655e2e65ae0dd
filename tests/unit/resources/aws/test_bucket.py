import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from palette_backup_provider.core.errors import ApiError, NotOwned, WaitTimedOut
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.engine.properties import inputs, outputs
from palette_backup_provider.resources.aws.bucket import BucketHandler
from palette_backup_provider.resources.aws.s3.rules import TLS_ONLY
from tests.unit.resources.aws.buckets import (
    ALLOW,
    EVERYTHING,
    KEY,
    REGION,
    Buckets,
    create,
    refusal,
)
from tests.unit.resources.stack import OWNER, Clock, Stack, Thing


@pytest.fixture
def buckets() -> Stack:
    return Stack(BucketHandler)


def test_preview_shows_the_name_the_arn_and_both_documents(s3: Buckets, buckets: Stack) -> None:
    props = buckets.check(region="us-gov-west-1", policy_statements=[ALLOW])
    assert props["name"].startswith("nightly-")
    arn = f"arn:aws-us-gov:s3:::{props['name']}"
    assert props["arn"] == arn
    tls, reader = props["policy"]
    assert (tls["Sid"], tls["Resource"]) == (TLS_ONLY, [arn, f"{arn}/*"])
    assert reader == {**ALLOW, "Resource": [arn, f"{arn}/*"]}
    assert [rule["ID"].removeprefix("palette-backup-") for rule in props["lifecycle"]] == [
        "probes", "uploads", "versions",
    ]  # fmt: skip
    assert s3.names() == []


def test_another_region_makes_another_name(s3: Buckets, buckets: Stack) -> None:
    here = buckets.check(region=REGION)
    there = buckets.check(here, region="us-east-1")
    assert here["name"] != there["name"]


def test_create_sets_everything_asked_for(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets, **EVERYTHING)
    assert made.id == "nightly"
    assert s3.tags("nightly") == {
        "team": "x",
        MARK: f"{OWNER}@{made.outputs['__incarnation']}",
    }
    there = {"Bucket": "nightly"}
    block = s3.ask("get_public_access_block", **there)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    owners = s3.ask("get_bucket_ownership_controls", **there)["OwnershipControls"]["Rules"]
    assert owners == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    encryption = s3.ask("get_bucket_encryption", **there)["ServerSideEncryptionConfiguration"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert encryption["Rules"] == [
        {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    ]
    assert s3.ask("get_bucket_versioning", **there)["Status"] == "Enabled"
    lock = s3.ask("get_object_lock_configuration", **there)["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("COMPLIANCE", 2)
    probes, uploads, versions = s3.rules("nightly")
    assert probes["Filter"] == {"Prefix": "palette-backup-probe-"}
    assert probes["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert uploads["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 4}
    assert versions["NoncurrentVersionExpiration"] == {"NoncurrentDays": 3}
    assert all("Days" not in rule.get("Expiration", {}) for rule in s3.rules("nightly"))
    assert [statement["Sid"] for statement in s3.statements("nightly")] == [TLS_ONLY, "Reader"]


def test_the_default_is_private_encrypted_and_tls_only(s3: Buckets, buckets: Stack) -> None:
    create(buckets)
    rules = s3.ask("get_bucket_encryption", Bucket="nightly")["ServerSideEncryptionConfiguration"]
    assert rules["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert [statement["Sid"] for statement in s3.statements("nightly")] == [TLS_ONLY]
    assert "put_bucket_versioning" not in s3.calls
    assert "put_object_lock_configuration" not in s3.calls


@pytest.mark.parametrize("region", ["us-east-1", REGION])
def test_tags_are_given_in_the_call_that_makes_the_bucket(
    s3: Buckets, buckets: Stack, region: str
) -> None:
    create(buckets, region=region, tags={"team": "x"})
    ((_, sent),) = [call for call in s3.sent if call[0] == "create_bucket"]
    how = sent["CreateBucketConfiguration"]
    assert how.get("LocationConstraint") == (None if region == "us-east-1" else region)
    assert {tag["Key"] for tag in how["Tags"]} == {"team", MARK}
    assert "put_bucket_tagging" not in s3.calls


@pytest.mark.parametrize("region", ["us-east-1", REGION])
def test_nothing_changed_is_no_drift(s3: Buckets, buckets: Stack, region: str) -> None:
    given = {"region": region, **EVERYTHING, "kms_key_arn": KEY.replace(REGION, region)}
    made = buckets.create(**given)
    refreshed = buckets.refresh(made)
    assert refreshed == made
    assert not buckets.differs(made, **given)


@pytest.mark.parametrize(
    ("operation", "how", "fields"),
    [
        ("delete_public_access_block", {}, "public_access_blocked"),
        ("delete_bucket_ownership_controls", {}, "acls_disabled"),
        ("delete_bucket_encryption", {}, "encryption"),
        ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}, "versioning"),
        ("delete_bucket_lifecycle", {}, "lifecycle"),
        ("delete_bucket_policy", {}, "policy"),
        ("delete_bucket_tagging", {}, "tags, held_by"),
    ],
)
def test_another_hand_is_seen_and_undone(
    s3: Buckets, buckets: Stack, operation: str, how: dict[str, Any], fields: str
) -> None:
    given = {"region": REGION, "name": "nightly", "tags": {"team": "x"}}
    made = buckets.create(**given)
    s3.ask(operation, Bucket="nightly", **how)
    drifted = buckets.refresh(made)
    assert drifted
    wrong = {key for key, value in drifted.outputs.items() if value != made.outputs[key]}
    assert wrong == set(fields.split(", "))
    mended = buckets.update(drifted, **given)
    assert mended.outputs == made.outputs
    assert buckets.refresh(mended) == made


def test_a_rule_of_ours_that_got_a_date_is_drift(s3: Buckets, buckets: Stack) -> None:
    given = {"region": REGION, "name": "nightly"}
    made = buckets.create(**given)
    first, *others = s3.rules("nightly")
    dated = {**first, "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)}}
    found = {"Rules": [dated, *others]}
    s3.answers["get_bucket_lifecycle_configuration"] = [found]
    drifted = buckets.refresh(made)
    assert drifted and drifted.outputs["lifecycle"] != made.outputs["lifecycle"]
    assert "2030-01-01" in json.dumps(drifted.outputs)


def test_what_others_added_is_no_drift_and_stays(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets, tags={"team": "x"})
    theirs = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}}
    rule = {**theirs, "Expiration": {"Days": 9}}
    rules = {"Rules": [rule, *s3.rules("nightly")]}
    s3.ask("put_bucket_lifecycle_configuration", Bucket="nightly", LifecycleConfiguration=rules)
    statement = {**ALLOW, "Sid": "Theirs", "Resource": "arn:aws:s3:::nightly/*"}
    policy = {"Version": "2012-10-17", "Statement": [*s3.statements("nightly"), statement]}
    s3.ask("put_bucket_policy", Bucket="nightly", Policy=json.dumps(policy))
    s3.tag("nightly", {**s3.tags("nightly"), "theirs": "1"})
    assert buckets.refresh(made) == made
    changed = buckets.update(
        made, region=REGION, name="nightly", tags={"env": "prod"},
        noncurrent_days=2, policy_statements=[ALLOW],
    )  # fmt: skip
    assert s3.tags("nightly").keys() == {"env", "theirs", MARK}
    assert rule in s3.rules("nightly")
    assert [s["Sid"] for s in s3.statements("nightly")] == ["Theirs", TLS_ONLY, "Reader"]
    buckets.update(changed, region=REGION, name="nightly", tls_only=False)
    assert s3.statements("nightly") == [statement]


def test_the_last_statement_takes_the_policy_with_it(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets)
    buckets.update(made, region=REGION, name="nightly", tls_only=False)
    with pytest.raises(ApiError, match="NoSuchBucketPolicy"):
        s3.statements("nightly")


def test_a_principal_made_a_moment_ago_is_waited_for(
    s3: Buckets, buckets: Stack, bucket_clock: Clock
) -> None:
    unknown = ApiError("Invalid principal in policy", status=400, code="MalformedPolicy")
    s3.answers["put_bucket_policy"] = [unknown] * 3
    create(buckets, policy_statements=[ALLOW])
    assert bucket_clock.now > 0
    s3.answers["put_bucket_policy"] = [unknown] * 1000
    with pytest.raises(
        WaitTimedOut, match=r"the bucket's policy names: gave up after 30 s.*Invalid prin"
    ):
        create(buckets, name="another", policy_statements=[ALLOW])


def test_an_update_puts_only_what_changed(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets)
    s3.calls.clear()
    buckets.update(made, region=REGION, name="nightly", versioning=True)
    assert s3.calls == ["put_bucket_versioning"]


def test_a_renamed_stack_rewrites_the_mark(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets)
    other = "acme/shop/prod/nightly:0a1b2c"
    buckets.update(made, region=REGION, name="nightly", __owner=other)
    assert s3.tags("nightly")[MARK] == f"{other}@{made.outputs['__incarnation']}"


def test_object_lock_is_changed_in_place_but_switching_it_replaces(
    s3: Buckets, buckets: Stack
) -> None:
    made = create(buckets, **EVERYTHING)
    longer = {**EVERYTHING, "region": REGION, "object_lock": {"days": 30}}
    buckets.update(made, **longer)
    lock = s3.ask("get_object_lock_configuration", Bucket="nightly")["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("GOVERNANCE", 30)
    props = buckets.check(made.inputs, **{**longer, "object_lock": None})
    difference = buckets.lifecycle.diff(made.id, made.outputs, props, set())
    assert difference.replaces == ["object_lock_enabled"]


def test_a_removed_default_retention_is_put_back_in_place(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets, **EVERYTHING)
    s3.ask(
        "put_object_lock_configuration", Bucket="nightly",
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"},
    )  # fmt: skip
    drifted = buckets.refresh(made)
    assert drifted
    assert (drifted.outputs["object_lock_enabled"], drifted.outputs["object_lock"]) == (True, None)
    assert buckets.refresh(buckets.update(drifted, region=REGION, **EVERYTHING)) == made


def test_a_refused_kms_key_is_named(s3: Buckets, buckets: Stack) -> None:
    s3.answers["put_bucket_encryption"] = [refusal("AccessDenied")]
    with pytest.raises(ApiError, match=f"the KMS key {KEY}.*AccessDenied.*exists in {REGION}"):
        create(buckets, kms_key_arn=KEY)


def test_a_look_up_by_name_tells_what_is_there(s3: Buckets, buckets: Stack) -> None:
    create(buckets, **EVERYTHING)
    state = buckets.lifecycle.read("nightly", {"__owner": OWNER})
    assert state
    found = state.model_dump()
    assert (found["name"], found["region"]) == ("nightly", REGION)
    assert (found["arn"], found["tags"]) == ("arn:aws:s3:::nightly", {"team": "x"})
    assert found["kms_key_arn"] == KEY


def test_a_bucket_that_is_gone_is_gone(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets)
    s3.ask("delete_bucket", Bucket="nightly")
    assert buckets.refresh(made) is None
    buckets.delete(made)


def test_a_refused_look_is_not_gone(s3: Buckets, buckets: Stack) -> None:
    made = create(buckets)
    s3.answers["get_bucket_tagging"] = [refusal("AccessDenied")]
    with pytest.raises(ApiError, match="AccessDenied"):
        buckets.refresh(made)


def test_a_principal_that_was_deleted_has_words_of_its_own(
    s3: Buckets, buckets: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    made = create(buckets, policy_statements=[ALLOW])
    statements = [
        {**s, "Principal": {"AWS": "AIDAJ3N5Q7EXAMPLE1234"}} if s["Sid"] == ALLOW["Sid"] else s
        for s in s3.statements("nightly")
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    s3.ask("put_bucket_policy", Bucket="nightly", Policy=policy)
    drifted = buckets.refresh(made)
    assert drifted and drifted.inputs != made.inputs
    told = "the policy of the bucket nightly names AIDAJ3N5Q7EXAMPLE1234: AWS shows that id since"
    assert told in capsys.readouterr().out


def test_a_policy_that_broke_off_is_no_policy(s3: Buckets, buckets: Stack) -> None:
    """S3 sends it as text, so boto3 takes it as it comes."""
    made, text = create(buckets), s3.ask("get_bucket_policy", Bucket="nightly")["Policy"]
    s3.answers["get_bucket_policy"] = [{"Policy": text[:99]}]
    with pytest.raises(ApiError, match="could not be read: Policy should be JSON"):
        buckets.refresh(made)


def test_a_bucket_of_others_is_imported_as_it_is(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(region=REGION, **EVERYTHING)
    boto3.client("s3", REGION).delete_bucket_tagging(Bucket="nightly")
    found = buckets.lifecycle.locate("arn:aws:s3:::nightly", {"__owner": buckets.owner})
    assert found
    asked = inputs(found.state)
    assert {name: asked.get(name) for name in ("versioning", "noncurrent_days", "kms_key_arn")} == {
        "versioning": True,
        "noncurrent_days": 3,
        "kms_key_arn": KEY,
    }
    assert asked["abort_uploads_days"] == 4 and "tls_only" not in asked
    thing = Thing(found.id, asked, outputs(found.state))
    with pytest.raises(NotOwned, match="was imported and does not carry this stack's mark yet"):
        buckets.delete(thing)
    program = {name: value for name, value in asked.items() if not name.startswith("__")}
    assert not buckets.differs(thing, **program)
    marked = buckets.update(thing, **{**program, "tags": {"team": "y"}})
    buckets.delete(marked)
    assert made.id not in {b["Name"] for b in boto3.client("s3", REGION).list_buckets()["Buckets"]}
