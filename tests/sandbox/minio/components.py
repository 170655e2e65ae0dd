"""The component on MinIO, as tests ask every component."""

import json
from collections import Counter
from datetime import UTC

from botocore.exceptions import ClientError

from palette_backup_provider.core.policy_language import ARN
from tests.sandbox.component import (
    TEAM,
    Clock,
    Component,
    Counts,
    Credential,
    Location,
    access_key,
    config_of,
    leave_backups,
)
from tests.sandbox.minio.inspector import MinioInspector

_DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def _works(minio: MinioInspector, location: Location) -> None:
    assert location["kind"] == "minio"
    config = config_of(location)
    assert config["s3ForcePathStyle"] is True
    minio.can_back_up(access_key(location), config["bucketName"])
    with minio.bucket("somebody-elses") as other:
        minio.reaches_nothing_else(access_key(location), other)
    (user,) = minio.users()
    assert minio.keys(user) == [access_key(location)[0]]
    assert [len(minio.buckets()), len(minio.policies())] == [1, 1]


def _count(minio: MinioInspector) -> Counts:
    users = minio.users()
    return Counter(
        buckets=len(minio.buckets()),
        users=len(users),
        groups=len(minio.groups()),
        keys=sum(len(minio.keys(user)) for user in users),
        policies=len(minio.policies()),
    )


def _change(minio: MinioInspector) -> None:
    (bucket,), (user,) = minio.buckets(), minio.users()
    (policy,) = minio.policies()
    tags = {"TagSet": [{"Key": "team", "Value": "x"}]}
    minio.s3().put_bucket_tagging(Bucket=bucket, Tagging=tags)
    reads = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    public = _document({**reads, "Resource": f"{ARN}{bucket}/*"})
    minio.s3().put_bucket_policy(Bucket=bucket, Policy=json.dumps(public))
    minio.admin("policy_add", policy, policy=_document(_DENY))
    minio.admin("user_add", user, "changed-by-another-hand")
    (key,) = minio.keys(user)
    minio.admin("update_service_account", access_key=key, status="off")


def _document(statement: dict[str, str]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [statement]}


MINIO = Component(
    "MinioBackupLocation",
    cloud="minio",
    inspector=MinioInspector,
    live=(("minio",), ("palette",)),
    kind="minio",
    must="",
    configured=f'tags={TEAM}, bucket_name=config.get("bucket"), '
    'secret_key=config.get_secret("secret")',
    outputs={
        "bucket": "bucket_name",
        "policy": "policy_name",
        "user": "user_name",
        "key": "credential_id",
    },
    prove=_works,
    waits="nightly: waiting for http://127.0.0.1",
    made='is_default=True, tags={"team": "storage"}',
    # joined, so that neither the program nor its bytecode holds the secret
    updated='is_default=True, tags={"team": "backup"}, location_labels={"team": "x"}, '
    'secret_key="-".join(("spoken-by", "nobody"))',
    # not user_name or bucket_name: MinIO takes no mark in the call that makes them, so only
    # one with a made-up name is told from somebody else's
    replaced='is_default=True, project="team-a", policy_name="another"',
    elsewhere='bucket_name="another"',
    count=_count,
    key_ids=lambda minio: {key for user in minio.users() for key in minio.keys(user)},
    # handed over and not in state: MinIO does not tell whether a key was ever used
    may_stay=Counter(keys=1),
    keeps=("bucket",),
    kept=Counter(buckets=1),
    end_key=None,
    credential=Credential(
        "minio:AccessKey",
        id=lambda location: access_key(location)[0],
        use=lambda minio, held: minio.can_back_up(access_key(held), config_of(held)["bucketName"]),
        refusal=ClientError,
    ),
    change=_change,
    changed=frozenset({"minio:Bucket", "minio:Policy", "minio:User", "minio:AccessKey"}),
    clock=Clock("minio.time.utcnow", UTC, too_slow=20),
    back_up=lambda minio, location: leave_backups(minio.s3()),
)
COMPONENTS = (MINIO,)
