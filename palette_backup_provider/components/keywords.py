"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from palette_backup_provider.engine.keywords import RotationArgsDict
from palette_backup_provider.resources.palette.keywords import CommonLocationArgsDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, Required

    from pulumi import Input

    from palette_backup_provider.resources import aws, azure, gcp, minio


class LocationArgsDict(CommonLocationArgsDict, total=False):
    """As `LocationArgs`, which describes each."""

    location_name: Input[str] | None
    location_labels: Input[Mapping[str, Input[str]]] | None
    location_annotations: Input[Mapping[str, Input[str]]] | None


class AwsStorageArgsDict(LocationArgsDict, total=False):
    """As `AwsStorageArgs`, which describes each."""

    region: Required[Input[str]]
    bucket_name: Input[str] | None
    existing_bucket: Input[str] | None
    policy_name: Input[str] | None
    existing_policy: Input[str] | None
    snapshots: Input[bool] | None
    snapshot_tags: Input[Mapping[str, Input[str]]] | None
    kms_key_arn: Input[str] | None
    versioning: Input[bool] | None
    noncurrent_days: Input[int] | None
    object_lock: Input[aws.ObjectLock | aws.ObjectLockDict] | None
    tls_only: Input[bool] | None
    policy_statements: Input[Sequence[Input[Mapping[str, Any]]]] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    tags: Input[Mapping[str, Input[str]]] | None
    permissions_boundary: Input[str] | None
    url: Input[str] | None
    force_path_style: Input[bool] | None
    ca_cert: Input[str] | None
    identity: aws.Identity | aws.IdentityDict | None


class AzureStorageArgsDict(LocationArgsDict, total=False):
    """As `AzureStorageArgs`, which describes each."""

    location: Required[Input[str]]
    resource_group_name: Input[str] | None
    existing_resource_group: Input[str] | None
    storage_account_name: Input[str] | None
    existing_storage_account: Input[str] | None
    container_name: Input[str] | None
    existing_container: Input[str] | None
    sku: Input[str] | None
    kind: Input[str] | None
    allowed_ips: Input[Sequence[Input[str]]] | None
    allowed_subnets: Input[Sequence[Input[str]]] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    tags: Input[Mapping[str, Input[str]]] | None
    identity: azure.Identity | azure.IdentityDict | None


class GcpBackupLocationArgsDict(LocationArgsDict, RotationArgsDict, total=False):
    """As `GcpBackupLocationArgs`, which describes each."""

    location: Required[Input[str]]
    bucket_name: Input[str] | None
    existing_bucket: Input[str] | None
    service_account_id: Input[str] | None
    existing_service_account: Input[str] | None
    roles: Sequence[str] | None
    snapshots: bool | None
    storage_class: Input[str] | None
    kms_key_name: Input[str] | None
    versioning: Input[bool] | None
    noncurrent_days: Input[int] | None
    soft_delete_days: Input[int] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    labels: Input[Mapping[str, Input[str]]] | None
    identity: gcp.Identity | gcp.IdentityDict | None


class MinioBackupLocationArgsDict(LocationArgsDict, RotationArgsDict, total=False):
    """As `MinioBackupLocationArgs`, which describes each."""

    url: Input[str] | None
    bucket_name: Input[str] | None
    existing_bucket: Input[str] | None
    user_name: Input[str] | None
    existing_user: Input[str] | None
    secret_key: Input[str] | None
    policy_name: Input[str] | None
    existing_policy: Input[str] | None
    force_destroy: Input[bool] | None
    replace_with_data: Input[Literal["refuse", "retain"]] | None
    tags: Input[Mapping[str, Input[str]]] | None
    region: Input[str] | None
    ca_cert: Input[str] | None
    identity: minio.Identity | minio.IdentityDict | None


class AwsBackupLocationArgsDict(AwsStorageArgsDict, RotationArgsDict, total=False):
    """As `AwsBackupLocationArgs`, which describes each."""

    user_name: Input[str] | None
    existing_user: Input[str] | None


class AwsStsBackupLocationArgsDict(AwsStorageArgsDict, total=False):
    """As `AwsStsBackupLocationArgs`, which describes each."""

    role_name: Input[str] | None
    existing_role: Input[str] | None
    principals: Input[Sequence[Input[str]]] | None
    oidc_providers: Input[Sequence[Input[str]]] | None
    max_session_hours: Input[int] | None


class AzureBackupLocationArgsDict(AzureStorageArgsDict, RotationArgsDict, total=False):
    """As `AzureBackupLocationArgs`, which describes each."""

    application_name: Input[str] | None
    existing_application: Input[str] | None
    snapshot_scopes: Sequence[Input[str]] | None
    secret_valid_days: Input[int] | None
