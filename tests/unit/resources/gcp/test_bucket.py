from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotOwned
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.gcp.bucket import BucketHandler
from tests.unit.resources.stack import Stack
from tests.unit.sandbox.gcp_server import Cloud

Change = dict[str, Any]

KEY = "projects/p/locations/europe/keyRings/r/cryptoKeys/k"


def there(cloud: Cloud, name: str) -> Any:
    return cloud.storage().get_bucket(name)


def test_it_is_made_private_and_marked_in_one_call(cloud: Cloud, buckets: Stack) -> None:
    made = buckets.create(location="EU", labels={"team": "storage"})
    assert cloud.calls().count("storage.buckets.insert") == 1
    assert "storage.buckets.patch" not in cloud.calls()
    found = there(cloud, made.id)
    assert found.iam_configuration.uniform_bucket_level_access_enabled
    assert found.iam_configuration.public_access_prevention == "enforced"
    assert found.labels["team"] == "storage"
    assert found.labels[MARK].endswith(made.outputs["__incarnation"])
    assert made.outputs["url"] == f"gs://{made.id}"
    assert buckets.refresh(made).inputs == made.inputs  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Bad_Name", "lower-case letters, digits, _ and -"),
        ("ab", "3 to 63 characters"),
        ("a" * 64, "3 to 63 characters"),
        ("192.168.0.1", "no IP address"),
        ("a.b.com", "a dot"),
        ("goog-backups", "begin with goog"),
        ("my-google-bucket", "google, or what looks like it"),
        ("my-g00g1e-bucket", "google, or what looks like it"),
        ("-backups", "begins and ends with"),
    ],
)
def test_names_are_judged_before_anything_is_made(
    buckets: Stack, cloud: Cloud, name: str, told: str
) -> None:
    assert told in buckets.reasons(location="EU", name=name)
    assert cloud.calls() == []


@pytest.mark.parametrize("location", ["europe-west1", "EU", "EUR4", "northamerica-northeast2"])
def test_locations_are_spelled_in_one_way(buckets: Stack, location: str) -> None:
    made = buckets.create(location=location)
    assert not buckets.differs(made, location=location)
    assert buckets.refresh(made).inputs["location"] == location  # type: ignore[union-attr]
    other = location.upper() if location.islower() else location.lower()
    assert buckets.check(location=other)["location"] == location
    assert not buckets.differs(made, location=other)


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("europe-wst1", "is no location of Cloud Storage. Did you mean europe-west1?"),
        ("eurpe-west1", "Did you mean europe-west1?"),
        ("westeurope", "'WESTEUROPE' is not allowed: a region such as europe-west1"),
        ("EW", "'EW' is no location of Cloud Storage."),
    ],
)
def test_what_no_location_is_called(buckets: Stack, location: str, says: str) -> None:
    assert says in buckets.reasons(location=location)


@pytest.mark.parametrize("location", ["europe-west99", "antarctica-south1", "NAM5"])
def test_of_a_location_that_may_be_new_google_decides(buckets: Stack, location: str) -> None:
    assert buckets.reasons(location=location) == ""


def test_a_key_must_be_where_the_bucket_is(buckets: Stack) -> None:
    wrong = "must be in the location us"
    assert wrong in buckets.reasons(location="US", kms_key_name=KEY)
    assert "whole name" in buckets.reasons(location="EU", kms_key_name="k")
    assert buckets.reasons(location="EU", kms_key_name=KEY) == ""


def test_a_key_that_storage_may_not_use_names_the_grant(cloud: Cloud, buckets: Stack) -> None:
    agent = r"service-100000000001@gs-project-accounts\.iam\.gserviceaccount\.com"
    with pytest.raises(ApiError, match=f"serviceAccount:{agent} --role roles/cloudkms"):
        buckets.create(location="EU", kms_key_name=KEY)
    assert list(cloud.storage().list_buckets()) == []
    cloud.gcp.storage.usable_kms_keys.add(KEY)
    made = buckets.create(location="EU", kms_key_name=KEY)
    assert there(cloud, made.id).default_kms_key_name == KEY
    buckets.update(made, location="EU")
    assert there(cloud, made.id).default_kms_key_name is None


