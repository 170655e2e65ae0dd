"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from palette_backup_provider.engine.keywords import RotationArgsDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal, Required

    from pulumi import Input

    from palette_backup_provider.resources.azure.identity import Identity


class IdentityDict(TypedDict, total=False):
    """As `Identity`, which describes each."""

    subscription: Input[str] | None
    tenant: Input[str] | None


class SubscriptionArgsDict(TypedDict, total=False):
    """As `SubscriptionArgs`, which describes each."""

    identity: Input[Identity | IdentityDict] | None


class TenantArgsDict(TypedDict, total=False):
    """As `TenantArgs`, which describes each."""

    identity: Input[Identity | IdentityDict] | None


class ApplicationArgsDict(TenantArgsDict, total=False):
    """As `ApplicationArgs`, which describes each."""

    name: Input[str] | None


class ClientSecretArgsDict(TenantArgsDict, RotationArgsDict, total=False):
    """As `ClientSecretArgs`, which describes each."""

    client_id: Required[Input[str]]
    valid_days: Input[int] | None


class ContainerArgsDict(SubscriptionArgsDict, total=False):
    """As `ContainerArgs`, which describes each."""

    resource_group: Required[Input[str]]
    storage_account: Required[Input[str]]
    name: Input[str] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    existing: Input[bool] | None


class ResourceGroupArgsDict(SubscriptionArgsDict, total=False):
    """As `ResourceGroupArgs`, which describes each."""

    location: Input[str] | None
    name: Input[str] | None
    tags: Input[Mapping[str, Input[str]]] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    existing: Input[bool] | None


class RetiringSecretArgsDict(TenantArgsDict, total=False):
    """As `RetiringSecretArgs`, which describes each."""

    client_id: Required[Input[str]]


class RoleAssignmentArgsDict(SubscriptionArgsDict, total=False):
    """As `RoleAssignmentArgs`, which describes each."""

    scope: Required[Input[str]]
    role: Required[Input[str]]
    principal_id: Required[Input[str]]


class ServicePrincipalArgsDict(TenantArgsDict, total=False):
    """As `ServicePrincipalArgs`, which describes each."""

    client_id: Required[Input[str]]
    existing: Input[bool] | None


class SnapshotRoleArgsDict(SubscriptionArgsDict, total=False):
    """As `SnapshotRoleArgs`, which describes each."""

    scope: Required[Input[str]]
    role_name: Input[str] | None


class StorageAccountArgsDict(SubscriptionArgsDict, total=False):
    """As `StorageAccountArgs`, which describes each."""

    resource_group: Required[Input[str]]
    location: Input[str] | None
    kind: Input[str] | None
    name: Input[str] | None
    sku: Input[str] | None
    allowed_ips: Input[Sequence[Input[str]]] | None
    allowed_subnets: Input[Sequence[Input[str]]] | None
    tags: Input[Mapping[str, Input[str]]] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    existing: Input[bool] | None
