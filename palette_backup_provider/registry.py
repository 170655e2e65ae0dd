"""Every resource type and every setting: read by the tests, the docs and a native plugin."""

from typing import Any

from palette_backup_provider.clients.namespaces import NAMESPACES
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources import aws, azure, gcp, minio, palette

__all__ = ["NAMESPACES", "RESOURCES"]

RESOURCES: tuple[type[Resource[Any]], ...] = (
    aws.AccessKey,
    aws.Bucket,
    aws.Policy,
    aws.RetiringKey,
    aws.Role,
    aws.User,
    azure.Application,
    azure.ClientSecret,
    azure.Container,
    azure.ResourceGroup,
    azure.RetiringSecret,
    azure.RoleAssignment,
    azure.ServicePrincipal,
    azure.SnapshotRole,
    azure.StorageAccount,
    gcp.Bucket,
    gcp.BucketAccess,
    gcp.RetiringKey,
    gcp.ServiceAccount,
    gcp.ServiceAccountKey,
    gcp.SnapshotAccess,
    minio.AccessKey,
    minio.Bucket,
    minio.Policy,
    minio.RetiringKey,
    minio.RetiringSecret,
    minio.User,
    palette.AwsStsAccount,
    palette.BackupLocation,
)
