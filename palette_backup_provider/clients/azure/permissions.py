"""What an operator needs in Azure, and which of it the credentials in use have.

Resource Manager tells what roles allow on the subscription. Deny assignments and Azure Policy are
not told. For Microsoft Graph the access token tells.
"""

from typing import Any

from palette_backup_provider.clients.azure.client import ROLES, AzureClient
from palette_backup_provider.clients.azure.errors import REFUSED
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.permissions import (
    Answer,
    Permissions,
    Statement,
    answered,
    covers,
    unclear,
)

DOCUMENT = "docs/permissions/azure.json"
LOCATION = Statement(
    DOCUMENT,
    (
        "Microsoft.Authorization/roleAssignments/delete",
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Resources/subscriptions/locations/read",
        "Microsoft.Resources/subscriptions/read",
        "Microsoft.Resources/subscriptions/resourceGroups/delete",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Resources/subscriptions/resourceGroups/write",
        "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
        "Microsoft.Storage/storageAccounts/blobServices/containers/read",
        "Microsoft.Storage/storageAccounts/blobServices/containers/write",
        "Microsoft.Storage/storageAccounts/delete",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "Microsoft.Storage/storageAccounts/managementPolicies/read",
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Storage/storageAccounts/write",
    ),
)
SNAPSHOTS = Statement(
    DOCUMENT,
    (
        "Microsoft.Authorization/roleDefinitions/delete",
        "Microsoft.Authorization/roleDefinitions/read",
        "Microsoft.Authorization/roleDefinitions/write",
    ),
    only_for="snapshot_scopes",
)
DOCTOR = Statement(
    DOCUMENT, ("Microsoft.Authorization/permissions/read",), only_for="palette-backup doctor"
)
STATEMENTS = (LOCATION, SNAPSHOTS, DOCTOR)
GRAPH = Statement(
    "the API permissions of the operator's application, with an administrator's consent",
    ("Application.ReadWrite.OwnedBy",),
)
ROLES_OF_GRAPH = {*GRAPH.actions, "Application.ReadWrite.All", "Directory.ReadWrite.All"}
DIRECTORY_ROLES = {
    "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
    "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
    "cf1c38e5-3621-4004-a7cb-879624dced7c": "Application Developer",
}
"""Roles of Entra ID whose holders create applications, by the ids that tokens have."""


def permissions(azure: AzureClient) -> Permissions:
    """Which permissions the credentials in use have on the subscription, and in Graph.

    Raises ApiError where Azure cannot be asked.
    """
    return Permissions([*_on_the_subscription(azure).answers, _in_graph(azure.graph_claims())])


def _on_the_subscription(azure: AzureClient) -> Permissions:
    scope = f"/subscriptions/{azure.subscription()}"
    path = f"{scope}/providers/Microsoft.Authorization/permissions"
    try:
        roles = azure.arm("GET", path, version=ROLES)["value"]
    except ApiError as error:
        if error.code not in REFUSED:
            raise
        how = f"Allow {DOCTOR.actions[0]} on {scope} ({DOCUMENT})."
        return unclear(STATEMENTS, f"{error} {how}")
    actions = [action for one in STATEMENTS for action in one.actions]
    return answered(STATEMENTS, [one for one in actions if any(_allows(r, one) for r in roles)])


def _allows(role: dict[str, Any], action: str) -> bool:
    allowed, refused = (role.get(name) or [] for name in ("actions", "notActions"))
    return any(covers(pattern, action) for pattern in allowed) and not any(
        covers(pattern, action) for pattern in refused
    )


def _in_graph(claims: dict[str, Any]) -> Answer:
    if ROLES_OF_GRAPH.intersection(claims.get("roles", [])):
        return Answer(GRAPH)
    if DIRECTORY_ROLES.keys() & set(claims.get("wids", [])):
        return Answer(GRAPH)
    if "scp" in claims:
        return Answer(
            GRAPH,
            unclear="A person is signed in, and none of their roles in Entra ID creates "
            "applications. The tenant may let everybody do so; Application Developer is enough.",
        )
    return Answer(GRAPH, GRAPH.actions)
