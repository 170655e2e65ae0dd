"""A bucket of somebody else's on Google Cloud."""

from typing import Any

from tests.sandbox.existing_place import BY_AGE, FOREIGN, ExistingPlace
from tests.sandbox.gcp.inspector import GcpInspector


def _spoilt(env: Any) -> None:
    bucket = GcpInspector(env).storage().create_bucket("theirs", location="EU")
    bucket.default_event_based_hold = bucket.requester_pays = True
    bucket.add_lifecycle_delete_rule(age=30)
    bucket.patch()
    bucket.blob("photos/1").upload_from_string(b"")
    bucket.blob("backups/1").upload_from_string(b"")


def _healed(env: Any) -> None:
    bucket = GcpInspector(env).storage().get_bucket("theirs")
    bucket.default_event_based_hold = bucket.requester_pays = False
    bucket.lifecycle_rules = []
    bucket.patch()
    bucket.blob("photos/1").delete()


EXISTING = ExistingPlace(
    "gcp:Bucket",
    """\
        GcpBackupLocation("n", GcpBackupLocationArgs(
            location="eu", existing_bucket="theirs"))
        """,
    lambda running: None,
    lambda running: _spoilt(running.env),
    lambda running: _healed(running.env),
    [
        "puts a hold on every new object. Velero rewrites the metadata of its backups",
        "Requester Pays of the bucket theirs refuses what Velero sends",
        FOREIGN,
        BY_AGE,
    ],
    {"location": "EU", "url": "gs://theirs"},
    """\
        bucket = gcp.Bucket("shared", location="eu")
        account = gcp.ServiceAccount("shared")
        GcpBackupLocation("n", location="EU", existing_bucket=bucket.name)
        GcpBackupLocation("m", location="EU", existing_bucket=bucket.name,
            existing_service_account=account.email, probe=False, palette_validate=False)
        """,
)
