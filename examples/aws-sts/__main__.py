"""A location on AWS without a key: Palette and the clusters assume a role."""

import pulumi

from palette_backup_provider import AwsStsBackupLocation

config = pulumi.Config()
nightly = AwsStsBackupLocation(
    "nightly",
    region=config.get("region") or "eu-west-1",
    principals=config.get_object("clusterAccounts") or [],
    oidc_providers=config.get_object("oidcProviders") or [],
)
pulumi.export("location_uid", nightly.location_uid)
pulumi.export("role_arn", nightly.role_arn)
pulumi.export("trust_policy", nightly.trust_policy)
