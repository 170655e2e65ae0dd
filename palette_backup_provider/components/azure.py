"""A backup location on Azure: resource group, account, container, application, roles, secret."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions, RunError, log

from palette_backup_provider.components.location import (
    LocationArgs,
    RotationArgs,
    documented,
    location,
    one_of,
)
from palette_backup_provider.resources import azure, palette


@documented
@dataclass(kw_only=True)
class AzureBackupLocationArgs(LocationArgs, RotationArgs):
    """All optional but the region.

    Args:
        location: The Azure region, such as `westeurope`. A change makes a new account.
        resource_group_name: The name of the resource group to make. Default: the logical name and
            ten hex digits.
        existing_resource_group: The name of a resource group of yours, never changed or deleted.
        storage_account_name: The name of the storage account to make. Default: the logical name
            and ten hex digits, at most 24.
        existing_storage_account: The name of a storage account of yours, in
            `existing_resource_group`, never changed or deleted. Its keys open all that is in it.
        container_name: The name of the container to make. Default: the logical name and ten hex
            digits.
        existing_container: The name of a container of yours, in `existing_storage_account`, used as
            it is and never changed or deleted.
        application_name: The name of the application to make. Default: the logical name and ten
            hex digits.
        existing_client_id: The application (client) id of an application of yours, not of the one
            made here. It gets a new client secret and nothing else: its service principal must have
            the roles already.
        sku: The account's SKU. Default: `Standard_LRS`.
        kind: The account's kind. Default: `StorageV2`.
        allowed_ips: IPv4 addresses, or ranges up to `/30`, that may reach the account. Default: all
            networks.
        allowed_subnets: Ids of subnets that may reach the account. Default: none.
        snapshot_scopes: Ids of resource groups whose disks the credential may snapshot and restore:
            those of the clusters. Default: none.
        secret_valid_days: How long the client secret is good for, in days. Default: 730.
        force_destroy: Whether a container with backups in it may be deleted. Default: false.
        tags: Tags of the resource group and account. For tags on everything made, set
            `palette:tags`.
        identity: The subscription and tenant that all this is in. Default: the stack's.
    """

    location: Input[str]
    resource_group_name: Input[str] | None = None
    existing_resource_group: Input[str] | None = None
    storage_account_name: Input[str] | None = None
    existing_storage_account: Input[str] | None = None
    container_name: Input[str] | None = None
    existing_container: Input[str] | None = None
    application_name: Input[str] | None = None
    existing_client_id: Input[str] | None = None
    sku: Input[str] | None = None
    kind: Input[str] | None = None
    allowed_ips: Input[Sequence[Input[str]]] | None = None
    allowed_subnets: Input[Sequence[Input[str]]] | None = None
    snapshot_scopes: Sequence[Input[str]] | None = None
    secret_valid_days: Input[int] | None = None
    force_destroy: Input[bool] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    identity: azure.Identity | None = None


class AzureBackupLocation(ComponentResource):
    """A backup location on Azure, with everything it needs.

    Outputs:
        location_uid: What cluster profiles and backup schedules refer to the location by.
        location_name: Its name in Palette.
        location_type: `azure`.
        resource_group_name: The resource group of the storage account.
        storage_account_name: The storage account.
        container_name: The container that holds the backups.
        client_id: The application that Palette signs in as; its secret is only in Palette and,
            encrypted, in state.
        principal_id: The application's service principal; None with `existing_client_id`.
        secret_expires: Until when the client secret is good.
    """

    location_uid: Output[str]
    location_name: Output[str]
    location_type: Output[str]
    resource_group_name: Output[str]
    storage_account_name: Output[str]
    container_name: Output[str]
    client_id: Output[str]
    principal_id: Output[str | None]
    secret_expires: Output[str]

    def __init__(
        self, name: str, args: AzureBackupLocationArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("palette-backup:index:AzureBackupLocation", name, {}, opts)
        _coherent(name, args)
        child = ResourceOptions(parent=self)
        group = self._group(name, args, child)
        account = self._account(name, args, group, child)
        container = self._container(name, args, account, child)
        self.client_id, self.principal_id, roles = self._application(name, args, account, child)
        wanted = azure.ClientSecretArgs(
            client_id=self.client_id,
            valid_days=args.secret_valid_days,
            identity=args.identity,
            rotate_after=args.rotate_after,
            rotation=args.rotation,
            retire_after=args.retire_after,
        )
        secret = azure.ClientSecret(name, wanted, child)
        able = ResourceOptions.merge(child, ResourceOptions(depends_on=roles))
        registered = self._location(name, args, account, container, secret, able)
        self.location_uid, self.location_name = registered.uid, registered.name
        self.location_type = Output.from_input("azure")
        self.resource_group_name, self.storage_account_name = group.name, account.name
        self.container_name, self.secret_expires = container.name, secret.expires
        self.register_outputs(
            {output: getattr(self, output) for output in type(self).__annotations__}
        )

    def _group(
        self, name: str, args: AzureBackupLocationArgs, child: ResourceOptions
    ) -> azure.ResourceGroup:
        wanted = azure.ResourceGroupArgs(
            location=args.location,
            name=_either(args.existing_resource_group, args.resource_group_name),
            tags=args.tags,
            existing=args.existing_resource_group is not None,
            identity=args.identity,
        )
        return azure.ResourceGroup(name, wanted, child)

    def _account(
        self,
        name: str,
        args: AzureBackupLocationArgs,
        group: azure.ResourceGroup,
        child: ResourceOptions,
    ) -> azure.StorageAccount:
        brought = args.existing_storage_account is not None
        if brought:
            log.warn(
                "Palette's credential may list the keys of the storage account, and these open all "
                "that is in it. Is there anything but backups? Then let one be made.",
                self,
            )
        wanted = azure.StorageAccountArgs(
            resource_group=group.name,
            location=args.location,
            name=_either(args.existing_storage_account, args.storage_account_name),
            sku=args.sku,
            kind=args.kind,
            allowed_ips=args.allowed_ips,
            allowed_subnets=args.allowed_subnets,
            tags=args.tags,
            existing=brought,
            identity=args.identity,
        )
        return azure.StorageAccount(name, wanted, child)

    def _container(
        self,
        name: str,
        args: AzureBackupLocationArgs,
        account: azure.StorageAccount,
        child: ResourceOptions,
    ) -> azure.Container:
        wanted = azure.ContainerArgs(
            resource_group=account.resource_group,
            storage_account=account.name,
            name=_either(args.existing_container, args.container_name),
            force_destroy=args.force_destroy,
            existing=args.existing_container is not None,
            identity=args.identity,
        )
        return azure.Container(name, wanted, child)

    def _application(
        self,
        name: str,
        args: AzureBackupLocationArgs,
        account: azure.StorageAccount,
        child: ResourceOptions,
    ) -> tuple[Output[str], Output[str | None], list[azure.RoleAssignment]]:
        """The client id; and, if they are made here, the service principal and its roles."""
        if args.existing_client_id is not None:
            brought = azure.ServicePrincipalArgs(
                client_id=args.existing_client_id, existing=True, identity=args.identity
            )
            client_id = azure.ServicePrincipal(name, brought, child).client_id
            return client_id, Output.from_input(None), []
        wanted = azure.ApplicationArgs(name=args.application_name, identity=args.identity)
        application = azure.Application(name, wanted, child)
        principal = azure.ServicePrincipal(
            name,
            azure.ServicePrincipalArgs(client_id=application.client_id, identity=args.identity),
            child,
        )
        id = principal.principal_id
        return (
            principal.client_id,
            id.apply(lambda id: id),
            _roles(name, args, account, id, child),
        )

    def _location(
        self,
        name: str,
        args: AzureBackupLocationArgs,
        account: azure.StorageAccount,
        container: azure.Container,
        secret: azure.ClientSecret,
        child: ResourceOptions,
    ) -> palette.BackupLocation:
        credentials = palette.ServicePrincipalCredentials(
            tenant_id=secret.tenant_id,
            client_id=secret.client_id,
            client_secret=secret.client_secret,
            subscription_id=account.subscription_id,
        )
        storage = palette.AzureBlob(
            container=container.name,
            storage_account=account.name,
            resource_group=account.resource_group,
            credentials=credentials,
            sku=account.sku,
            client_cloud=account.client_cloud,
        )
        return location(name, args, storage, child)


def _roles(
    name: str,
    args: AzureBackupLocationArgs,
    account: azure.StorageAccount,
    principal_id: Output[str],
    child: ResourceOptions,
) -> list[azure.RoleAssignment]:
    places: dict[str, tuple[Input[str], Sequence[str]]] = {
        "account": (account.resource_id, azure.ACCOUNT_ROLES)
    }
    for number, scope in enumerate(args.snapshot_scopes or [], 1):
        places[f"snapshots-{number}"] = (scope, azure.SNAPSHOT_ROLES)
    return [
        azure.RoleAssignment(
            f"{name}-{place}-{role.lower().replace(' ', '-')}",
            azure.RoleAssignmentArgs(
                scope=scope, role=role, principal_id=principal_id, identity=args.identity
            ),
            child,
        )
        for place, (scope, roles) in places.items()
        for role in roles
    ]


def _either(brought: Input[str] | None, named: Input[str] | None) -> Input[str] | None:
    return named if brought is None else brought


def _coherent(name: str, args: AzureBackupLocationArgs) -> None:
    one_of(
        name,
        args,
        ("resource_group_name", "existing_resource_group"),
        ("storage_account_name", "existing_storage_account"),
        ("container_name", "existing_container"),
        ("application_name", "existing_client_id"),
        ("snapshot_scopes", "existing_client_id"),
    )
    for inner, outer in (
        ("existing_storage_account", "existing_resource_group"),
        ("existing_container", "existing_storage_account"),
    ):
        if getattr(args, inner) is not None and getattr(args, outer) is None:
            raise RunError(f"{name}: {inner} needs {outer}: it says where it is.")
