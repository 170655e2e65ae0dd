"""Storage accounts, and what is in them."""

import base64
import secrets
from dataclasses import dataclass, field
from email.utils import formatdate

from palette_backup_provider.sandbox.azure.http import Body


def _version() -> dict[str, str]:
    return {"ETag": f'"0x{secrets.token_hex(8).upper()}"', "Last-Modified": formatdate(usegmt=True)}


@dataclass
class Blob:
    """A block blob that was committed."""

    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """Its properties, as headers such as `Content-Type`."""
    metadata: dict[str, str] = field(default_factory=dict)
    tier: str = "Hot"
    blocks: dict[str, bytes] = field(default_factory=dict)
    """By their ids; none if it was put as a whole."""
    version: dict[str, str] = field(default_factory=_version)
    """`ETag` and `Last-Modified`."""


@dataclass
class Container:
    """A container, its blobs with it."""

    body: Body
    blobs: dict[str, Blob] = field(default_factory=dict)
    staged: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Blocks that are not committed, by blob and id."""


@dataclass
class Account:
    """A storage account."""

    body: Body
    containers: dict[str, Container] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    """File shares, queues and tables, by the part of the path that lists them."""
    lifecycle: Body | None = None
    keys: list[str] = field(
        default_factory=lambda: [base64.b64encode(secrets.token_bytes(64)).decode() for _ in "12"]
    )

    @property
    def group(self) -> str:
        """The id of its group, in lower case."""
        return self.id.lower().partition("/providers/")[0]

    @property
    def id(self) -> str:
        """Its id in ARM."""
        return str(self.body["id"])
