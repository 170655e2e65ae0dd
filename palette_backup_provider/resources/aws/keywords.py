"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from palette_backup_provider.engine.keywords import RotationArgsDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, Required

    from pulumi import Input

    from palette_backup_provider.resources.aws.bucket import ObjectLock
    from palette_backup_provider.resources.aws.identity import Identity


class AwsArgsDict(TypedDict, total=False):
    """As `AwsArgs`, which describes each."""

    identity: Input[Identity | IdentityDict] | None


class IdentityDict(TypedDict, total=False):
    """As `Identity`, which describes each."""

    profile: Input[str] | None
    role_arn: Input[str] | None
    external_id: Input[str] | None


class ObjectLockDict(TypedDict, total=False):
    """As `ObjectLock`, which describes each."""

    days: Required[Input[int]]
    mode: Input[Literal["GOVERNANCE", "COMPLIANCE"]]


class AccessKeyArgsDict(AwsArgsDict, RotationArgsDict, total=False):
    """As `AccessKeyArgs`, which describes each."""

    user: Required[Input[str]]


class BucketArgsDict(AwsArgsDict, total=False):
    """As `BucketArgs`, which describes each."""

    region: Required[Input[str]]
    existing: Input[bool] | None
    name: Input[str] | None
    tags: Input[Mapping[str, Input[str]]] | None
    kms_key_arn: Input[str] | None
    versioning: Input[bool] | None
    noncurrent_days: Input[int] | None
    object_lock: Input[ObjectLock | ObjectLockDict] | None
    abort_uploads_days: Input[int] | None
    tls_only: Input[bool] | None
    policy_statements: Input[Sequence[Input[Mapping[str, Any]]]] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None


class PolicyArgsDict(AwsArgsDict, total=False):
    """As `PolicyArgs`, which describes each."""

    document: Required[Input[Mapping[str, Any]]]
    existing: Input[bool] | None
    name: Input[str] | None
    path: Input[str] | None
    description: Input[str] | None
    tags: Input[Mapping[str, Input[str]]] | None


class RetiringKeyArgsDict(AwsArgsDict, total=False):
    """As `RetiringKeyArgs`, which describes each."""

    user: Required[Input[str]]


class RoleArgsDict(AwsArgsDict, total=False):
    """As `RoleArgs`, which describes each."""

    trust_policy: Required[Input[Mapping[str, Any]]]
    existing: Input[bool] | None
    name: Input[str] | None
    path: Input[str] | None
    max_session_hours: Input[int] | None
    permissions_boundary: Input[str] | None
    tags: Input[Mapping[str, Input[str]]] | None
    policies: Input[Sequence[Input[str]]] | None


class UserArgsDict(AwsArgsDict, total=False):
    """As `UserArgs`, which describes each."""

    name: Input[str] | None
    path: Input[str] | None
    permissions_boundary: Input[str] | None
    tags: Input[Mapping[str, Input[str]]] | None
    policies: Input[Sequence[Input[str]]] | None
    existing: Input[bool] | None
