"""What AWS has behind a location."""

from datetime import UTC

from moto.iam.models import IAMBackend, iam_backends
from moto.s3.models import s3_backends

from palette_backup_provider.sandbox.backing import Backing, Credential
from palette_backup_provider.sandbox.json import Body


def inspect(config: Body) -> Backing:
    """The bucket of a `spec.config`, and the user with its access key, or the role."""
    bucket = str(config["bucketName"]) in s3_backends.bucket_accounts
    credentials = config["credentials"]
    if credentials["credentialType"] == "sts":
        sts = credentials.get("sts")
        arn = sts.get("arn") if isinstance(sts, dict) else None
        roles = (role for iam in _everywhere() for role in [*iam.roles.values()])
        return Backing(bucket, next((role.name for role in roles if role.arn == arn), ""))
    id = str(credentials.get("accessKey"))
    for iam in _everywhere():
        if key := iam.access_keys.get(id):
            made = key.create_date.replace(tzinfo=UTC).timestamp()
            good = Credential(id, made) if key.status == "Active" else None
            return Backing(bucket, str(key.user_name), good)
    return Backing(bucket)


def _everywhere() -> list[IAMBackend]:
    """IAM of each account and partition. Copies, as calls change them meanwhile."""
    return [iam for account in [*iam_backends.values()] for iam in [*account.values()]]
