"""How the classes of this folder are called. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack, overload

    from pulumi import ResourceOptions

    from palette_backup_provider.resources.gcp.bucket import BucketArgs
    from palette_backup_provider.resources.gcp.bucket_access import BucketAccessArgs
    from palette_backup_provider.resources.gcp.keywords import (
        BucketAccessArgsDict,
        BucketArgsDict,
        RetiringKeyArgsDict,
        ServiceAccountArgsDict,
        ServiceAccountKeyArgsDict,
        SnapshotAccessArgsDict,
    )
    from palette_backup_provider.resources.gcp.retiring_key import RetiringKeyArgs
    from palette_backup_provider.resources.gcp.service_account import ServiceAccountArgs
    from palette_backup_provider.resources.gcp.service_account_key import ServiceAccountKeyArgs
    from palette_backup_provider.resources.gcp.snapshot_access import SnapshotAccessArgs


class BucketInit:
    """The ways to call `Bucket`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: BucketArgs | BucketArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[BucketArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class BucketAccessInit:
    """The ways to call `BucketAccess`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: BucketAccessArgs | BucketAccessArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[BucketAccessArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class RetiringKeyInit:
    """The ways to call `RetiringKey`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: RetiringKeyArgs | RetiringKeyArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[RetiringKeyArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class ServiceAccountInit:
    """The ways to call `ServiceAccount`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ServiceAccountArgs | ServiceAccountArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ServiceAccountArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class ServiceAccountKeyInit:
    """The ways to call `ServiceAccountKey`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: ServiceAccountKeyArgs | ServiceAccountKeyArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[ServiceAccountKeyArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


class SnapshotAccessInit:
    """The ways to call `SnapshotAccess`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: SnapshotAccessArgs | SnapshotAccessArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[SnapshotAccessArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...
