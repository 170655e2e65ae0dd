"""The prerequisites by pulumi-gcp, the location by us, with the same least privilege."""

from base64 import b64decode

import pulumi
import pulumi_gcp

from palette_backup_provider import gcp, palette

bucket = pulumi_gcp.storage.Bucket(
    "nightly",
    location=pulumi.Config().get("location") or "EU",
    uniform_bucket_level_access=True,
    public_access_prevention="enforced",
)
account = pulumi_gcp.serviceaccount.Account("nightly", account_id=f"nightly-{pulumi.get_stack()}")
allowed = [
    pulumi_gcp.storage.BucketIAMMember(
        role.rpartition(".")[2], bucket=bucket.name, role=role, member=account.member
    )
    for role in gcp.BUCKET_ROLES
]
key = pulumi_gcp.serviceaccount.Key("nightly", service_account_id=account.name)
storage = palette.Gcs(
    bucket=bucket.name,
    project=bucket.project,
    json_credentials=key.private_key.apply(lambda encoded: b64decode(encoded).decode()),
)
location = palette.BackupLocation(
    "nightly", storage=storage, opts=pulumi.ResourceOptions(depends_on=allowed)
)
pulumi.export("location_uid", location.uid)
