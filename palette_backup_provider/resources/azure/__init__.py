"""What a backup location needs on Azure."""

from palette_backup_provider.resources.azure.application import Application, ApplicationArgs
from palette_backup_provider.resources.azure.arm.roles import (
    ACCOUNT_ROLES,
    SNAPSHOT_ACTIONS,
    role_definition,
)
from palette_backup_provider.resources.azure.client_secret import ClientSecret, ClientSecretArgs
from palette_backup_provider.resources.azure.container import Container, ContainerArgs
from palette_backup_provider.resources.azure.identity import Identity
from palette_backup_provider.resources.azure.keywords import (
    ApplicationArgsDict,
    ClientSecretArgsDict,
    ContainerArgsDict,
    IdentityDict,
    ResourceGroupArgsDict,
    RetiringSecretArgsDict,
    RoleAssignmentArgsDict,
    ServicePrincipalArgsDict,
    SnapshotRoleArgsDict,
    StorageAccountArgsDict,
)
from palette_backup_provider.resources.azure.resource_group import ResourceGroup, ResourceGroupArgs
from palette_backup_provider.resources.azure.retiring_secret import (
    RetiringSecret,
    RetiringSecretArgs,
)
from palette_backup_provider.resources.azure.role_assignment import (
    RoleAssignment,
    RoleAssignmentArgs,
)
from palette_backup_provider.resources.azure.service_principal import (
    ServicePrincipal,
    ServicePrincipalArgs,
)
from palette_backup_provider.resources.azure.snapshot_role import SnapshotRole, SnapshotRoleArgs
from palette_backup_provider.resources.azure.storage_account import (
    StorageAccount,
    StorageAccountArgs,
)

__all__ = [
    "ACCOUNT_ROLES",
    "SNAPSHOT_ACTIONS",
    "Application",
    "ApplicationArgs",
    "ApplicationArgsDict",
    "ClientSecret",
    "ClientSecretArgs",
    "ClientSecretArgsDict",
    "Container",
    "ContainerArgs",
    "ContainerArgsDict",
    "Identity",
    "IdentityDict",
    "ResourceGroup",
    "ResourceGroupArgs",
    "ResourceGroupArgsDict",
    "RetiringSecret",
    "RetiringSecretArgs",
    "RetiringSecretArgsDict",
    "RoleAssignment",
    "RoleAssignmentArgs",
    "RoleAssignmentArgsDict",
    "ServicePrincipal",
    "ServicePrincipalArgs",
    "ServicePrincipalArgsDict",
    "SnapshotRole",
    "SnapshotRoleArgs",
    "SnapshotRoleArgsDict",
    "StorageAccount",
    "StorageAccountArgs",
    "StorageAccountArgsDict",
    "role_definition",
]
