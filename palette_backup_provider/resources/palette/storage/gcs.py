"""Google Cloud Storage."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pulumi import Input
from pydantic import AfterValidator

from palette_backup_provider.clients.gcp import ProjectId
from palette_backup_provider.clients.gcs import GcsClient
from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import Replaces, Secret, rule
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.resources.palette.storage.base import (
    Storage,
    accepted_by_palette,
    clear,
    probe_key,
)

VALIDATE = "/v1/clouds/gcp/bucketname/validate"
NEEDED = ("client_email", "private_key", "private_key_id", "token_uri")


@dataclass(kw_only=True)
class Gcs:
    """A bucket on Google Cloud Storage; the location's `storage`. Changes are made in place.

    Args:
        bucket: The bucket's name (`config.bucketName`). A location that clusters use cannot move.
        json_credentials: The JSON of a service account's key, as Google gave it, encrypted in state
            (`credentials.jsonCredentials`).
        project: The id of the project that the bucket is in (`config.projectId`). Default: none.
    """

    bucket: Input[str]
    json_credentials: Input[str]
    project: Input[str] | None = None
    kind: str = "gcp"


def _service_account_key(value: str) -> str:
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("is not JSON: expected the JSON of a service account's key, not its path")
    remember(found.get("private_key"))
    if (kind := found.get("type")) != "service_account":
        raise ValueError(
            "is not the JSON of a service account's key: its type must be service_account, not "
            f"{kind if kind in OTHER_TYPES else 'what it is'}"
        )
    if missing := [name for name in NEEDED if not found.get(name)]:
        raise ValueError(f"is not a whole service account's key: it has no {', '.join(missing)}")
    return value


OTHER_TYPES = ("authorized_user", "external_account", "impersonated_service_account")


class GcsStorage(Storage):
    segment: ClassVar = "gcp"
    patience: ClassVar = Patience(480, "palette:gcpWait")
    wait: ClassVar = "PALETTE_GCP_WAIT"

    kind: Annotated[Literal["gcp"], Replaces()] = "gcp"
    bucket: Annotated[str, rule(r"[^/\s]+", "a bucket's name has no slash and is not empty")]
    json_credentials: Annotated[str, Secret(), AfterValidator(_service_account_key)]
    project: ProjectId | None = None

    def config(self) -> dict[str, Any]:
        project = {"projectId": self.project} if self.project else {}
        return {"bucketName": self.bucket, "credentials": self._credentials(), **project}

    @classmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        found = clear((config.get("credentials") or {}).get("jsonCredentials"))
        return cls.model_construct(
            kind="gcp",
            bucket=config["bucketName"],
            json_credentials=found or (have.json_credentials if have else ""),
            project=config.get("projectId") or None,
        )

    def place(self) -> tuple[str | None, ...]:
        return (self.bucket,)

    def probe(self, clients: Clients, patience: Patience, who: str) -> None:
        gcs, name, key = clients(GcsClient), probe_key(), json.loads(self.json_credentials)
        patience.until(
            lambda: gcs.round_trip(self.bucket, key, name),
            _not_yet,
            f"{who}: waiting for Google to accept the key {key['private_key_id'][:10]}… of "
            f"{key['client_email']}",
        )

    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        accepted_by_palette(
            lambda: palette.call("POST", VALIDATE, self.config(), project=project),
            patience,
            who,
        )

    def _credentials(self) -> dict[str, str]:
        return {"jsonCredentials": self.json_credentials}


def _not_yet(error: BaseException) -> bool:
    """A key, a binding or a bucket that has not reached every server."""
    if not isinstance(error, ApiError) or "kms" in str(error).lower():
        return False
    return error.code == "invalid_grant" or error.status in (401, 403, 404)
