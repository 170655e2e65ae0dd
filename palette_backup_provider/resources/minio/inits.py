"""How the classes of this folder are called. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack, overload

    from pulumi import ResourceOptions

    from palette_backup_provider.resources.minio.access_key import AccessKeyArgs
    from palette_backup_provider.resources.minio.bucket import BucketArgs
    from palette_backup_provider.resources.minio.keywords import (
        AccessKeyArgsDict,
        BucketArgsDict,
        PolicyArgsDict,
        RetiringKeyArgsDict,
        RetiringSecretArgsDict,
        UserArgsDict,
    )
    from palette_backup_provider.resources.minio.policy import PolicyArgs
    from palette_backup_provider.resources.minio.retiring_key import RetiringKeyArgs
    from palette_backup_provider.resources.minio.retiring_secret import RetiringSecretArgs
    from palette_backup_provider.resources.minio.user import UserArgs


class AccessKeyInit:
    """The ways to call `AccessKey`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: AccessKeyArgs | AccessKeyArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[AccessKeyArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...


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


class PolicyInit:
    """The ways to call `Policy`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: PolicyArgs | PolicyArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[PolicyArgsDict],
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


class UserInit:
    """The ways to call `User`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: UserArgs | UserArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[UserArgsDict],
        ) -> None: ...
        def __init__(self, *_: Any, **__: Any) -> None: ...
