"""A backup location on Azure: resource group, account, container, application, roles, secret."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions

from palette_backup_provider.components import azure_storage
from palette_backup_provider.components.azure_storage import AzureStorageArgs
from palette_backup_provider.components.component import Component
from palette_backup_provider.components.inits import AzureBackupLocationInit
from palette_backup_provider.components.location import called, of_made
from palette_backup_provider.engine.arguments import arguments
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.shared_args import RotationArgs, inherited
from palette_backup_provider.resources import azure, palette

APPLICATION = {"existing_application": "an application"}


@documented
@dataclass(kw_only=True)
class AzureBackupLocationArgs(AzureStorageArgs, RotationArgs):
    """All optional but the region.

    Args:
        application_name: The name of the application to make. Default: the logical name and ten
            hex digits.
        existing_application: The application (client) id of an application of yours, not of the one
            made here. It gets a new client secret and nothing else: its service principal must have
            the roles already.
        snapshot_scopes: Ids of resource groups whose disks the credential may snapshot and restore:
            those of the clusters; the id of a subscription means all in it. Each gets a custom role
            of Velero's own list, and no more. Default: none.
        secret_valid_days: How long the client secret is good for, in days. Default: 730.
    """

    application_name: Input[str] | None = of_made(**APPLICATION)
    existing_application: Input[str] | None = None
    snapshot_scopes: Sequence[Input[str]] | None = of_made(**APPLICATION)
    secret_valid_days: Input[int] | None = None


class AzureBackupLocation(AzureBackupLocationInit, Component[AzureBackupLocationArgs]):
    """A backup location on Azure, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `azure`.
        resource_group_name: The resource group of the storage account.
        storage_account_name: The storage account.
        container_name: The container that holds the backups.
        client_id: The application that Palette signs in as.
        credential_id: The current client secret's key id; the secret itself is only in Palette and,
            encrypted, in state.
        principal_id: The application's service principal; None with `existing_application`.
        secret_expires: Until when the client secret is good.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    resource_group_name: Output[str]
    storage_account_name: Output[str]
    container_name: Output[str]
    client_id: Output[str]
    credential_id: Output[str]
    principal_id: Output[str | None]
    secret_expires: Output[str]

    @classmethod
    def mistakes(cls, args: AzureBackupLocationArgs) -> Iterator[tuple[str, str]]:
        yield from super().mistakes(args)
        yield from azure_storage.misplaced(args)

    def _make(self, name: str, args: AzureBackupLocationArgs, child: ResourceOptions) -> None:
        group = azure_storage.group(name, args, child)
        account = azure_storage.account(name, args, group, child)
        container = azure_storage.container(name, args, account, child)
        self.client_id, self.principal_id, roles = self._application(name, args, account, child)
        secret_args = azure.ClientSecretArgs(
            client_id=self.client_id,
            valid_days=args.secret_valid_days,
            identity=args.identity,
            **inherited(RotationArgs, args),
        )
        note = arguments(valid_days="secret_valid_days")
        secret = azure.ClientSecret(name, secret_args, child, noted=note)
        storage = self._storage(account, container, secret)
        self._register(
            name,
            args,
            storage,
            storage_made=[container, account, group],
            after=roles,
            retiring=[secret.retiring],
        )
        self.resource_group_name, self.storage_account_name = group.name, account.name
        self.container_name = container.name
        self.credential_id, self.secret_expires = secret.key_id, secret.expires

    def _application(
        self,
        name: str,
        args: AzureBackupLocationArgs,
        account: azure.StorageAccount,
        child: ResourceOptions,
    ) -> tuple[Output[str], Output[str | None], list[azure.RoleAssignment]]:
        """The client id; and, if they are made here, the service principal and its roles."""
        principal_note = called(args, "application", client_id="")
        if args.existing_application is not None:
            existing = azure.ServicePrincipalArgs(
                client_id=args.existing_application, existing=True, identity=args.identity
            )
            principal = azure.ServicePrincipal(name, existing, child, noted=principal_note)
            return principal.client_id, Output.from_input(None), []
        application_args = azure.ApplicationArgs(name=args.application_name, identity=args.identity)
        note = called(args, "application")
        application = azure.Application(name, application_args, child, noted=note)
        principal = azure.ServicePrincipal(
            name,
            azure.ServicePrincipalArgs(client_id=application.client_id, identity=args.identity),
            child,
            noted=principal_note,
        )
        roles = _roles(name, args, account, principal.principal_id, child)
        # the same value: an Output[str] is no Output[str | None]
        principal_id: Output[str | None] = principal.principal_id.apply(lambda id: id)
        return principal.client_id, principal_id, roles

    def _storage(
        self,
        account: azure.StorageAccount,
        container: azure.Container,
        secret: azure.ClientSecret,
    ) -> palette.AzureBlob:
        credentials = palette.ServicePrincipalCredentials(
            tenant_id=secret.tenant_id,
            client_id=secret.client_id,
            client_secret=secret.client_secret,
            subscription_id=account.subscription_id,
        )
        return palette.AzureBlob(
            container=container.name,
            storage_account=account.name,
            resource_group=account.resource_group,
            credentials=credentials,
            sku=account.sku,
            client_cloud=account.client_cloud,
        )


def _roles(
    name: str,
    args: AzureBackupLocationArgs,
    account: azure.StorageAccount,
    principal_id: Output[str],
    child: ResourceOptions,
) -> list[azure.RoleAssignment]:
    note = arguments(scope="snapshot_scopes")

    def give(place: str, scope: Input[str], role: Input[str]) -> azure.RoleAssignment:
        assignment = azure.RoleAssignmentArgs(
            scope=scope, role=role, principal_id=principal_id, identity=args.identity
        )
        return azure.RoleAssignment(f"{name}-{place}", assignment, child, noted=note)

    roles = [
        give(f"account-{role.lower().replace(' ', '-')}", account.resource_id, role)
        for role in azure.ACCOUNT_ROLES
    ]
    for number, scope in enumerate(args.snapshot_scopes or [], 1):
        place = f"snapshots-{number}"
        role_args = azure.SnapshotRoleArgs(scope=scope, identity=args.identity)
        role = azure.SnapshotRole(f"{name}-{place}", role_args, child, noted=note)
        roles.append(give(place, scope, role.name))
    return roles
