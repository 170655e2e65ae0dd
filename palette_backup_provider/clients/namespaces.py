"""Every setting: our own, and those that are shared with Pulumi's packages."""

from palette_backup_provider.clients.aws.settings import AWS
from palette_backup_provider.clients.azure.settings import AZURE
from palette_backup_provider.clients.gcp.settings import GCP
from palette_backup_provider.clients.minio.settings import MINIO
from palette_backup_provider.core.namespace import Namespace
from palette_backup_provider.core.own_settings import PALETTE

NAMESPACES: tuple[Namespace, ...] = (PALETTE, AWS, AZURE, GCP, MINIO)
