"""The MinIO server that a resource is on, and the user that manages it."""

from dataclasses import dataclass
from typing import ClassVar

from pulumi import Input

from palette_backup_provider.clients.minio import identity as minio
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.model import Model


@dataclass(kw_only=True)
class Identity:
    """A server and a user of its own for one resource, so that one stack can span servers.

    A change that stays on the server (its host and port) changes nothing there; another server
    replaces the resource.

    Args:
        url: Where the server's API is: scheme and host, such as `https://minio.example.com:9000`.
        user: The user, or access key, that makes the resource.
        password: The user's password, or secret key; encrypted in state.
        region: The server's region. Default: `us-east-1`.
        ca_cert: PEM of the CA that signs the server's certificate. Default: the public ones.
    """

    url: Input[str]
    user: Input[str]
    password: Input[str]
    region: Input[str] | None = None
    ca_cert: Input[str] | None = None


@dataclass(kw_only=True)
class MinioArgs:
    """What every resource on MinIO takes.

    Args:
        identity: The server, and the user that manages the resource. Default: the stack's settings.
            Another server replaces the resource.
    """

    identity: Input[Identity] | None = None


class MinioState(Model):
    """The server and user that a resource is managed with."""

    identity: minio.Identity | None = None


class OnServer:
    """A handler on a MinIO server."""

    realm: ClassVar[str] = "MinIO server"
    client: MinioClient

    def whoami(self) -> str:
        return self.client.server()
