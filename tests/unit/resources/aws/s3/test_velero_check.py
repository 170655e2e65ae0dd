from typing import Any

import pytest

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.resources.aws.s3.velero_check import unfit_for_velero
from tests.unit.resources.aws.buckets import REGION, Buckets, refusal

ALL = {"Prefix": ""}


def wrong(bucket: str = "theirs") -> list[str]:
    return unfit_for_velero(AwsClient(region="us-east-1", profile=None), bucket, REGION)


def rules(s3: Buckets, *given: dict[str, Any]) -> None:
    found = [{"ID": "old", "Status": "Enabled", "Filter": ALL, **rule} for rule in given]
    s3.ask(
        "put_bucket_lifecycle_configuration",
        Bucket="theirs",
        LifecycleConfiguration={"Rules": found},
    )


@pytest.fixture(autouse=True)
def theirs(s3: Buckets) -> None:
    s3.make("theirs")


def test_a_bucket_that_velero_used_is_fit(s3: Buckets) -> None:
    folders = ("backups", "kopia", "metadata", "plugins", "restic", "restores")
    s3.put("theirs", "palette-backup-probe-1", *(f"{folder}/x" for folder in folders))
    assert wrong() == []


def test_foreign_folders_are_named(s3: Buckets) -> None:
    s3.put("theirs", "backups/x", "logs/x", "etc/x")
    (found,) = wrong()
    assert "folders that are not Velero's: etc/, logs/. Velero takes such a bucket" in found


def test_of_many_foreign_folders_a_few_are_named(s3: Buckets) -> None:
    s3.put("theirs", *(f"f{i}/x" for i in range(9)))
    (found,) = wrong()
    assert "f0/, f1/, f2/, f3/, f4/ and others." in found


def test_folders_on_later_pages_are_found(s3: Buckets) -> None:
    page = {"CommonPrefixes": [{"Prefix": "backups/"}], "IsTruncated": True}
    s3.answers["list_objects_v2"] = [
        {**page, "NextContinuationToken": "t"},
        {"CommonPrefixes": [{"Prefix": "logs/"}], "IsTruncated": False},
    ]
    (found,) = wrong()
    assert "logs/" in found
    assert s3.sent[1][1]["ContinuationToken"] == "t"


def test_a_default_retention_is_harmful_but_object_lock_alone_is_not(s3: Buckets) -> None:
    s3.ask(
        "create_bucket",
        Bucket="locked",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": REGION},
    )
    assert wrong("locked") == []
    retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
    s3.ask(
        "put_object_lock_configuration",
        Bucket="locked",
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention},
    )
    (found,) = wrong("locked")
    assert "for 30 days (Object Lock, COMPLIANCE)" in found
    assert "Velero rewrites" in found


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"Expiration": {"Days": 30}}, "'old' of the bucket theirs deletes objects by age"),
        ({"Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}, "moves objects to GLACIER"),
        ({"Transitions": [{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}]}, "to DEEP_ARCHIVE"),
        ({"Filter": {"Prefix": "backups/x"}, "Expiration": {"Days": 30}}, "by age"),
        ({"Filter": {"Prefix": "back"}, "Expiration": {"Days": 30}}, "by age"),
    ],
)
def test_rules_that_take_backups_away_are_harmful(
    s3: Buckets, rule: dict[str, Any], says: str
) -> None:
    rules(s3, rule)
    (found,) = wrong()
    assert says in found
    assert "restores would fail" in found


@pytest.mark.parametrize(
    "rule",
    [
        {"Status": "Disabled", "Expiration": {"Days": 30}},
        {"Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}},
        {"Filter": {"Tag": {"Key": "k", "Value": "v"}}, "Expiration": {"Days": 30}},
        {"Transitions": [{"Days": 1, "StorageClass": "GLACIER_IR"}]},
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
        {"Expiration": {"ExpiredObjectDeleteMarker": True}},
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
    ],
)
def test_rules_that_leave_backups_alone_are_fine(s3: Buckets, rule: dict[str, Any]) -> None:
    rules(s3, rule)
    assert wrong() == []


def test_everything_wrong_is_told_at_once(s3: Buckets) -> None:
    s3.put("theirs", "logs/x")
    rules(s3, {"Expiration": {"Days": 30}, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]})
    assert len(wrong()) == 3


def test_what_may_not_be_asked_is_passed_over(s3: Buckets) -> None:
    s3.put("theirs", "logs/x")
    s3.answers["get_object_lock_configuration"] = [refusal("AccessDenied")]
    s3.answers["get_bucket_lifecycle_configuration"] = [refusal("AccessDenied")]
    assert len(wrong()) == 1


def test_other_errors_are_told(s3: Buckets) -> None:
    with pytest.raises(NotFound):
        wrong("nowhere")
    s3.answers["list_objects_v2"] = [refusal("InternalError", 500)]
    with pytest.raises(ApiError, match="InternalError"):
        wrong()
