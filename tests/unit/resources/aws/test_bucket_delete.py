from typing import Any

import pytest

from palette_backup_provider.core import progress
from palette_backup_provider.core.errors import Blocked, NotOwned
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.aws.bucket import BucketHandler
from palette_backup_provider.resources.aws.s3 import contents as bucket_contents
from tests.unit.resources.aws.buckets import REGION, Buckets
from tests.unit.resources.stack import Stack, Thing

# moto takes the TLS-only statement for a denial of every call on an object
GIVEN: dict[str, Any] = {"region": REGION, "name": "nightly", "tls_only": False}


@pytest.fixture
def buckets() -> Stack:
    return Stack(BucketHandler)


def fill(s3: Buckets) -> None:
    """Two objects, two old versions, a delete marker, an upload and a probe."""
    s3.put("nightly", "a", "a", "b", "c", f"{PROBE_PREFIX}1")
    s3.ask("delete_object", Bucket="nightly", Key="c")
    s3.ask("delete_object", Bucket="nightly", Key=f"{PROBE_PREFIX}1")
    s3.ask("create_multipart_upload", Bucket="nightly", Key="u")
    s3.ask("create_multipart_upload", Bucket="nightly", Key=f"{PROBE_PREFIX}2")


def test_an_empty_bucket_goes_with_its_probes(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN, versioning=True)
    s3.put("nightly", f"{PROBE_PREFIX}1", f"{PROBE_PREFIX}1")
    s3.ask("delete_object", Bucket="nightly", Key=f"{PROBE_PREFIX}1")
    s3.ask("create_multipart_upload", Bucket="nightly", Key=f"{PROBE_PREFIX}2")
    buckets.delete(made)
    assert s3.names() == []


def test_a_bucket_that_holds_anything_stays_whole(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN, versioning=True)
    fill(s3)
    s3.calls.clear()
    says = (
        "holds 2 objects and 3 old versions or delete markers and 1 unfinished upload"
        ".*force_destroy=True .*, run `pulumi up`, then destroy"
    )
    with pytest.raises(Blocked, match=says):
        buckets.delete(made)
    assert not [call for call in s3.calls if "delete" in call or "abort" in call]


@pytest.mark.parametrize(
    ("keys", "says"), [(["a"], "holds 1 object,"), (["a", "b"], "holds 2 objects,")]
)
def test_the_count_is_named(s3: Buckets, buckets: Stack, keys: list[str], says: str) -> None:
    made = buckets.create(**GIVEN)
    s3.put("nightly", *keys)
    with pytest.raises(Blocked, match=says):
        buckets.delete(made)


def test_counting_ends_somewhere(
    s3: Buckets, buckets: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_contents, "COUNTED", 3)
    monkeypatch.setattr(bucket_contents, "PAGE", 2)
    made = buckets.create(**GIVEN)
    s3.put("nightly", *"abcdefgh")
    s3.calls.clear()
    with pytest.raises(Blocked, match="holds more than 3 objects, versions and uploads"):
        buckets.delete(made)
    assert s3.calls.count("list_object_versions") == 2


def test_force_destroy_empties_page_by_page(
    s3: Buckets,
    buckets: Stack,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bucket_contents, "PAGE", 2)
    monkeypatch.setattr(progress, "EVERY", 0)
    made = buckets.create(**GIVEN, versioning=True, force_destroy=True)
    fill(s3)
    buckets.delete(made)
    assert s3.names() == []
    assert "nightly: 2 objects and versions deleted so far" in capsys.readouterr().out


def test_force_destroy_must_be_in_state(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN)
    s3.put("nightly", "a")
    forced = buckets.update(made, **GIVEN, force_destroy=True)
    buckets.delete(forced)
    assert s3.names() == []


def test_a_replacement_bound_to_fail_is_refused_in_preview(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN)
    props = buckets.check(made.inputs, **{**GIVEN, "region": "us-east-1"})
    assert buckets.lifecycle.diff(made.id, made.outputs, props, set()).replaces == ["region"]
    s3.put("nightly", "a")
    with pytest.raises(Blocked, match="holds 1 object, so it is not deleted"):
        buckets.lifecycle.diff(made.id, made.outputs, props, set())
    forced = Thing(made.id, made.inputs, {**made.outputs, "force_destroy": True})
    assert buckets.lifecycle.diff(made.id, forced.outputs, props, set()).replaces == ["region"]


def test_a_bucket_that_lost_its_mark_is_not_deleted(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN, force_destroy=True)
    s3.ask("delete_bucket_tagging", Bucket="nightly")
    with pytest.raises(NotOwned, match=r"no longer carries the mark.*the tag"):
        buckets.delete(made)
    assert s3.names() == ["nightly"]


LOCK = {"versioning": True, "force_destroy": True}


def test_governance_is_bypassed_only_by_force_destroy(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN, **LOCK, object_lock={"days": 9})
    s3.put("nightly", "a")
    buckets.delete(made)
    assert s3.names() == []
    kept = buckets.create(**{**GIVEN, "name": "kept"}, versioning=True, object_lock={"days": 9})
    s3.put("kept", "a")
    with pytest.raises(Blocked, match="holds 1 object"):
        buckets.delete(kept)


def test_compliance_is_explained(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**GIVEN, **LOCK, object_lock={"days": 9, "mode": "COMPLIANCE"})
    s3.put("nightly", "a")
    with pytest.raises(Blocked, match=r"'a' with AccessDenied.*COMPLIANCE mode nobody"):
        buckets.delete(made)


RETAINED = {**GIVEN, "replace_with_data": "retain"}


def test_a_retained_bucket_stays_whole_and_is_named(
    s3: Buckets, buckets: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    made = buckets.create(**RETAINED, versioning=True)
    fill(s3)
    s3.calls.clear()
    buckets.lifecycle.diff(made.id, made.outputs, {**made.inputs, "name": "other"}, set())
    assert "a new bucket replaces nightly, which is kept" in capsys.readouterr().out
    buckets.delete(made)
    told = capsys.readouterr().out
    assert "the bucket nightly is kept, as it holds 2 objects and 3 old versions" in told
    assert "set existing=True, name='nightly'" in told
    assert not [call for call in s3.calls if "delete" in call or "abort" in call]


def test_a_retained_bucket_without_data_goes(s3: Buckets, buckets: Stack) -> None:
    made = buckets.create(**RETAINED)
    s3.put("nightly", f"{PROBE_PREFIX}1")
    buckets.delete(made)
    assert s3.names() == []


def test_a_bucket_is_not_both_retained_and_destroyed(moto: None, buckets: Stack) -> None:
    assert "replace_with_data: 'retain' and force_destroy exclude" in buckets.reasons(
        **RETAINED, force_destroy=True
    )
