"""What an operator needs on AWS, as `aws iam create-policy` takes it."""

from palette_backup_provider.clients.aws.permissions import STATEMENTS
from tests.contract.permissions import policy

FILE = "aws.json"


def document() -> str:
    """The policy."""
    return policy(STATEMENTS, "*")
