"""The prerequisites by pulumi-aws, the location by us, with the same least privilege."""

import json

import pulumi
import pulumi_aws

from palette_backup_provider import aws, palette

region = pulumi.Config("aws").require("region")
bucket = pulumi_aws.s3.Bucket("nightly")
private = pulumi_aws.s3.BucketPublicAccessBlock(
    "nightly",
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
policy = pulumi_aws.iam.Policy(
    "nightly", policy=bucket.bucket.apply(lambda name: json.dumps(aws.access_policy(name)))
)
user = pulumi_aws.iam.User("nightly")
allowed = pulumi_aws.iam.UserPolicyAttachment("nightly", user=user.name, policy_arn=policy.arn)
key = pulumi_aws.iam.AccessKey("nightly", user=user.name)
location = palette.BackupLocation(
    "nightly",
    storage=palette.S3(
        bucket=bucket.bucket,
        region=region,
        credentials=palette.StaticCredentials(access_key=key.id, secret_key=key.secret),
    ),
    opts=pulumi.ResourceOptions(depends_on=[private, allowed]),
)
pulumi.export("location_uid", location.uid)
