"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from palette_backup_provider.engine.keywords import RotationArgsDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, Required

    from pulumi import Input

    from palette_backup_provider.resources.minio.identity import Identity


class IdentityDict(TypedDict, total=False):
    """As `Identity`, which describes each."""

    url: Required[Input[str]]
    user: Required[Input[str]]
    password: Required[Input[str]]
    region: Input[str] | None
    ca_cert: Input[str] | None


class MinioArgsDict(TypedDict, total=False):
    """As `MinioArgs`, which describes each."""

    identity: Input[Identity | IdentityDict] | None


class AccessKeyArgsDict(MinioArgsDict, RotationArgsDict, total=False):
    """As `AccessKeyArgs`, which describes each."""

    user: Required[Input[str]]
    user_secret: Required[Input[str]]
    old_user_secret: Input[str] | None


class BucketArgsDict(MinioArgsDict, total=False):
    """As `BucketArgs`, which describes each."""

    name: Input[str] | None
    tags: Input[Mapping[str, Input[str]]] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    existing: Input[bool]


class PolicyArgsDict(MinioArgsDict, total=False):
    """As `PolicyArgs`, which describes each."""

    document: Required[Input[Mapping[str, Any]]]
    name: Input[str] | None
    existing: Input[bool]


class RetiringKeyArgsDict(MinioArgsDict, total=False):
    """As `RetiringKeyArgs`, which describes each."""


class RetiringSecretArgsDict(MinioArgsDict, total=False):
    """As `RetiringSecretArgs`, which describes each."""

    old_secret_key: Input[str] | None
    secret_key: Input[str] | None


class UserArgsDict(MinioArgsDict, total=False):
    """As `UserArgs`, which describes each."""

    name: Input[str] | None
    secret_key: Input[str] | None
    policies: Input[Sequence[Input[str]]] | None
    keys_only: Input[bool] | None
    retire_after: Input[int] | None
    existing: Input[bool]