def test_update_keeps_what_others_added(cloud: Cloud, buckets: Stack) -> None:
    made = buckets.create(location="EU", labels={"team": "storage", "gone": "soon"})
    found = there(cloud, made.id)
    found.labels = {**found.labels, "theirs": "stays"}
    found.add_lifecycle_delete_rule(age=1, matches_prefix=["logs/"])
    found.patch()
    changed = buckets.update(
        made, location="EU", labels={"team": "other"}, versioning=True, noncurrent_days=3,
        soft_delete_days=0, storage_class="NEARLINE",
    )  # fmt: skip
    found = there(cloud, made.id)
    assert {k: v for k, v in found.labels.items() if k != MARK} == {
        "team": "other", "theirs": "stays"
    }  # fmt: skip
    conditions = [rule["condition"] for rule in found.lifecycle_rules]
    assert conditions == [
        {"age": 1, "matchesPrefix": ["logs/"]},
        {"daysSinceNoncurrentTime": 3, "isLive": False},
    ]
    assert (found.versioning_enabled, found.storage_class) == (True, "NEARLINE")
    assert found.soft_delete_policy.retention_duration_seconds == 0
    assert buckets.refresh(changed).inputs == changed.inputs  # type: ignore[union-attr]


def _access(**values: Any) -> Change:
    return {"iamConfiguration": values}


