"""Good inputs for MinIO's types."""

from typing import Any

from palette_backup_provider import minio
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.core.policy_language import ARN, allow

IDENTITY = {"url": "http://127.0.0.1:9000", "user": "root", "password": "s3cr3t-of-minio"}
STATIC = {"kind": "secret", "access_key": "AKIA", "secret_key": "s3cr3t-of-minio-too"}
STORAGES: tuple[dict[str, Any], ...] = (
    {"kind": "minio", "bucket": "b", "url": "https://store:9000", "credentials": STATIC},
)
SAMPLES: dict[str, dict[str, Any]] = {
    "minio:AccessKey": {
        "user": "u",
        "user_secret": "s3cr3t-of-user",
        "old_user_secret": "s3cr3t-of-user-before",
    },
    "minio:Bucket": {},
    "minio:Policy": {"document": {"Statement": [allow(("s3:GetObject",), [f"{ARN}b/*"])]}},
    "minio:RetiringKey": {},
    "minio:RetiringSecret": {
        "old_secret_key": "s3cr3t-of-user",
        "secret_key": "s3cr3t-of-the-user-next",
    },
    "minio:User": {"secret_key": "s3cr3t-of-user"},
}
TOLD: dict[str, dict[str, Any]] = {"minio:Bucket": {"name": "made"}}
ANSWERS = {"server": "127.0.0.1:9000", "demand_admin_api": None}
HAS = {"identity": Identity.model_validate(IDENTITY)}
ARGUMENTS: dict[str, list[Any]] = {
    "identity": [minio.Identity(url="http://a", user="a", password="a")]
}
BACKUPS = {"bucket_name"}
REACH_NOTHING = {
    token: "To MinIO, the pattern in a name is a name like any other."
    for token in ("minio:Policy", "minio:User")
}
FUNCTIONS: dict[str, dict[str, Any]] = {"minio:access_policy": {"bucket": "b"}}
