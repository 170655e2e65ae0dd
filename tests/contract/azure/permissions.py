"""What an operator needs in Azure, as `az role definition create` takes it."""

from palette_backup_provider.clients.azure.permissions import STATEMENTS
from tests.contract.permissions import as_json

FILE = "azure.json"


def document() -> str:
    """The definition of the role."""
    return as_json(
        {
            "Name": "Palette backup locations",
            "IsCustom": True,
            "Description": "What AzureBackupLocation takes of Azure Resource Manager.",
            "Actions": sorted(action for one in STATEMENTS for action in one.actions),
            "NotActions": [],
            "DataActions": [],
            "NotDataActions": [],
            "AssignableScopes": ["/subscriptions/00000000-0000-0000-0000-000000000000"],
        }
    )
