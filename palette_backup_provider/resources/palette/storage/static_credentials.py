"""A long-lived access key, for every kind of storage that speaks S3."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pulumi import Input

from palette_backup_provider.core.model import Model, Sensitive, rule
from palette_backup_provider.resources.palette.storage.base import clear


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


class Static(Model):
    kind: Literal["secret"] = "secret"
    access_key: Annotated[str, rule(r"\S+", "an access key id has no blanks and is not empty")]
    secret_key: Sensitive[str]

    def body(self) -> dict[str, Any]:
        keys = {"accessKey": self.access_key, "secretKey": self.secret_key}
        return {"credentialType": "secret", **keys}

    @classmethod
    def observed(cls, keys: Mapping[str, Any], kept: Self | None) -> Self:
        """The key as Palette reports it; its secret, which Palette masks, is that of `kept`."""
        return cls.model_construct(
            kind="secret",
            access_key=clear(keys.get("accessKey")) or (kept.access_key if kept else ""),
            secret_key=kept.secret_key if kept else "",
        )
