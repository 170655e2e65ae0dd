"""How the classes of this folder are called. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack, overload

    from pulumi import ResourceOptions

    from palette_backup_provider.resources.palette.aws_sts_account import AwsStsAccountArgs
    from palette_backup_provider.resources.palette.backup_location import BackupLocationArgs
    from palette_backup_provider.resources.palette.keywords import (
        AwsStsAccountArgsDict,
        BackupLocationArgsDict,
    )


class AwsStsAccountInit:
    """The ways to call `AwsStsAccount`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: AwsStsAccountArgs | AwsStsAccountArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[AwsStsAccountArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class BackupLocationInit:
    """The ways to call `BackupLocation`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: BackupLocationArgs | BackupLocationArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[BackupLocationArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...
