"""The types of credentials, of every cloud."""

from palette_backup_provider.core.rotation.credential import CredentialHandler
from palette_backup_provider.core.rotation.retired import RetiredCredentialHandler
from palette_backup_provider.registry import RESOURCES

CREDENTIALS = [kind.token for kind in RESOURCES if issubclass(kind.handler, CredentialHandler)]
RETIRED = [kind.token for kind in RESOURCES if issubclass(kind.handler, RetiredCredentialHandler)]
"""What stands for a credential that a rotation replaced."""
