"""Buckets of AWS, and of whatever else speaks S3."""

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.aws_account import routes
from palette_backup_provider.sandbox.palette.errors import Refusal
from palette_backup_provider.sandbox.palette.kinds.kind import Kind, ValidateCall, require


def _complete(body: Body, external_id: str) -> None:
    require(body, "bucket", "region", "credentials")
    credentials = body["credentials"]
    kind = credentials.setdefault("credentialType", "secret")
    if kind == "secret":
        require(credentials, "accessKey", "secretKey")
    elif kind == "sts":
        require(credentials, "sts")
        require(credentials["sts"], "arn")
        # Whatever the caller says, Palette assumes roles with the tenant's own external id.
        credentials["sts"]["externalId"] = external_id
    else:
        raise Refusal(400, "InvalidRequest", f"credentialType {kind} cannot be validated")


KIND = Kind(
    name="s3",
    cloud="aws",
    required=("bucketName", "region", "credentials"),
    defaults={"s3ForcePathStyle": True, "useRestic": True},
    credential_defaults={"credentialType": "secret", "partition": "aws"},
    secrets=("secretKey",),
    place=lambda config: config["bucketName"],
    validate=ValidateCall(
        path="/aws/s3/validate",
        complete=_complete,
        subject=lambda body: body["bucket"],
        subject_of=lambda config: config["bucketName"],
    ),
    aliases=("aws",),
    routes=routes,
)
