"""How the classes of this folder are called. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Unpack, overload

    from pulumi import ResourceOptions

    from palette_backup_provider.resources.aws.access_key import AccessKeyArgs
    from palette_backup_provider.resources.aws.bucket import BucketArgs
    from palette_backup_provider.resources.aws.keywords import (
        AccessKeyArgsDict,
        BucketArgsDict,
        PolicyArgsDict,
        RetiringKeyArgsDict,
        RoleArgsDict,
        UserArgsDict,
    )
    from palette_backup_provider.resources.aws.policy import PolicyArgs
    from palette_backup_provider.resources.aws.retiring_key import RetiringKeyArgs
    from palette_backup_provider.resources.aws.role import RoleArgs
    from palette_backup_provider.resources.aws.user import UserArgs


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


class RoleInit:
    """The ways to call `Role`."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            resource_name: str,
            args: RoleArgs | RoleArgsDict,
            opts: ResourceOptions | None = None,
            *,
            noted: Mapping[str, Any] | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            resource_name: str,
            opts: ResourceOptions | None = None,
            **keywords: Unpack[RoleArgsDict],
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
