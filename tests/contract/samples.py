"""One good set of inputs for every type, with all that nests, and clients that reach nothing."""

import json
from types import SimpleNamespace
from typing import Any

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.minio.identity import Identity
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings

GUID = "12345678-1234-1234-1234-123456789abc"
ARN = "arn:aws:iam::123456789012"
EMAIL = "nightly@my-project.iam.gserviceaccount.com"
BUILT_IN_ROLE = "Storage Blob Data Contributor"
AWS = {"profile": "p", "role_arn": f"{ARN}:role/r", "external_id": "external"}
AZURE = {"subscription": GUID, "tenant": GUID}
GCP = {"impersonate": EMAIL, "project": "my-project"}
MINIO = {"url": "http://127.0.0.1:9000", "user": "root", "password": "s3cr3t-of-minio"}
STATIC = {"kind": "secret", "access_key": "AKIA", "secret_key": "s3cr3t-of-aws"}
STS = {"kind": "sts", "role_arn": f"{ARN}:role/r", "external_id": "external"}
SERVICE_PRINCIPAL = {
    "tenant_id": GUID,
    "client_id": GUID,
    "client_secret": "s3cr3t-of-azure",
    "subscription_id": GUID,
}
SERVICE_ACCOUNT = json.dumps(
    {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key": "s3cr3t-of-google",
        "private_key_id": "1a2b",
        "project_id": "my-project",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
)
STATEMENT = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
STORAGES: tuple[dict[str, Any], ...] = (
    {"kind": "s3", "bucket": "b", "region": "eu-west-1", "credentials": STATIC},
    {"kind": "s3", "bucket": "b", "region": "eu-west-1", "credentials": STS},
    {"kind": "minio", "bucket": "b", "url": "https://store:9000", "credentials": STATIC},
    {"kind": "gcp", "bucket": "b", "json_credentials": SERVICE_ACCOUNT},
    {
        "kind": "azure",
        "container": "c",
        "storage_account": "account",
        "resource_group": "g",
        "credentials": SERVICE_PRINCIPAL,
    },
)
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "aws:AccessKey": [{"identity": AWS, "user": "u"}],
    "aws:Bucket": [
        {
            "identity": AWS,
            "region": "eu-west-1",
            "versioning": True,
            "object_lock": {"days": 7, "mode": "GOVERNANCE"},
        }
    ],
    "aws:Policy": [{"identity": AWS, "document": {"Statement": [STATEMENT]}}],
    "aws:RetiringKey": [{"identity": AWS, "user": "u"}],
    "aws:Role": [{"identity": AWS, "trust_policy": {"Statement": []}}],
    "aws:User": [{"identity": AWS}],
    "azure:Application": [{"identity": AZURE}],
    "azure:ClientSecret": [{"identity": AZURE, "client_id": GUID}],
    "azure:Container": [{"identity": AZURE, "resource_group": "g", "storage_account": "account"}],
    "azure:ResourceGroup": [{"identity": AZURE, "location": "westeurope"}],
    "azure:RetiringSecret": [{"identity": AZURE, "client_id": GUID}],
    "azure:RoleAssignment": [
        {
            "identity": AZURE,
            "scope": f"/subscriptions/{GUID}",
            "role": BUILT_IN_ROLE,
            "principal_id": GUID,
        }
    ],
    "azure:ServicePrincipal": [{"identity": AZURE, "client_id": GUID}],
    "azure:SnapshotRole": [{"identity": AZURE, "scope": f"/subscriptions/{GUID}/resourceGroups/g"}],
    "azure:StorageAccount": [{"identity": AZURE, "resource_group": "g", "location": "westeurope"}],
    "gcp:Bucket": [{"identity": GCP, "location": "EU"}],
    "gcp:BucketAccess": [
        {
            "identity": GCP,
            "bucket": "b",
            "role": "roles/storage.objectAdmin",
            "member": f"serviceAccount:{EMAIL}",
        }
    ],
    "gcp:RetiringKey": [{"identity": GCP, "service_account": EMAIL}],
    "gcp:ServiceAccount": [{"identity": GCP}],
    "gcp:ServiceAccountKey": [{"identity": GCP, "service_account": EMAIL}],
    "gcp:SnapshotAccess": [{"identity": GCP, "member": f"serviceAccount:{EMAIL}"}],
    "minio:AccessKey": [
        {
            "identity": MINIO,
            "user": "u",
            "user_secret": "s3cr3t-of-user",
            "old_user_secret": "s3cr3t-of-user-before",
        }
    ],
    "minio:Bucket": [{"identity": MINIO}],
    "minio:Policy": [{"identity": MINIO, "document": {"Statement": [STATEMENT]}}],
    "minio:RetiringKey": [{"identity": MINIO}],
    "minio:RetiringSecret": [
        {
            "identity": MINIO,
            "old_secret_key": "s3cr3t-of-user",
            "secret_key": "s3cr3t-of-the-user-next",
        }
    ],
    "minio:User": [{"identity": MINIO, "secret_key": "s3cr3t-of-user"}],
    "palette:AwsStsAccount": [{}],
    "palette:BackupLocation": [{"storage": storage} for storage in STORAGES],
}


class UnreachableClient:
    """Tells what the credentials in use tell; of everything else it says that there is none."""

    default_project = "Default"
    identity = Identity(url="http://127.0.0.1:9000", user="root", password="s3cr3t-of-minio")
    connection = SimpleNamespace(name="public")

    def account(self) -> str:
        return "123456789012"

    def partition(self) -> str:
        return "aws"

    def project(self) -> str:
        return "my-project"

    def subscription(self) -> str:
        return GUID

    def tenant(self) -> str:
        return GUID

    def server(self) -> str:
        return "127.0.0.1:9000"

    def demand_admin_api(self) -> None:
        """It is a MinIO."""

    def sts_account(self, partition: str) -> tuple[str, str]:
        return "555555555555", "external"

    def project_uid(self, name: str) -> str:
        return "5f1e"

    def __getattr__(self, call: str) -> Any:
        def ask(*_: Any, **__: Any) -> Any:
            raise NotFound("There is nothing.")

        return ask


class NoClients(Run):
    """A run whose clients reach nothing."""

    def __init__(self) -> None:
        super().__init__(Settings(lambda _: None, {}))

    def client(self, kind: Any, identity: Any = None) -> Any:
        remote = (AwsClient, AzureClient, GcpClient, MinioClient, PaletteClient)
        return UnreachableClient() if kind in remote else super().client(kind, identity)
