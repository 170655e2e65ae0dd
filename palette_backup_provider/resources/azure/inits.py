"""How the classes of this folder are called. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack, overload

    from pulumi import ResourceOptions

    from palette_backup_provider.resources.azure.application import ApplicationArgs
    from palette_backup_provider.resources.azure.client_secret import ClientSecretArgs
    from palette_backup_provider.resources.azure.container import ContainerArgs
    from palette_backup_provider.resources.azure.keywords import (
        ApplicationArgsDict,
        ClientSecretArgsDict,
        ContainerArgsDict,
        ResourceGroupArgsDict,
        RetiringSecretArgsDict,
        RoleAssignmentArgsDict,
        ServicePrincipalArgsDict,
        SnapshotRoleArgsDict,
        StorageAccountArgsDict,
    )
    from palette_backup_provider.resources.azure.resource_group import ResourceGroupArgs
    from palette_backup_provider.resources.azure.retiring_secret import RetiringSecretArgs
    from palette_backup_provider.resources.azure.role_assignment import RoleAssignmentArgs
    from palette_backup_provider.resources.azure.service_principal import ServicePrincipalArgs
    from palette_backup_provider.resources.azure.snapshot_role import SnapshotRoleArgs
    from palette_backup_provider.resources.azure.storage_account import StorageAccountArgs


class ApplicationInit:
    """The ways to call `Application`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ApplicationArgs | ApplicationArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ApplicationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class ClientSecretInit:
    """The ways to call `ClientSecret`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ClientSecretArgs | ClientSecretArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ClientSecretArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class ContainerInit:
    """The ways to call `Container`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ContainerArgs | ContainerArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ContainerArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class ResourceGroupInit:
    """The ways to call `ResourceGroup`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ResourceGroupArgs | ResourceGroupArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ResourceGroupArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class RetiringSecretInit:
    """The ways to call `RetiringSecret`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: RetiringSecretArgs | RetiringSecretArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[RetiringSecretArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class RoleAssignmentInit:
    """The ways to call `RoleAssignment`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: RoleAssignmentArgs | RoleAssignmentArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[RoleAssignmentArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class ServicePrincipalInit:
    """The ways to call `ServicePrincipal`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ServicePrincipalArgs | ServicePrincipalArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ServicePrincipalArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class SnapshotRoleInit:
    """The ways to call `SnapshotRole`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: SnapshotRoleArgs | SnapshotRoleArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[SnapshotRoleArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class StorageAccountInit:
    """The ways to call `StorageAccount`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: StorageAccountArgs | StorageAccountArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[StorageAccountArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...
