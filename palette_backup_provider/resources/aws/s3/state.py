"""A bucket as its handler and its settings see it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from palette_backup_provider.clients.aws.regions import PaletteRegion
from palette_backup_provider.core.holding import Holding
from palette_backup_provider.core.markers import AutoNamed, Derived, Replaces, Unchangeable
from palette_backup_provider.core.model import Model
from palette_backup_provider.resources.aws.identity import AwsState
from palette_backup_provider.resources.aws.literals import KmsKeyArn
from palette_backup_provider.resources.aws.mark import Tags
from palette_backup_provider.resources.aws.s3.rules import BucketName, Statements


class Retention(Model):
    """How long each object is locked from when it is written."""

    days: int = Field(ge=1, le=36500)
    mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"


class BucketState(AwsState, Holding):
    region: Unchangeable[PaletteRegion]
    object_lock_enabled: Annotated[bool, Derived(), Replaces()] = False
    """Whether objects can be locked, as `object_lock` says."""
    name: Annotated[BucketName, Replaces(), AutoNamed(63)]
    arn: Annotated[str, Derived()] = ""
    """The ARN of the bucket."""
    tags: Tags = Field(default_factory=dict)
    kms_key_arn: KmsKeyArn | None = None
    encryption: Annotated[str, Derived()] = "AES256"
    """What new objects are encrypted with: `AES256`, or `aws:kms` with `kms_key_arn`."""
    versioning: bool = False
    noncurrent_days: int = Field(default=7, ge=1)
    object_lock: Retention | None = None
    abort_uploads_days: int = Field(default=7, ge=1)
    lifecycle: Annotated[list[dict[str, Any]], Derived()] = Field(default_factory=list)
    """The lifecycle rules that are set here; the rules of others stay."""
    tls_only: bool = True
    policy_statements: Statements = Field(default_factory=list)
    policy: Annotated[list[dict[str, Any]], Derived()] = Field(default_factory=list)
    """The statements of the bucket's policy that are set here; the statements of others stay."""
    public_access_blocked: Annotated[bool, Derived()] = True
    """Whether public access is blocked; false only where another hand allowed it."""
    acls_disabled: Annotated[bool, Derived()] = True
    """Whether ACLs are switched off; false only where another hand switched them on."""
