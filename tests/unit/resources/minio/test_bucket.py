import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.errors import ApiError, Blocked, NotOwned
from palette_backup_provider.core.policy_language import ACCOUNTS, ARN
from palette_backup_provider.resources.minio.bucket import BucketHandler
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.resources.stack import Stack


@pytest.fixture
def buckets(stack_of: Callable[..., Stack]) -> Stack:
    return stack_of(BucketHandler)


def put(minio: MinioInspector, bucket: str, key: str) -> None:
    minio.s3().put_object(Bucket=bucket, Key=key, Body=b"data")


def test_it_comes_and_goes_with_its_mark(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create(tags={"team": "storage"})
    tags = minio.tags(made.id)
    assert tags["team"] == "storage"
    assert tags["palette-backup"].startswith(f"{buckets.owner}@")
    assert not buckets.differs(made, tags={"team": "storage"})
    buckets.delete(made)
    assert minio.buckets() == []


@pytest.mark.parametrize(
    "name", ["ab", "Bad", "a..b", "-a-", "192.168.0.1", "a" * 64, "a.-b", "bad_name"]
)
def test_names_that_minio_refuses_are_refused_in_preview(buckets: Stack, name: str) -> None:
    assert "3 to 63 lower-case letters" in buckets.reasons(name=name)


@pytest.mark.parametrize("tags", [{"palette-backup": "x"}, {"a&b": "x"}, {"a": "ü"}, {"": "x"}])
def test_tags_that_minio_refuses_are_refused_in_preview(
    buckets: Stack, tags: dict[str, str]
) -> None:
    assert "is not allowed" in buckets.reasons(tags=tags)


def test_somebody_elses_bucket_is_not_taken_over(buckets: Stack, minio: MinioInspector) -> None:
    minio.s3().create_bucket(Bucket="theirs")
    with pytest.raises(NotOwned, match="set existing=True, name='theirs'"):
        buckets.create(name="theirs")
    with pytest.raises(Exception, match="NoSuchTagSet"):
        minio.tags("theirs")


def test_what_an_interrupted_run_left_is_taken_over(buckets: Stack, minio: MinioInspector) -> None:
    name = buckets.check()["name"]
    minio.s3().create_bucket(Bucket=name)  # and died before it set the tags
    made = buckets.create()
    again = buckets.create()  # died before state was saved
    buckets.delete(made)  # of an incarnation that is over
    assert minio.buckets() == [again.id]


def test_what_is_left_with_backups_in_it_is_not_taken_over(
    buckets: Stack, minio: MinioInspector
) -> None:
    put(minio, buckets.create().id, "backups/one")
    with pytest.raises(Blocked, match="holds one object or version"):
        buckets.create()


def test_a_full_bucket_is_spared(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create()
    for number in range(3):
        put(minio, made.id, f"backups/{number}")
    with pytest.raises(Blocked, match="3 objects and versions"):
        buckets.delete(made)
    with pytest.raises(Blocked):
        buckets.lifecycle.diff(made.id, made.outputs, {**made.inputs, "name": "other"}, set())
    forced = buckets.update(made, force_destroy=True)
    buckets.delete(forced)
    assert minio.buckets() == []


def test_a_retained_bucket_stays_whole_and_is_named(
    buckets: Stack, minio: MinioInspector, capsys: pytest.CaptureFixture[str]
) -> None:
    made = buckets.create(replace_with_data="retain")
    put(minio, made.id, "backups/one")
    buckets.lifecycle.diff(made.id, made.outputs, {**made.inputs, "name": "other"}, set())
    assert f"a new bucket replaces {made.id}, which is kept" in capsys.readouterr().out
    buckets.delete(made)
    assert f"set existing=True, name={made.id!r}" in capsys.readouterr().out
    assert minio.buckets() == [made.id]
    minio.s3().delete_object(Bucket=made.id, Key="backups/one")
    buckets.delete(made)
    assert minio.buckets() == []


def test_probes_are_no_content_and_versions_are(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create()
    put(minio, made.id, "palette-backup-probe-1")
    buckets.delete(made)
    made = buckets.create()
    on = {"Status": "Enabled"}
    minio.s3().put_bucket_versioning(Bucket=made.id, VersioningConfiguration=on)
    put(minio, made.id, "backups/one")
    minio.s3().delete_object(Bucket=made.id, Key="backups/one")
    with pytest.raises(Blocked, match="2 objects and versions"):
        buckets.delete(made)
    buckets.delete(buckets.update(made, force_destroy=True))
    assert minio.buckets() == []


def test_tags_of_others_stay(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create(tags={"team": "a"})
    theirs = [{"Key": k, "Value": v} for k, v in {**minio.tags(made.id), "theirs": "1"}.items()]
    minio.s3().put_bucket_tagging(Bucket=made.id, Tagging={"TagSet": theirs})
    refreshed = buckets.refresh(made)
    assert refreshed and not buckets.differs(refreshed, tags={"team": "a"})
    buckets.update(made, tags={"team": "b"})
    assert minio.tags(made.id).items() >= {"team": "b", "theirs": "1"}.items()


def test_our_tag_that_was_changed_is_put_back(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create(tags={"team": "a", "cost": "1"})
    changed = {"team": "b", "palette-backup": minio.tags(made.id)["palette-backup"]}
    theirs = [{"Key": k, "Value": v} for k, v in changed.items()]
    minio.s3().put_bucket_tagging(Bucket=made.id, Tagging={"TagSet": theirs})
    seen = buckets.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "tags": {"team": "b"}}
    buckets.update(seen, tags={"team": "a", "cost": "1"})
    assert buckets.refresh(made) == made


def rule(bucket: str, **other: Any) -> dict[str, Any]:
    arn = f"{ARN}{bucket}/*"
    return {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [arn], **other}


def give(minio: MinioInspector, bucket: str, *rules: dict[str, Any]) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": rules})
    minio.s3().put_bucket_policy(Bucket=bucket, Policy=policy)


def given(minio: MinioInspector, bucket: str) -> list[Any]:
    """The principals of the bucket's policy."""
    try:
        policy = minio.s3().get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchBucketPolicy"
        return []
    return [one["Principal"][ACCOUNTS] for one in json.loads(policy)["Statement"]]


def everybody_reads(minio: MinioInspector, bucket: str) -> bool:
    put(minio, bucket, "palette-backup-probe-1")
    url = f"{minio.s3().meta.endpoint_url}/{bucket}/palette-backup-probe-1"
    return requests.get(url, timeout=10).ok


@pytest.mark.parametrize(
    "principal", ["*", {ACCOUNTS: "*"}, {ACCOUNTS: ["a-user", "*"]}, {ACCOUNTS: ["?x"]}]
)
def test_public_access_is_taken_back(
    buckets: Stack, minio: MinioInspector, principal: dict[str, Any] | str
) -> None:
    made = buckets.create()
    give(minio, made.id, rule(made.id, Principal=principal))
    assert everybody_reads(minio, made.id)
    seen = buckets.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "public": True}
    buckets.update(seen)
    assert not everybody_reads(minio, made.id) and given(minio, made.id) == []
    assert buckets.refresh(made) == made


def test_what_a_policy_gives_to_few_stays(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create()
    few = rule(made.id, Principal={ACCOUNTS: ["a-user"]})
    no = rule(made.id, Principal="*", Effect="Deny")
    give(minio, made.id, few, no)
    assert not everybody_reads(minio, made.id)
    assert buckets.refresh(made) == made
    give(minio, made.id, few, rule(made.id, Principal="*"), no)
    seen = buckets.refresh(made)
    assert seen and seen.outputs["public"]
    buckets.update(seen)
    assert given(minio, made.id) == [["a-user"], ["*"]]
    assert buckets.refresh(made) == made


def test_what_is_taken_over_is_private(buckets: Stack, minio: MinioInspector) -> None:
    name = buckets.create().id
    give(minio, name, rule(name, Principal="*"))
    made = buckets.create()
    assert given(minio, name) == [] and buckets.refresh(made) == made


def test_versioning_that_others_switched_on_stays(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create()
    on = {"Status": "Enabled"}
    minio.s3().put_bucket_versioning(Bucket=made.id, VersioningConfiguration=on)
    assert buckets.refresh(made) == made
    buckets.update(made, tags={"team": "a"})
    assert minio.s3().get_bucket_versioning(Bucket=made.id)["Status"] == "Enabled"


def test_a_bucket_without_its_mark_is_left_alone_loudly(
    buckets: Stack, minio: MinioInspector
) -> None:
    made = buckets.create()
    minio.s3().delete_bucket_tagging(Bucket=made.id)
    with pytest.raises(NotOwned, match="no longer carries the mark"):
        buckets.delete(made)
    assert minio.buckets() == [made.id]


def test_a_bucket_that_is_gone_is_gone(buckets: Stack, minio: MinioInspector) -> None:
    made = buckets.create()
    minio.s3().delete_bucket(Bucket=made.id)
    assert buckets.refresh(made) is None
    buckets.delete(made)


def test_a_bucket_to_bring_must_be_there(buckets: Stack, minio: MinioInspector) -> None:
    assert "There is no bucket theirs" in buckets.reasons(name="theirs", existing=True)
    minio.s3().create_bucket(Bucket="theirs")
    existing = buckets.create(name="theirs", existing=True)
    buckets.delete(existing)
    assert minio.buckets() == ["theirs"]


@pytest.mark.parametrize("action", ["refresh", "delete"])
def test_a_404_to_a_head_is_not_taken_for_gone(
    buckets: Stack, minio: MinioInspector, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """Whoever stands in between may say so of anything."""
    made = buckets.create()
    s3 = MinioClient.s3

    def between(self: MinioClient, operation: str, *arguments: Any, **params: Any) -> Any:
        return operation != "bucket_exists" and s3(self, operation, *arguments, **params)

    monkeypatch.setattr(MinioClient, "s3", between)
    if action == "refresh":
        assert buckets.refresh(made) == made
    else:
        buckets.delete(made)
        assert minio.buckets() == []


def test_a_policy_that_broke_off_is_no_policy(
    buckets: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = buckets.create()
    monkeypatch.setattr("minio.Minio.get_bucket_policy", lambda *_: '{"Statement": [{"Eff')
    with pytest.raises(ApiError, match="could not be read: it should be JSON"):
        buckets.refresh(made)
