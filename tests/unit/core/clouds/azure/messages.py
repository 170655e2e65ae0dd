"""What is said of Azure, and holds no secret."""

MESSAGES = (
    "It refused PUT /subscriptions/12345678-1234-1234-1234-123456789abc/resourceGroups/backup-"
    "westeurope/providers/Microsoft.Storage/storageAccounts/nightly3f9a1c2b4d (Conflict): "
    "https://login.microsoftonline.com/12345678-1234-1234-1234-123456789abc/oauth2/v2.0/token",
)
