"""A long-lived access key, for every kind of storage that speaks S3."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pulumi import Input

from palette_backup_provider.core.markers import Beside, Sensitive
from palette_backup_provider.core.model import matches
from palette_backup_provider.resources.palette.storage.mapping import At, Mapped

TERRAFORM = {"secret_key": ("s3", "secret_key")}
"""Where Spectro Cloud's Terraform provider has the secret, on every such kind of storage."""


@dataclass(kw_only=True)
class StaticCredentials:
    """A long-lived access key.

    Args:
        access_key: The access key id, shown in Palette (`credentials.accessKey`).
        secret_key: Its secret, encrypted in state (`credentials.secretKey`).
    """

    access_key: Input[str]
    secret_key: Input[str]
    kind: str = "secret"


class Static(Mapped):
    kind: Annotated[Literal["secret"], At("credentialType")] = "secret"
    access_key: Annotated[
        str,
        At("accessKey"),
        Beside(),
        matches(r"\S+", "an access key id has no blanks and is not empty"),
    ]
    secret_key: Annotated[Sensitive[str], At("secretKey")]
