"""What a change means: one small preview a rule."""

from typing import Any

import pytest

from palette_backup_provider.review.reading import preview
from palette_backup_provider.review.report import report
from tests.clouds import merged
from tests.credentials import CREDENTIALS
from tests.unit.review.kinds import GRANTS, HOLDERS, OF_CLOUDS
from tests.unit.review.sample import INSIDE, UNKNOWN, component, digest, reported, step, told

DELETES, WEAKENS, WIDENS, ROTATES = (
    "deletes-backups",
    "weakens-protection",
    "widens-access",
    "rotates",
)
BUCKET = {"name": "b", "region": "eu-west-1"}
FORCED = [pair for cloud in OF_CLOUDS for pair in getattr(cloud, "FORCED", ())]
"""Types, and the properties by which a deletion takes the backups along."""
each_holder = pytest.mark.parametrize("type", HOLDERS)
each_grant = pytest.mark.parametrize("grant", GRANTS, ids=lambda grant: grant.TYPE)


@each_holder
def test_backups_are_deleted_only_if_they_may(type: str) -> None:
    for op in ("delete", "replace"):
        new = BUCKET if op == "replace" else None
        forced = step(op, type, {**BUCKET, "force_destroy": True}, new)
        assert told(forced)[0] == (DELETES, "red")
        assert told(step(op, type, BUCKET, new))[0] == (DELETES, "orange")
        kept = {**BUCKET, "replace_with_data": "retain"}
        assert told(step(op, type, kept, new))[0] == (DELETES, "blue")
    assert told(step("delete", type, {**BUCKET, "existing": True})) == []


@each_holder
def test_force_destroy_of_this_run_is_not_in_force_yet(type: str) -> None:
    forced = {**BUCKET, "force_destroy": True, "region": "eu-west-2"}
    assert told(step("replace", type, BUCKET, forced))[0] == (DELETES, "orange")


@pytest.mark.parametrize(("type", "property"), FORCED)
def test_force_destroy_is_told_when_it_is_turned_on(type: str, property: str) -> None:
    forced = {**BUCKET, property: True}
    assert told(step("update", type, BUCKET, forced)) == [(WEAKENS, "orange")]
    assert told(step("update", type, forced, {**forced, "labels": {"a": "b"}})) == []
    assert told(step("update", type, forced, BUCKET)) == []
    assert told(step("create", type, None, forced)) == []


def test_an_operation_of_a_newer_engine_may_delete_backups() -> None:
    for type in HOLDERS:
        assert told(step("banish", type, BUCKET, BUCKET)) == [(DELETES, "orange")]
    for type in CREDENTIALS:
        assert told(step("banish", type, {"user": "u"}, {"user": "u"})) == []


@pytest.mark.parametrize(("type", "property"), FORCED)
def test_what_is_protected_or_retained_stays(type: str, property: str) -> None:
    forced = {**BUCKET, property: True}
    kept = step("delete", type, forced, oldState={"retainOnDelete": True})
    assert told(kept) == [(DELETES, "blue")]
    refused = step("delete", type, forced, oldState={"protect": True})
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


@each_holder
def test_a_protection_that_is_dropped_is_told(type: str) -> None:
    same = step("same", type, BUCKET, BUCKET, oldState={"protect": True})
    assert told(same) == [(WEAKENS, "orange")]


@each_grant
def test_what_a_new_component_grants_to_itself_is_no_news_unless_it_is_everything(
    grant: Any,
) -> None:
    def created(granted: Any) -> list[tuple[str, str]]:
        inside = step("create", grant.TYPE, None, granted, parent=INSIDE)
        return told(component("create"), inside)

    assert created(grant.on("a-bucket")) == []
    assert created(grant.EVERYTHING) == [(WIDENS, "orange")]
    added = step("create", grant.TYPE, None, grant.on("a-bucket"), parent=INSIDE)
    assert told(component("update"), added) == [(WIDENS, "orange")]
    alone = step("create", grant.TYPE, None, grant.on("a-bucket"))
    assert told(alone) == [(WIDENS, "orange")]


@each_grant
def test_a_grant_on_storage_that_is_replaced_is_the_same_grant(grant: Any) -> None:
    def granted(before: str, after: str) -> dict[str, Any]:
        return step("update", grant.TYPE, grant.on(before), grant.on(after), parent=INSIDE)

    old, new = ({"name": name, "region": "eu-west-1"} for name in ("old-bucket", "new-bucket"))
    bucket = step("replace", grant.STORAGE, old, new, parent=INSIDE)
    assert told(bucket, granted("old-bucket", "new-bucket")) == [(DELETES, "orange")]
    assert (WIDENS, "orange") in told(bucket, granted("old-bucket", "another"))


@pytest.mark.parametrize("type", CREDENTIALS)
def test_a_rotation_tells_why_and_until_when(type: str) -> None:
    old = {"user": "u", "made_on": "2026-08-27", "__rotations": 1, "rotate_after": 90}
    new = {**old, "made_on": "2026-11-27", "__rotations": 2, "retiring_until": "2026-11-28T09:30Z"}
    (found,) = reported(step("update", type, old, new)).findings
    assert (found.kind, found.severity) == (ROTATES, "blue")
    assert "92 days old" in found.what and "2026-11-28T09:30Z" in found.why
    assert told(step("update", type, old, {**old, "rotate_after": 9})) == []
    assert told(step("replace", type, old, {**old, "user": "v"})) == [(ROTATES, "orange")]


@pytest.mark.parametrize("cloud", OF_CLOUDS, ids=lambda cloud: cloud.__package__)
def test_drift_is_told_and_judged(cloud: Any) -> None:
    type, ((old, new), *_) = next(iter(cloud.WEAKER.items()))
    opened = step("update", type, {**BUCKET, **old}, {**BUCKET, **new})
    gone = step("delete", CREDENTIALS[0], {"name": "u"}, None, name="other")
    assert {one.kind for one in reported(opened, gone).findings} == {WEAKENS}
    refreshed = digest(opened, gone).replace('"op": "same"', '"op": "refresh"', 1)
    found = report(preview("preview.json", refreshed))
    assert [one.kind for one in found.findings] == [WEAKENS, "drift", "drift"]
    assert [row.action for row in found.rows] == ["drift", "drift"]
