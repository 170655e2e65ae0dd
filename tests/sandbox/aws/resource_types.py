"""What tests ask of each resource type of AWS."""

from tests.sandbox.resource_types import Types

TYPES = Types(
    counted={
        "aws:Bucket": ("buckets",),
        "aws:Policy": ("policies",),
        "aws:Role": ("roles",),
        "aws:User": ("users",),
    },
    nothing_remote=frozenset({"palette:AwsStsAccount"}),
    credentials={"aws:AccessKey": ("keys", "access_key_id")},
    other_ids={
        "aws:Bucket": lambda thing: [f"arn:aws:s3:::{thing.id}", f"s3://{thing.id}"],
        "aws:Policy": lambda thing: [thing.outputs["name"]],
        "aws:Role": lambda thing: [thing.outputs["arn"]],
        "aws:User": lambda thing: [thing.outputs["arn"]],
    },
    half_made={
        "AwsBackupLocation": (
            ("AttachUserPolicy", 1, "aws:User"),
            ("PutBucketPolicy", 1, "aws:Bucket"),
            ("TagUser", 2, "aws:AccessKey"),
        ),
        "AwsStsBackupLocation": (("AttachRolePolicy", 1, "aws:Role"),),
    },
)
