"""What Azure has behind a location."""

from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.backing import Backing, Credential
from palette_backup_provider.sandbox.json import Body


def inspect(azure: Azure, config: Body) -> Backing:
    """The container of a `spec.config`, and the application with its secret."""
    credentials = config["credentials"]
    account = azure.storage.accounts.get(str(config["storageName"]))
    container = account is not None and str(config["containerName"]) in account.containers
    for application in [*azure.entra.applications.values()]:
        if application.app_id != credentials.get("clientId"):
            continue
        text = credentials.get("clientSecret")
        secret = next((secret for secret in application.secrets if secret.text == text), None)
        credential = None
        if secret:
            credential = Credential(secret.key_id, secret.made, secret.ends.timestamp())
        return Backing(container, str(application.said["displayName"]), credential)
    return Backing(container)
