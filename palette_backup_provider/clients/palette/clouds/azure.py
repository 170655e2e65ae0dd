"""What is read of Palette's answers about locations on Azure."""

from palette_backup_provider.clients.palette.location import LOCATION, Config, WholeLocation
from palette_backup_provider.clients.rest.answers import UNREAD, Shape


class AzureCredentials(Shape):
    tenantId: str | None = None
    clientId: str | None = None
    subscriptionId: str | None = None
    clientCloud: str | None = None


class AzureConfig(Config):
    containerName: str
    storageName: str
    resourceGroup: str
    sku: str | None = None
    credentials: AzureCredentials | None = None


ROUTES: dict[str, object] = {
    f"GET {LOCATION}/azure/{{uid}}": WholeLocation[AzureConfig],
    "POST /v1/clouds/azure/account/validate": UNREAD,
}
