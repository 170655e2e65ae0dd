"""AWS."""

from palette_backup_provider.core.cloud import Cloud, CredentialWait
from palette_backup_provider.core.namespace import Key

WAIT = CredentialWait.of("palette:awsWait", "AWS", 120, "PALETTE_AWS_WAIT")
IAM_PATH = Key("palette:iamPath", "The path of AWS users, roles and policies, such as `/backup/`.")
PERMISSIONS_BOUNDARY = Key(
    "palette:permissionsBoundary", "ARN of the boundary of every AWS user and role."
)
BUNDLE = "AWS_CA_BUNDLE"
"""The variable from which only AWS's library reads CAs."""
CLOUD = Cloud("aws", (WAIT, IAM_PATH, PERMISSIONS_BOUNDARY), variables=("AWS",), bundle=BUNDLE)
