"""How the classes of this folder are called. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Unpack, overload

    from pulumi import ResourceOptions

    from palette_backup_provider.components.aws import AwsBackupLocationArgs
    from palette_backup_provider.components.aws_sts import AwsStsBackupLocationArgs
    from palette_backup_provider.components.azure import AzureBackupLocationArgs
    from palette_backup_provider.components.gcp import GcpBackupLocationArgs
    from palette_backup_provider.components.keywords import (
        AwsBackupLocationArgsDict,
        AwsStsBackupLocationArgsDict,
        AzureBackupLocationArgsDict,
        GcpBackupLocationArgsDict,
        MinioBackupLocationArgsDict,
    )
    from palette_backup_provider.components.minio import MinioBackupLocationArgs


class AwsBackupLocationInit:
    """The ways to call `AwsBackupLocation`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: AwsBackupLocationArgs | AwsBackupLocationArgsDict,
            opts: ResourceOptions | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[AwsBackupLocationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class AwsStsBackupLocationInit:
    """The ways to call `AwsStsBackupLocation`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: AwsStsBackupLocationArgs | AwsStsBackupLocationArgsDict,
            opts: ResourceOptions | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[AwsStsBackupLocationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class AzureBackupLocationInit:
    """The ways to call `AzureBackupLocation`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: AzureBackupLocationArgs | AzureBackupLocationArgsDict,
            opts: ResourceOptions | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[AzureBackupLocationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class GcpBackupLocationInit:
    """The ways to call `GcpBackupLocation`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: GcpBackupLocationArgs | GcpBackupLocationArgsDict,
            opts: ResourceOptions | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[GcpBackupLocationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class MinioBackupLocationInit:
    """The ways to call `MinioBackupLocation`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: MinioBackupLocationArgs | MinioBackupLocationArgsDict,
            opts: ResourceOptions | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[MinioBackupLocationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...
