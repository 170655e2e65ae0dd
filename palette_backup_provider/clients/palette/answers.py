"""What is read of Palette's answers, by method and path."""

from typing import Annotated, Any

from pydantic import Field

from palette_backup_provider.clients.rest.answers import (
    ABSENT,
    UNREAD,
    Name,
    Routes,
    Shape,
    or_empty,
)


class Metadata(Shape):
    name: Annotated[str, Field(max_length=1024)]
    """Whatever others made of it: what prints it takes out what would steer a terminal."""
    uid: Name
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    creationTimestamp: Any = None
    """Shown alone; what is no time is told as unknown."""
    lastModifiedTimestamp: Any = None
    """Compared alone: what is no text never means that nothing changed."""


class ListedSpec(Shape):
    storage: str | None = None
    type: str | None = None
    isDefault: bool | None = None


class Listed(Shape):
    metadata: Metadata
    spec: ListedSpec


class Locations(Shape):
    items: list[Listed] | None


class Role(Shape):
    arn: str | None = None
    externalId: str | None = None


class AwsCredentials(Shape):
    credentialType: str | None = None
    partition: str | None = None
    accessKey: str | None = None
    sts: Role | None = None


class S3Config(Shape):
    bucketName: str
    region: str
    s3Url: str | None = None
    s3ForcePathStyle: bool = ABSENT
    caCert: str | None = None
    useRestic: bool = ABSENT
    credentials: AwsCredentials | None = None


class MinioConfig(S3Config):
    region: str | None = None  # type: ignore[assignment]


class GcpCredentials(Shape):
    jsonCredentials: str | None = None


class GcpConfig(Shape):
    bucketName: str
    projectId: str | None = None
    credentials: GcpCredentials | None = None


class AzureCredentials(Shape):
    tenantId: str | None = None
    clientId: str | None = None
    subscriptionId: str | None = None
    clientCloud: str | None = None


class AzureConfig(Shape):
    containerName: str
    storageName: str
    resourceGroup: str
    sku: str | None = None
    credentials: AzureCredentials | None = None


class S3Spec(ListedSpec):
    config: S3Config


class MinioSpec(ListedSpec):
    config: MinioConfig


class GcpSpec(ListedSpec):
    config: GcpConfig


class AzureSpec(ListedSpec):
    config: AzureConfig


class WholeMetadata(Metadata):
    uid: Name = ABSENT


class S3Location(Shape):
    metadata: WholeMetadata
    spec: S3Spec


class MinioLocation(Shape):
    metadata: WholeMetadata
    spec: MinioSpec


class GcpLocation(Shape):
    metadata: WholeMetadata
    spec: GcpSpec


class AzureLocation(Shape):
    metadata: WholeMetadata
    spec: AzureSpec


class Made(Shape):
    uid: Name


class User(Shape):
    tenantUid: Name
    orgName: Any = None
    """Shown alone."""


class Project(Shape):
    metadata: Metadata


class Projects(Shape):
    items: list[Project]


class Sts(Shape):
    accountId: Name
    externalId: str


class Cluster(Shape):
    name: str | None = None
    uid: str | None = None


class Clusters(Shape):
    clusters: list[Cluster] | None = None


LOCATION = "/v1/users/assets/locations"
ROUTES = Routes(
    {
        "GET /v1/users/info": User,
        "GET /v1/dashboard/projects/metadata": Projects,
        "GET /v1/clouds/aws/account/sts": Sts,
        f"GET {LOCATION}": Locations,
        f"GET {LOCATION}/s3/{{uid}}": S3Location,
        f"GET {LOCATION}/minio/{{uid}}": MinioLocation,
        f"GET {LOCATION}/gcp/{{uid}}": GcpLocation,
        f"GET {LOCATION}/azure/{{uid}}": AzureLocation,
        f"POST {LOCATION}/{{kind}}": Made,
        f"PUT {LOCATION}/{{kind}}/{{uid}}": UNREAD,
        f"PATCH {LOCATION}/{{kind}}/{{uid}}/default": UNREAD,
        f"DELETE {LOCATION}/{{kind}}/{{uid}}": UNREAD,
        "GET /v1/spectroclusters/features/backup/locations/{uid}": Annotated[
            Clusters | None, or_empty("clusters")
        ],
        "POST /v1/clouds/aws/s3/validate": UNREAD,
        "POST /v1/clouds/gcp/bucketname/validate": UNREAD,
        "POST /v1/clouds/azure/account/validate": UNREAD,
    }
)
