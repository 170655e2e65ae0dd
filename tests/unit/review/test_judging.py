"""What a change means: one small preview a rule."""

from typing import Any

import pytest

from palette_backup_provider.review.reading import preview
from palette_backup_provider.review.report import report
from tests.clouds import in_each_folder, merged
from tests.unit.review.sample import INSIDE, UNKNOWN, component, digest, reported, step, told

DELETES, WEAKENS, WIDENS, ROTATES = (
    "deletes-backups",
    "weakens-protection",
    "widens-access",
    "rotates",
)
BUCKET = {"name": "b", "region": "eu-west-1"}
OF_CLOUDS = in_each_folder(__package__, "weaker").values()
STATEMENT = {
    "Sid": "A",
    "Effect": "Allow",
    "Principal": {"AWS": "123456789012"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::b/*",
}


@pytest.mark.parametrize("type", [one for cloud in OF_CLOUDS for one in cloud.HOLDS_BACKUPS])
def test_backups_are_deleted_only_if_they_may(type: str) -> None:
    for op in ("delete", "replace"):
        new = BUCKET if op == "replace" else None
        forced = step(op, type, {**BUCKET, "force_destroy": True}, new)
        assert told(forced)[0] == (DELETES, "red")
        assert told(step(op, type, BUCKET, new))[0] == (DELETES, "orange")
        kept = {**BUCKET, "replace_with_data": "retain"}
        assert told(step(op, type, kept, new))[0] == (DELETES, "blue")
    assert told(step("delete", type, {**BUCKET, "existing": True})) == []


def test_force_destroy_of_this_run_is_not_in_force_yet() -> None:
    forced = {**BUCKET, "force_destroy": True, "region": "eu-west-2"}
    assert told(step("replace", "aws:Bucket", BUCKET, forced))[0] == (DELETES, "orange")


@pytest.mark.parametrize(
    ("type", "property"),
    [pair for cloud in OF_CLOUDS for pair in getattr(cloud, "FORCED", ())],
)
def test_force_destroy_is_told_when_it_is_turned_on(type: str, property: str) -> None:
    forced = {**BUCKET, property: True}
    assert told(step("update", type, BUCKET, forced)) == [(WEAKENS, "orange")]
    assert told(step("update", type, forced, {**forced, "labels": {"a": "b"}})) == []
    assert told(step("update", type, forced, BUCKET)) == []
    assert told(step("create", type, None, forced)) == []


def test_an_operation_of_a_newer_engine_may_delete_backups() -> None:
    assert told(step("banish", "aws:Bucket", BUCKET, BUCKET)) == [(DELETES, "orange")]
    assert told(step("banish", "aws:AccessKey", {"user": "u"}, {"user": "u"})) == []


def test_what_is_protected_or_retained_stays() -> None:
    bucket = {"bucket": "b", "forceDestroy": True}
    kept = step("delete", "aws:s3/bucket:Bucket", bucket, oldState={"retainOnDelete": True})
    assert told(kept) == [(DELETES, "blue")]
    refused = step("delete", "aws:s3/bucket:Bucket", bucket, oldState={"protect": True})
    assert told(refused) == [(DELETES, "orange")]


WEAKER: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "palette:BackupLocation": [
        ({}, {"probe": False}),
        ({"palette_validate": True}, {"palette_validate": False}),
        ({"storage": {"url": "https://x"}}, {"storage": {"url": "http://x"}}),
    ],
}
WEAKER |= merged(__package__, "weaker", "WEAKER")
CASES = [(type, *pair) for type, pairs in WEAKER.items() for pair in pairs]


@pytest.mark.parametrize(("type", "old", "new"), CASES)
def test_protection_that_weakens_is_told_and_what_grows_is_not(
    type: str, old: dict[str, object], new: dict[str, object]
) -> None:
    old, new = {"name": "b", **old}, {"name": "b", **new}
    assert told(step("update", type, old, new)) == [(WEAKENS, "orange")]
    if UNKNOWN not in new.values():
        assert told(step("update", type, new, old)) == []


def test_a_protection_that_is_dropped_is_told() -> None:
    same = step("same", "aws:Bucket", BUCKET, BUCKET, oldState={"protect": True})
    assert told(same) == [(WEAKENS, "orange")]


def test_a_statement_of_our_own_is_told_by_what_it_protects() -> None:
    own = {**STATEMENT, "Sid": "PaletteBackupTlsOnly", "Effect": "Deny"}
    plain = step("update", "aws:Bucket", {"policy": [own]}, {"tls_only": False, "policy": []})
    assert told(plain) == [(WEAKENS, "orange")]


def test_access_widens_by_a_policy_an_attachment_or_a_boundary() -> None:
    wide = {**STATEMENT, "Action": "s3:*"}
    assert told(step("update", "aws:Bucket", {"policy": [STATEMENT]}, {"policy": [wide]})) == [
        (WIDENS, "orange")
    ]
    assert told(step("update", "aws:Bucket", {"policy": [wide]}, {"policy": [STATEMENT]})) == []
    assert told(step("update", "aws:User", {"policies": []}, {"policies": ["arn:x"]}))
    assert told(step("update", "aws:User", {"permissions_boundary": "arn:x"}, {"policies": []}))
    assert told(step("delete", "aws:s3/bucketPolicy:BucketPolicy", {"policy": [STATEMENT]})) == []
    denial = {**STATEMENT, "Effect": "Deny"}
    assert told(step("delete", "aws:s3/bucketPolicy:BucketPolicy", {"policy": [denial]}))


def test_what_a_new_component_grants_to_itself_is_no_news_unless_it_is_everything() -> None:
    def created(action: str) -> list[tuple[str, str]]:
        document = {"Statement": [{**STATEMENT, "Action": action}]}
        inside = step("create", "aws:Policy", None, {"document": document}, parent=INSIDE)
        return told(component("create"), inside)

    assert created("s3:GetObject") == []
    assert created("*") == [(WIDENS, "orange")]
    document = {"Statement": [STATEMENT]}
    added = step("create", "aws:Policy", None, {"document": document}, parent=INSIDE)
    assert told(component("update"), added) == [(WIDENS, "orange")]
    assert told(step("create", "aws:Policy", None, {"document": document})) == [(WIDENS, "orange")]


def test_a_grant_on_storage_that_is_replaced_is_the_same_grant() -> None:
    def policy(bucket: str) -> dict[str, object]:
        resource = f"arn:aws:s3:::{bucket}/*"
        return {"document": {"Statement": [{**STATEMENT, "Resource": resource}]}}

    old, new = ({"name": name, "region": "eu-west-1"} for name in ("old-bucket", "new-bucket"))
    bucket = step("replace", "aws:Bucket", old, new, parent=INSIDE)
    moved = step("update", "aws:Policy", policy("old-bucket"), policy("new-bucket"), parent=INSIDE)
    assert told(bucket, moved) == [(DELETES, "orange")]
    other = step("update", "aws:Policy", policy("old-bucket"), policy("another"), parent=INSIDE)
    assert (WIDENS, "orange") in told(bucket, other)


def test_a_rotation_tells_why_and_until_when() -> None:
    old = {"user": "u", "made_on": "2026-08-27", "__rotations": 1, "rotate_after": 90}
    new = {**old, "made_on": "2026-11-27", "__rotations": 2, "retiring_until": "2026-11-28T09:30Z"}
    (found,) = reported(step("update", "aws:AccessKey", old, new)).findings
    assert (found.kind, found.severity) == (ROTATES, "blue")
    assert "92 days old" in found.what and "2026-11-28T09:30Z" in found.why
    assert told(step("update", "aws:AccessKey", old, {**old, "rotate_after": 9})) == []
    assert told(step("replace", "aws:AccessKey", old, {**old, "user": "v"})) == [
        (ROTATES, "orange")
    ]


def test_drift_is_told_and_judged() -> None:
    opened = step("update", "aws:Bucket", BUCKET, {**BUCKET, "public_access_blocked": False})
    gone = step("delete", "aws:User", {"name": "u"}, None, name="other")
    assert {one.kind for one in reported(opened, gone).findings} == {WEAKENS}
    refreshed = digest(opened, gone).replace('"op": "same"', '"op": "refresh"', 1)
    found = report(preview("preview.json", refreshed))
    assert [one.kind for one in found.findings] == [WEAKENS, "drift", "drift"]
    assert [row.action for row in found.rows] == ["drift", "drift"]
