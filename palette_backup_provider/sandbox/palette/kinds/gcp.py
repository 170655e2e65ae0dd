"""Buckets of Google Cloud."""

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.kinds.kind import Kind, ValidateCall, require


def _complete(body: Body, external_id: str) -> None:
    require(body, "bucketName", "credentials")
    require(body["credentials"], "jsonCredentials")


KIND = Kind(
    name="gcp",
    cloud="gcp",
    required=("bucketName", "credentials"),
    defaults={},
    credential_defaults={},
    secrets=("jsonCredentials",),
    place=lambda config: config["bucketName"],
    validate=ValidateCall(
        path="/gcp/bucketname/validate",
        complete=_complete,
        subject=lambda body: body["bucketName"],
        subject_of=lambda config: config["bucketName"],
    ),
)