CHANGES: dict[str, tuple[Change, Any]] = {
    "storage_class": ({"storageClass": "NEARLINE"}, "NEARLINE"),
    "labels": ({"labels": {"team": "changed"}}, {"team": "changed"}),
    "labels, one gone": ({"labels": {"team": None}}, {}),
    "kms_key_name": ({"encryption": {"defaultKmsKeyName": KEY}}, KEY),
    "versioning": ({"versioning": {"enabled": True}}, True),
    "noncurrent_days": ({"lifecycle": None}, 0),
    "soft_delete_days": ({"softDeletePolicy": {"retentionDurationSeconds": "0"}}, 0),
    "soft_delete_days, and a half": (
        {"softDeletePolicy": {"retentionDurationSeconds": "648000"}},
        7.5,
    ),
    "uniform_access": (_access(uniformBucketLevelAccess={"enabled": False}), False),
    "public_access_prevented": (_access(publicAccessPrevention="inherited"), False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_another_hand_changed_is_put_back(cloud: Cloud, buckets: Stack, what: str) -> None:
    cloud.gcp.storage.usable_kms_keys.add(KEY)
    given = {"location": "EU", "labels": {"team": "storage"}}
    made = buckets.create(**given)
    change, now = CHANGES[what]
    cloud.gcp.storage.patch(made.id, change)
    seen = buckets.refresh(made)
    assert seen and seen.outputs == {**made.outputs, what.partition(",")[0]: now}
    buckets.update(seen, **given)
    assert buckets.refresh(made) == made


def test_labels_are_merged_with_the_stack_s(cloud: Cloud) -> None:
    config = {**cloud.config, "gcp:defaultLabels": '{"cost": "1", "team": "all"}'}
    props = Stack(BucketHandler, config).check(location="EU", labels={"team": "ours"})
    assert props["labels"] == {"cost": "1", "team": "ours"}


@pytest.mark.parametrize("labels", [{"Team": "x"}, {"goog-x": "x"}, {MARK: "x"}, {"a": "B"}])
def test_labels_are_judged(buckets: Stack, labels: dict[str, str]) -> None:
    assert "is not allowed" in buckets.reasons(location="EU", labels=labels)


def test_an_empty_one_of_an_interrupted_run_is_adopted(cloud: Cloud, buckets: Stack) -> None:
    first = buckets.create(location="EU", name="backups")
    second = buckets.create(location="EU", name="backups", labels={"team": "x"})
    assert there(cloud, "backups").labels["team"] == "x"
    buckets.delete(first)  # of the same name, and no longer the same bucket
    assert there(cloud, "backups")
    there(cloud, "backups").blob("x").upload_from_string(b"")
    with pytest.raises(Blocked, match=r"holds 1 object.*palette:recover true"):
        buckets.create(location="EU", name="backups")
    there(cloud, "backups").blob("x").delete()
    buckets.delete(second)
    assert list(cloud.storage().list_buckets()) == []


def test_others_buckets_are_not_taken(cloud: Cloud, buckets: Stack) -> None:
    cloud.storage().create_bucket("theirs")
    with pytest.raises(NotOwned, match="does not carry our mark"):
        buckets.create(location="EU", name="theirs")
    cloud.storage(cloud.other_key).create_bucket("far-away", project="other-project")
    with pytest.raises(NotOwned, match="taken in another Google Cloud project"):
        buckets.create(location="EU", name="far-away")


def test_delete_spares_contents_but_not_probes(cloud: Cloud, buckets: Stack) -> None:
    made = buckets.create(location="EU", versioning=True)
    bucket = there(cloud, made.id)
    for _ in range(2):
        bucket.blob("palette-backup-probe-1").upload_from_string(b"")
        bucket.blob("backups/x").upload_from_string(b"")
    with pytest.raises(Blocked, match="holds 1 object and 1 old version, so it is not deleted"):
        buckets.delete(made)
    forced = buckets.update(made, location="EU", versioning=True, force_destroy=True)
    buckets.delete(forced)
    assert buckets.refresh(forced) is None
    buckets.delete(forced)  # gone already: fine


def test_a_retained_bucket_stays_whole_and_is_named(
    cloud: Cloud, buckets: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    made = buckets.create(location="EU", name="backups", replace_with_data="retain")
    there(cloud, made.id).blob("backups/x").upload_from_string(b"")
    buckets.lifecycle.diff(made.id, made.outputs, {**made.inputs, "location": "US"}, set())
    assert "a new bucket replaces backups, which is kept" in capsys.readouterr().out
    buckets.delete(made)
    assert "set existing=True, name='backups'" in capsys.readouterr().out
    assert there(cloud, made.id).blob("backups/x").exists()
    there(cloud, made.id).blob("backups/x").delete()
    buckets.delete(made)
    assert buckets.refresh(made) is None


def test_an_object_that_is_gone_already_does_not_spare_the_bucket(
    cloud: Cloud, buckets: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = buckets.create(location="EU", force_destroy=True)
    for name in ("a", "b"):
        there(cloud, made.id).blob(name).upload_from_string(b"")
    real = cloud.gcp.storage.delete_object

    def repeated(*what: Any) -> None:
        real(*what)
        real(*what)

    monkeypatch.setattr(cloud.gcp.storage, "delete_object", repeated)
    buckets.delete(made)
    assert list(cloud.storage().list_buckets()) == []


def test_without_its_mark_it_is_left_alone(cloud: Cloud, buckets: Stack) -> None:
    made = buckets.create(location="EU")
    found = there(cloud, made.id)
    found.labels = {}
    found.patch()
    with pytest.raises(NotOwned, match=r"no longer carries the mark.*the label palette-backup"):
        buckets.delete(made)


def test_an_existing_one_is_read_and_no_more(cloud: Cloud, buckets: Stack) -> None:
    with pytest.raises(AssertionError, match="There is no bucket theirs"):
        buckets.create(location="US", name="theirs", existing=True)
    cloud.storage().create_bucket("theirs", location="US")
    assert "is in US, not in EU" in buckets.reasons(location="EU", name="theirs", existing=True)
    made = buckets.create(location="US", name="theirs", existing=True)
    buckets.delete(made)
    assert there(cloud, "theirs").labels == {}


def test_an_existing_one_that_velero_cannot_use_is_refused(cloud: Cloud, buckets: Stack) -> None:
    theirs = cloud.storage().create_bucket("theirs", location="US")
    theirs.retention_period = 86400 * 3
    theirs.default_event_based_hold = True
    theirs.add_lifecycle_delete_rule(age=30)
    theirs.patch()
    theirs.blob("photos/1").upload_from_string(b"")
    theirs.blob("backups/1").upload_from_string(b"")
    told = buckets.reasons(location="US", name="theirs", existing=True)
    for reason in (
        "a retention policy of 3 days",
        "a hold on every new object",
        "deletes objects by age",
        "folders that are not Velero's: photos/.",
    ):
        assert reason in told


def test_an_existing_one_that_velero_used_is_fit(cloud: Cloud, buckets: Stack) -> None:
    theirs = cloud.storage().create_bucket("theirs", location="US")
    theirs.add_lifecycle_delete_rule(days_since_noncurrent_time=30)
    theirs.add_lifecycle_delete_rule(age=3, matches_prefix=["logs/"])
    theirs.patch()
    for folder in ("backups", "kopia", "restores"):
        theirs.blob(f"{folder}/1").upload_from_string(b"")
    assert buckets.reasons(location="US", name="theirs", existing=True) == ""


def test_a_look_up_by_name_alone(cloud: Cloud, buckets: Stack) -> None:
    cloud.storage().create_bucket("theirs", location="europe-west1")
    state: Any = buckets.lifecycle.read("theirs", {})
    assert (state.location, state.url) == ("europe-west1", "gs://theirs")
    assert buckets.lifecycle.read("absent", {}) is None


def test_the_project_is_told_to_be_wrong(cloud: Cloud) -> None:
    stack = Stack(BucketHandler, {**cloud.config, "gcp:project": "no-such-project"})
    assert "these credentials see no such project" in stack.reasons(location="EU")
