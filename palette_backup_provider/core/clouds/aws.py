"""AWS."""

from palette_backup_provider.core.cloud import Cloud, CredentialWait
from palette_backup_provider.core.namespace import Key

WAIT = CredentialWait.of("palette:awsWait", "AWS", 120, "PALETTE_AWS_WAIT")
IAM_PATH = Key("palette:iamPath", "The path of AWS users, roles and policies, such as `/backup/`.")
PERMISSIONS_BOUNDARY = Key(
    "palette:permissionsBoundary", "ARN of the boundary of every AWS user and role."
)
CLOUD = Cloud("aws", (WAIT, IAM_PATH, PERMISSIONS_BOUNDARY))
