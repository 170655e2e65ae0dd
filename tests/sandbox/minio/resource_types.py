"""What tests ask of each resource type of MinIO."""

from tests.sandbox.resource_types import Types

TYPES = Types(
    counted={
        "minio:Bucket": ("buckets",),
        "minio:Policy": ("policies",),
        "minio:User": ("users", "groups"),  # a group is its mark
    },
    credentials={"minio:AccessKey": ("keys", "access_key_id")},
    not_importable=frozenset({"minio:User"}),
    other_ids={"minio:Bucket": lambda thing: [f"s3://{thing.id}"]},
    half_made={
        "MinioBackupLocation": (
            ("PUT /{bucket}?tagging", 1, "minio:Bucket"),
            ("PUT /minio/admin/v3/update-group-members", 1, "minio:User"),
            ("POST /minio/admin/v3/update-service-account", 1, "minio:AccessKey"),
        )
    },
)
