"""Containers of Azure."""

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import Refusal
from palette_backup_provider.sandbox.palette.kinds.kind import Kind, ValidateCall, require

_ENVIRONMENTS = (
    "AzureChinaCloud",
    "AzurePublicCloud",
    "AzureUSGovernment",
    "AzureUSGovernmentCloud",
    "AzureUSSecretCloud",
)


def _complete(body: Body, external_id: str) -> None:
    require(body, "tenantId", "clientId", "clientSecret")
    environment = body.get("azureEnvironment", "AzurePublicCloud")
    if environment not in _ENVIRONMENTS:
        raise Refusal(400, "InvalidRequest", f"azureEnvironment {environment} is unknown")


KIND = Kind(
    name="azure",
    cloud="azure",
    required=("resourceGroup", "containerName", "storageName", "credentials"),
    defaults={},
    credential_defaults={"clientCloud": "public"},
    secrets=("clientSecret",),
    place=lambda config: f"{config['storageName']}/{config['containerName']}",
    validate=ValidateCall(
        path="/azure/account/validate",
        complete=_complete,
        subject=lambda body: body["clientId"],
        subject_of=lambda config: config["credentials"]["clientId"],
    ),
)
