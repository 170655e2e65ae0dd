"""The component on Google Cloud, as tests ask every component."""

import json
from collections import Counter

from google.auth.exceptions import RefreshError

from tests.sandbox.component import TEAM, Clock, Component, Counts, Credential, Location, config_of
from tests.sandbox.gcp.inspector import GcpInspector

GCP_ROLES = ["roles/storage.objectAdmin", "roles/storage.legacyBucketReader"]


def account_key(location: Location) -> str:
    """The key of a service account that a location holds, as JSON."""
    return str(config_of(location)["credentials"]["jsonCredentials"])


def _works(gcp: GcpInspector, location: Location) -> None:
    bucket, key = config_of(location)["bucketName"], account_key(location)
    gcp.can_back_up(key, bucket)
    with gcp.bucket("somebody-elses") as other:
        gcp.reaches_nothing_else(key, other.name)
    (email,) = gcp.emails()
    assert gcp.keys(email) == [json.loads(key)["private_key_id"]]
    assert gcp.buckets() == [bucket]
    assert all(f"serviceAccount:{email}" in gcp.bindings(bucket)[role] for role in GCP_ROLES)


def _count(gcp: GcpInspector) -> Counts:
    emails, buckets = gcp.emails(), gcp.buckets()
    members = [m for bucket in buckets for of in gcp.bindings(bucket).values() for m in of]
    projects = gcp.api("cloudresourcemanager", "v1").projects()
    policy = projects.getIamPolicy(resource=gcp.project).execute().get("bindings", [])
    return Counter(
        buckets=len(buckets),
        accounts=len(emails),
        keys=sum(len(gcp.keys(email)) for email in emails),
        bindings=sum("serviceAccount:" in member for member in members),
        grants=sum("/roles/" in binding["role"] for binding in policy),  # roles made here
    )


def _change(gcp: GcpInspector) -> None:
    (name,), (email,) = gcp.buckets(), gcp.emails()
    bucket = gcp.storage().get_bucket(name)
    bucket.iam_configuration.public_access_prevention = "inherited"
    bucket.versioning_enabled = True
    bucket.patch()
    policy = bucket.get_iam_policy(requested_policy_version=3)
    (one, *_) = [b for b in policy.bindings if f"serviceAccount:{email}" in b["members"]]
    policy.bindings = [b for b in policy.bindings if b is not one]
    bucket.set_iam_policy(policy)
    (key,), account = gcp.keys(email), f"projects/-/serviceAccounts/{email}"
    gcp.accounts().keys().disable(name=f"{account}/keys/{key}").execute()
    gcp.accounts().disable(name=account).execute()
    roles, parent = gcp.api("iam", "v1").projects().roles(), f"projects/{gcp.project}"
    for role in roles.list(parent=parent).execute().get("roles", []):
        off = {"stage": "DISABLED"}
        roles.patch(name=role["name"], body=off, updateMask="stage").execute()


def _back_up(gcp: GcpInspector, location: Location) -> None:
    (bucket,) = gcp.buckets()
    gcp.storage().bucket(bucket).blob("backups/one").upload_from_string(b"data")


GCP = Component(
    "GcpBackupLocation",
    cloud="gcp",
    inspector=GcpInspector,
    live=(("gcp",),),
    kind="gcp",
    must='location="EU"',
    configured=f'location=config.get("location") or "EU", labels={TEAM}, snapshots=True',
    outputs={
        "bucket": "bucket_name",
        "account": "service_account_email",
        "key": "credential_id",
        "roles": "roles",
        "snapshot_role": "snapshot_role",
    },
    prove=_works,
    waits="nightly: waiting for Google to accept the key",
    made='location="EU", snapshots=True, labels={"team": "storage"}',
    updated='location="EU", snapshots=True, versioning=True, location_labels={"team": "x"}',
    replaced='location="US", snapshots=True, service_account_id="another"',
    elsewhere='location="US", snapshots=True',
    count=_count,
    key_ids=lambda gcp: {key for email in gcp.emails() for key in gcp.keys(email)},
    # Made and noted, but not in state. Google does not tell whether a key was ever used, so it may
    # be one that a lost state knew.
    may_stay=Counter(keys=1),
    keeps=("bucket",),
    kept=Counter(buckets=1),
    end_key=None,
    credential=Credential(
        "gcp:ServiceAccountKey",
        id=lambda location: str(json.loads(account_key(location))["private_key_id"]),
        use=lambda gcp, held: gcp.can_back_up(account_key(held), config_of(held)["bucketName"]),
        refusal=RefreshError,
    ),
    change=_change,
    changed=frozenset(
        {
            "gcp:Bucket",
            "gcp:BucketAccess",
            "gcp:ServiceAccount",
            "gcp:ServiceAccountKey",
            "gcp:SnapshotAccess",
        }
    ),
    # Google takes what is signed for an hour until that hour is over.
    clock=Clock("google.auth._helpers.utcnow", None, too_slow=70),
    back_up=_back_up,
)
COMPONENTS = (GCP,)
