"""What a location on Azure keeps its backups in: resource group, storage account and container."""

# No `from __future__ import annotations` here: Pulumi reads the real annotations of components.
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, ResourceOptions

from palette_backup_provider.components.location import LocationArgs, called, of_made, serving
from palette_backup_provider.engine.warning import warn
from palette_backup_provider.resources import azure

ACCOUNT = {"existing_storage_account": "a storage account"}
CONTAINER = {"existing_container": "a container"}


@dataclass(kw_only=True)
class AzureStorageArgs(LocationArgs):
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
        sku: The account's SKU, also of an existing account, as Palette needs it. Default:
            `Standard_LRS`.
        kind: The account's kind. Default: `StorageV2`.
        allowed_ips: IPv4 addresses, or ranges up to `/30`, that may reach the account. Default: all
            networks.
        allowed_subnets: Ids of subnets that may reach the account. Default: none.
        force_destroy: Whether a container with backups in it may be deleted. Default: false.
        replace_with_data: `retain` keeps a container with backups in it, and what it is in, out of
            state, where it would be replaced or destroyed; `refuse` stops there. Default: `refuse`.
        tags: Tags of the resource group and account. For tags on everything made, set
            `palette:tags`.
        identity: The subscription and tenant that all this is in. Default: the stack's.
    """

    location: Input[str]
    resource_group_name: Input[str] | None = of_made(existing_resource_group="a resource group")
    existing_resource_group: Input[str] | None = None
    storage_account_name: Input[str] | None = of_made(**ACCOUNT)
    existing_storage_account: Input[str] | None = None
    container_name: Input[str] | None = of_made(**CONTAINER)
    existing_container: Input[str] | None = None
    sku: Input[str] | None = None
    kind: Input[str] | None = of_made(**ACCOUNT)
    allowed_ips: Input[Sequence[Input[str]]] | None = of_made(**ACCOUNT)
    allowed_subnets: Input[Sequence[Input[str]]] | None = of_made(**ACCOUNT)
    force_destroy: Input[bool] | None = of_made(**CONTAINER)
    replace_with_data: Input[Literal["refuse", "retain"]] | None = of_made(**CONTAINER)
    tags: Input[Mapping[str, Input[str]]] | None = of_made(**ACCOUNT)
    identity: azure.Identity | None = None


def group(name: str, args: AzureStorageArgs, child: ResourceOptions) -> azure.ResourceGroup:
    new = azure.ResourceGroupArgs(
        location=None if args.existing_resource_group is not None else args.location,
        name=_either(args.existing_resource_group, args.resource_group_name),
        tags=args.tags,
        replace_with_data=args.replace_with_data,
        existing=args.existing_resource_group is not None,
        identity=args.identity,
    )
    note = called(args, "resource_group")
    return azure.ResourceGroup(name, new, child, noted={**serving(name, args, child), **note})


def account(
    name: str, args: AzureStorageArgs, group: azure.ResourceGroup, child: ResourceOptions
) -> azure.StorageAccount:
    """The storage account that `args` create, or name if it exists."""
    existing = args.existing_storage_account is not None
    if existing:
        warn(
            "Palette's credential may list the keys of the storage account, and these open all "
            "that is in it. Is there anything but backups? Then let one be made.",
            child.parent,
        )
    new = azure.StorageAccountArgs(
        resource_group=group.name,
        location=args.location,
        name=_either(args.existing_storage_account, args.storage_account_name),
        sku=args.sku,
        kind=args.kind,
        allowed_ips=args.allowed_ips,
        allowed_subnets=args.allowed_subnets,
        tags=args.tags,
        replace_with_data=args.replace_with_data,
        existing=existing,
        identity=args.identity,
    )
    note = called(args, "storage_account")
    return azure.StorageAccount(name, new, child, noted={**serving(name, args, child), **note})


def container(
    name: str, args: AzureStorageArgs, account: azure.StorageAccount, child: ResourceOptions
) -> azure.Container:
    """The container that `args` create, or name if it exists."""
    new = azure.ContainerArgs(
        resource_group=account.resource_group,
        storage_account=account.name,
        name=_either(args.existing_container, args.container_name),
        force_destroy=args.force_destroy,
        replace_with_data=args.replace_with_data,
        existing=args.existing_container is not None,
        identity=args.identity,
    )
    note = called(args, "container")
    return azure.Container(name, new, child, noted={**serving(name, args, child), **note})


def _either(existing: Input[str] | None, named: Input[str] | None) -> Input[str] | None:
    return named if existing is None else existing


def misplaced(args: AzureStorageArgs) -> Iterator[tuple[str, str]]:
    """The existing objects that are named without the object that contains them."""
    for inner, outer in (
        ("existing_storage_account", "existing_resource_group"),
        ("existing_container", "existing_storage_account"),
    ):
        if getattr(args, inner) is not None and getattr(args, outer) is None:
            yield inner, f"needs {outer}, which says where it is."
