"""A bucket as its handler and its settings see it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from palette_backup_provider.core.holding import Holding
from palette_backup_provider.core.markers import (
    AutoNamed,
    Derived,
    FromSetting,
    Replaces,
    Unchangeable,
)
from palette_backup_provider.resources.gcp.identity import GcpState
from palette_backup_provider.resources.gcp.literals import KmsKeyName
from palette_backup_provider.resources.gcp.mark import UserLabels
from palette_backup_provider.resources.gcp.storage.rules import BucketName, Location

NONCURRENT_DAYS = 7


def _soft_delete(days: int) -> int:
    if days and not 7 <= days <= 90:
        raise ValueError(f"{days} days are not allowed: 7 to 90, or 0 to switch it off")
    return days


class BucketState(GcpState, Holding):
    location: Unchangeable[Location]
    name: Annotated[BucketName, Replaces(), AutoNamed(63)]
    url: Annotated[str, Derived()] = ""
    """The URL of the bucket, `gs://…`."""
    project: Annotated[str, Derived()] = ""
    """The project that the bucket was made in; empty for an existing bucket."""
    storage_class: Literal["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"] = "STANDARD"
    labels: Annotated[UserLabels, FromSetting("gcp:defaultLabels")] = Field(default_factory=dict)
    kms_key_name: KmsKeyName | None = None
    versioning: bool = False
    noncurrent_days: int = Field(default=NONCURRENT_DAYS, ge=1)
    soft_delete_days: Annotated[int, AfterValidator(_soft_delete)] = 7
    uniform_access: Annotated[bool, Derived()] = True
    """Whether ACLs of objects are switched off; false only where another hand switched them on."""
    public_access_prevented: Annotated[bool, Derived()] = True
    """Whether public access is refused; false only where another hand allowed it."""
