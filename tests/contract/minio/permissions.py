"""What an operator needs on MinIO, as `mc admin policy create` takes it."""

from palette_backup_provider.clients.minio.permissions import STATEMENTS
from palette_backup_provider.core.policy_language import ARN
from tests.contract.permissions import policy

FILE = "minio.json"


def document() -> str:
    """The policy."""
    return policy(STATEMENTS, f"{ARN}*")
