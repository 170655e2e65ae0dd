"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from palette_backup_provider.engine.keywords import RotationArgsDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Required

    from pulumi import Input

    from palette_backup_provider.resources.gcp.identity import Identity


class GcpArgsDict(TypedDict, total=False):
    """As `GcpArgs`, which describes each."""

    identity: Input[Identity | IdentityDict] | None


class IdentityDict(TypedDict, total=False):
    """As `Identity`, which describes each."""

    impersonate: Input[str] | None
    project: Input[str] | None


class BucketAccessArgsDict(GcpArgsDict, total=False):
    """As `BucketAccessArgs`, which describes each."""

    bucket: Required[Input[str]]
    role: Required[Input[str]]
    member: Required[Input[str]]


class BucketArgsDict(GcpArgsDict, total=False):
    """As `BucketArgs`, which describes each."""

    location: Required[Input[str]]
    name: Input[str] | None
    storage_class: Input[str] | None
    labels: Input[Mapping[str, Input[str]]] | None
    kms_key_name: Input[str] | None
    versioning: Input[bool] | None
    noncurrent_days: Input[int] | None
    soft_delete_days: Input[int] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    existing: Input[bool] | None


class RetiringKeyArgsDict(GcpArgsDict, total=False):
    """As `RetiringKeyArgs`, which describes each."""

    service_account: Required[Input[str]]


class ServiceAccountArgsDict(GcpArgsDict, total=False):
    """As `ServiceAccountArgs`, which describes each."""

    account_id: Input[str] | None
    display_name: Input[str] | None
    existing: Input[bool] | None


class ServiceAccountKeyArgsDict(GcpArgsDict, RotationArgsDict, total=False):
    """As `ServiceAccountKeyArgs`, which describes each."""

    service_account: Required[Input[str]]


class SnapshotAccessArgsDict(GcpArgsDict, total=False):
    """As `SnapshotAccessArgs`, which describes each."""

    member: Required[Input[str]]
    role_id: Input[str] | None
