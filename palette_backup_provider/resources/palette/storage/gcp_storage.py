"""Google Cloud Storage."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pulumi import Input
from pydantic import AfterValidator

from palette_backup_provider.clients.gcp.identity import ProjectId
from palette_backup_provider.clients.gcp.trial import GcsClient
from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.clouds.gcp import WAIT
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.markers import Replaces, Secret
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.resources.palette.storage.base import (
    BucketName,
    Storage,
    accepted_by_palette,
    probe_key,
)
from palette_backup_provider.resources.palette.storage.mapping import At, unmasked

DECIDED = re.compile(
    r"kms|accessNotConfigured|SERVICE_DISABLED|accountDisabled|billing account|"
    r"retentionPolicyNotMet|ActiveHold|userProjectMissing|organization's policy",
    re.IGNORECASE,
)
"""How Google says what a key, a service or an owner's setting forbids, which no wait changes."""
BRIEFLY = 0.1
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
        key = json.loads(value)
    except ValueError:
        key = None
    if not isinstance(key, dict):
        raise ValueError("is not JSON: expected the JSON of a service account's key, not its path")
    remember(key.get("private_key"))
    if (kind := key.get("type")) != "service_account":
        raise ValueError(
            "is not the JSON of a service account's key: its type must be service_account, not "
            f"{kind if kind in OTHER_TYPES else 'what it is'}"
        )
    if missing := [name for name in NEEDED if not key.get(name)]:
        raise ValueError(f"is not a whole service account's key: it has no {', '.join(missing)}")
    return value


OTHER_TYPES = ("authorized_user", "external_account", "impersonated_service_account")


class GcsStorage(Storage):
    segment: ClassVar = "gcp"
    wait: ClassVar = WAIT
    patience: ClassVar = WAIT.patience
    unknown: ClassVar = frozenset({"invalid_grant", "authError", "UNAUTHENTICATED"})
    terraform: ClassVar = {"json_credentials": ("gcp_storage_config", "gcp_json_credentials")}
    needs: ClassVar = (
        "The service account needs roles/storage.objectAdmin on the bucket; `gcloud storage "
        "buckets get-iam-policy` shows who has what."
    )

    kind: Annotated[Literal["gcp"], Replaces()] = "gcp"
    bucket: Annotated[BucketName, At("bucketName")]
    json_credentials: Annotated[
        str,
        Secret(),
        At("credentials.jsonCredentials", read=unmasked),
        AfterValidator(_service_account_key),
    ]
    project: Annotated[ProjectId | None, At("projectId")] = None

    def location_key(self) -> tuple[str | None, ...]:
        return (self.bucket,)

    def probe(self, run: Run, patience: Patience, who: str) -> None:
        gcs, name, key = run.client(GcsClient), probe_key(), json.loads(self.json_credentials)
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
            lambda error: 0 if DECIDED.search(str(error)) else 1,
        )


def _not_yet(error: BaseException) -> float:
    """A key, a binding or a bucket that has not reached every server. Google takes minutes for a
    binding, and tells it from none by no word; a bucket is known at once."""
    if not isinstance(error, ApiError) or DECIDED.search(f"{error.code} {error}"):
        return 0
    if error.status == 404:
        return BRIEFLY
    return error.code == "invalid_grant" or error.status in (401, 403)
