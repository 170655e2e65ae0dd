"""Which MinIO server a resource is on, and as whom it is made, as a program says it."""

from dataclasses import dataclass

from pulumi import Input


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
