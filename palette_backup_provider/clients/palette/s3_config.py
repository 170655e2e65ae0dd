"""What is read of a location on any store that speaks S3."""

from palette_backup_provider.clients.palette.location import Config
from palette_backup_provider.clients.rest.answers import ABSENT, Shape


class Role(Shape):
    arn: str | None = None
    externalId: str | None = None


class S3Credentials(Shape):
    credentialType: str | None = None
    partition: str | None = None
    accessKey: str | None = None
    sts: Role | None = None


class S3Config(Config):
    bucketName: str
    region: str
    s3Url: str | None = None
    s3ForcePathStyle: bool = ABSENT
    caCert: str | None = None
    useRestic: bool = ABSENT
    credentials: S3Credentials | None = None
