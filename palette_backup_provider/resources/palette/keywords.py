"""The Args of this folder, as dicts. Written by `python -m tests.contract.keywords`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Required

    from pulumi import Input

    from palette_backup_provider.resources.palette.storage import AnyStorageArgs
    from palette_backup_provider.resources.palette.storage.aws_sts_credentials import StsCredentials
    from palette_backup_provider.resources.palette.storage.azure_blob import (
        ServicePrincipalCredentials,
    )
    from palette_backup_provider.resources.palette.storage.static_credentials import (
        StaticCredentials,
    )


class AwsStsAccountArgsDict(TypedDict, total=False):
    """As `AwsStsAccountArgs`, which describes each."""

    partition: Input[str] | None


class AzureBlobDict(TypedDict, total=False):
    """As `AzureBlob`, which describes each."""

    container: Required[Input[str]]
    storage_account: Required[Input[str]]
    resource_group: Required[Input[str]]
    credentials: Required[ServicePrincipalCredentials | ServicePrincipalCredentialsDict]
    sku: Input[str] | None
    client_cloud: Input[str] | None
    kind: Required[Literal["azure"]]


class CommonLocationArgsDict(TypedDict, total=False):
    """As `CommonLocationArgs`, which describes each."""

    project: Input[str] | None
    scope: Input[str] | None
    is_default: Input[bool] | None
    probe: Input[bool] | None
    palette_validate: Input[bool] | None
    adopt: Input[str] | None
    adopt_overwrite: Input[bool] | None


class GcsDict(TypedDict, total=False):
    """As `Gcs`, which describes each."""

    bucket: Required[Input[str]]
    json_credentials: Required[Input[str]]
    project: Input[str] | None
    kind: Required[Literal["gcp"]]


class MinioDict(TypedDict, total=False):
    """As `Minio`, which describes each."""

    bucket: Required[Input[str]]
    url: Required[Input[str]]
    credentials: Required[StaticCredentials | StaticCredentialsDict]
    region: Input[str] | None
    force_path_style: Input[bool] | None
    ca_cert: Input[str | None]
    use_restic: Input[bool] | None
    kind: Required[Literal["minio"]]


class S3Dict(TypedDict, total=False):
    """As `S3`, which describes each."""

    bucket: Required[Input[str]]
    region: Required[Input[str]]
    credentials: Required[
        StaticCredentials | StaticCredentialsDict | (StsCredentials | StsCredentialsDict)
    ]
    url: Input[str] | None
    force_path_style: Input[bool] | None
    ca_cert: Input[str] | None
    partition: Input[str] | None
    use_restic: Input[bool] | None
    kind: Required[Literal["s3"]]


class ServicePrincipalCredentialsDict(TypedDict, total=False):
    """As `ServicePrincipalCredentials`, which describes each."""

    tenant_id: Required[Input[str]]
    client_id: Required[Input[str]]
    client_secret: Required[Input[str]]
    subscription_id: Required[Input[str]]


class StaticCredentialsDict(TypedDict, total=False):
    """As `StaticCredentials`, which describes each."""

    access_key: Required[Input[str]]
    secret_key: Required[Input[str]]
    kind: Required[Literal["secret"]]


class StsCredentialsDict(TypedDict, total=False):
    """As `StsCredentials`, which describes each."""

    role_arn: Required[Input[str]]
    external_id: Required[Input[str | None]]
    kind: Required[Literal["sts"]]


class BackupLocationArgsDict(CommonLocationArgsDict, total=False):
    """As `BackupLocationArgs`, which describes each."""

    storage: Required[AnyStorageArgs | AzureBlobDict | GcsDict | MinioDict | S3Dict]
    name: Input[str] | None
    labels: Input[Mapping[str, Input[str]]] | None
    annotations: Input[Mapping[str, Input[str]]] | None
