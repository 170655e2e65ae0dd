"""An S3 bucket for backups: private, encrypted, reached through TLS only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients import aws
from palette_backup_provider.clients.aws import AwsClient, PaletteRegion, partition
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound
from palette_backup_provider.core.handler import Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Prerequisite,
    Replaces,
    Unchangeable,
)
from palette_backup_provider.core.retry import tell
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws import bucket_settings
from palette_backup_provider.resources.aws.bucket_api import BucketApi
from palette_backup_provider.resources.aws.bucket_claim import claim, retag, tags_of
from palette_backup_provider.resources.aws.bucket_contents import PROBES, Content, content, empty
from palette_backup_provider.resources.aws.bucket_documents import (
    Retention,
    lifecycle_rules,
    policy_statements,
)
from palette_backup_provider.resources.aws.bucket_rules import (
    BucketName,
    KmsKeyArn,
    Statements,
)
from palette_backup_provider.resources.aws.identity import Identity
from palette_backup_provider.resources.aws.mark import Tags, still_ours, user_tags
from palette_backup_provider.resources.aws.policy_documents import bucket_arn
from palette_backup_provider.resources.aws.velero_check import unfit_for_velero


@dataclass(kw_only=True)
class ObjectLock:
    """Locks every object against deletion from when it is written.

    Args:
        days: How long, in days, 1 to 36500. Changed in place, for objects written from then on.
        mode: `GOVERNANCE` (who may bypass it, may delete) or `COMPLIANCE` (nobody may, not even
            the account's root). Default: `GOVERNANCE`. Changed in place.
    """

    days: Input[int]
    mode: Input[Literal["GOVERNANCE", "COMPLIANCE"]] = "GOVERNANCE"


@dataclass(kw_only=True)
class BucketArgs:
    """An S3 bucket. Public access is always blocked, and ACLs are switched off.

    Tags, lifecycle rules and bucket-policy statements that others add stay. A bucket that holds
    anything is neither deleted nor replaced, unless `force_destroy` is set.

    Args:
        existing: Brings the bucket of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
        region: The region's code, such as `us-east-1`, in a partition that Palette knows (aws,
            aws-us-gov, aws-iso, aws-iso-b). A change replaces the bucket.
        name: 3 to 63 lower-case letters, digits and hyphens, by AWS's rules for bucket names.
            Default: made from the resource's name. A change replaces the bucket.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags`. Changed in place.
        kms_key_arn: The ARN of the KMS key, in the bucket's region, that new objects are encrypted
            with. Default: S3's own key (AES256). Changed in place, for objects written from then
            on.
        versioning: Whether S3 keeps old versions of objects. Default: false. Changed in place;
            switched off, the versions that are there go after `noncurrent_days`.
        noncurrent_days: Days after which an old version is deleted, 1 or more. Default: 7. Changed
            in place.
        object_lock: Locks new objects; needs `versioning`. Default: none. Switched on or off, it
            replaces the bucket.
        abort_uploads_days: Days after which an unfinished multipart upload is dropped, 1 or more.
            Default: 7. Changed in place.
        tls_only: Whether the bucket's policy refuses requests without TLS. Default: true. Changed
            in place.
        policy_statements: More statements for the bucket's policy, each with a `Sid` of its own,
            of letters and digits. Left out, `Resource` is the bucket and all in it. Default: none.
            Changed in place.
        force_destroy: Whether the bucket is deleted with all that it holds. Default: false. It
            must be in force, by a `pulumi up`, before the bucket is destroyed or replaced.
        replace_with_data: What happens when a bucket that holds anything is to be replaced or
            destroyed. `refuse`: nothing, and the error says what it holds. `retain`: it is kept,
            out of the stack's state, and named. Like `force_destroy`, which it excludes, it must
            be in force beforehand. Default: `refuse`.
        identity: Whose credentials make the bucket. Default: those of the process. A change within
            the account changes nothing in AWS; another account replaces the bucket.
    """

    region: Input[str]
    existing: Input[bool] | None = None
    name: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    kms_key_arn: Input[str] | None = None
    versioning: Input[bool] | None = None
    noncurrent_days: Input[int] | None = None
    object_lock: Input[ObjectLock] | None = None
    abort_uploads_days: Input[int] | None = None
    tls_only: Input[bool] | None = None
    policy_statements: Input[Sequence[Input[Mapping[str, Any]]]] | None = None
    force_destroy: Input[bool] | None = None
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    identity: Input[Identity] | None = None


class State(Prerequisite):
    identity: aws.Identity | None = None
    region: Unchangeable[PaletteRegion]
    object_lock_enabled: Annotated[bool, Derived(), Replaces()] = False
    name: Annotated[BucketName, Replaces(), Named(63)]
    arn: Annotated[str, Derived()] = ""
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    kms_key_arn: KmsKeyArn | None = None
    encryption: Annotated[str, Derived()] = "AES256"
    versioning: bool = False
    noncurrent_days: int = Field(default=7, ge=1)
    object_lock: Retention | None = None
    abort_uploads_days: int = Field(default=7, ge=1)
    lifecycle: Annotated[list[dict[str, Any]], Derived()] = Field(default_factory=list)
    tls_only: bool = True
    policy_statements: Statements = Field(default_factory=list)
    policy: Annotated[list[dict[str, Any]], Derived()] = Field(default_factory=list)
    public_access_blocked: Annotated[bool, Derived()] = True
    acls_disabled: Annotated[bool, Derived()] = True
    force_destroy: bool = False
    replace_with_data: Literal["refuse", "retain"] = "refuse"


class BucketHandler(Handler[AwsClient, State]):
    realm = "AWS account"

    def whoami(self) -> str:
        return self.client.account()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "arn": lambda: bucket_arn(want.name, partition(want.region)),
            "object_lock_enabled": lambda: want.object_lock is not None,
            "encryption": lambda: "aws:kms" if want.kms_key_arn else "AES256",
            "lifecycle": lambda: lifecycle_rules(want),
            "policy": lambda: policy_statements(want),
            "public_access_blocked": lambda: True,
            "acls_disabled": lambda: True,
        }

    def bring(self, want: State) -> str:
        try:
            found = self._api(want)("head_bucket")
        except NotFound:
            raise NotFound(f"There is no bucket {want.name} to bring.") from None
        except ApiError as error:
            if error.status != 403:
                raise
            return want.name  # of another account, it need not let us look
        region = found.get("BucketRegion") or want.region
        if region != want.region:
            raise NotFound(f"The bucket {want.name} is in {region}, not in {want.region}.")
        return want.name

    def unfit(self, want: State) -> Iterator[Invalid]:
        for reason in unfit_for_velero(self.client, want.name, want.region):
            yield Invalid("name", reason)

    def judge(self, want: State) -> Iterator[Invalid]:
        if want.object_lock and not want.versioning:
            yield Invalid("versioning", "object_lock needs versioning=True")
        if want.kms_key_arn and want.kms_key_arn.split(":")[3] != want.region:
            yield Invalid("kms_key_arn", f"the key must be in the bucket's region {want.region}")
        if want.force_destroy and want.replace_with_data == "retain":
            yield Invalid("replace_with_data", "'retain' and force_destroy exclude each other")

    def create(self, want: State) -> Created[State]:
        want = want.born()
        s3 = self._api(want)
        claim(s3, want, recovers=self.recovers)
        s3 = replace(s3, new=True)
        there = bucket_settings.read(s3, want)
        bucket_settings.settle(s3, want.model_copy(update=there), want)
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        if not have.name:
            have = self._looked_up(id)
        s3 = self._api(have)
        found = user_tags(tags_of(s3))
        return have.model_copy(
            update={
                "tags": {name: value for name, value in found.items() if name in have.tags},
                **bucket_settings.read(s3, have),
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        s3 = self._api(want)
        if (have.tags, have.owner) != (want.tags, want.owner):
            retag(s3, have, want)
        bucket_settings.settle(s3, have, want)
        return want

    def delete(self, id: str, have: State) -> None:
        s3 = self._api(have)
        if not still_ours(have, tags_of(s3)):
            return
        if kept := self._kept(s3, have):
            tell(
                f"{have.logical}: the bucket {have.name} is kept, as it holds {kept}. It is no "
                f"longer in this stack's state: empty and delete it by hand, or bring it with "
                f"existing_bucket={have.name!r}."
            )
            return
        governed = have.object_lock_enabled and have.force_destroy
        empty(s3, "" if have.force_destroy else PROBES, bypass_governance=governed)
        s3("delete_bucket")

    def may_replace(self, id: str, have: State) -> None:
        s3 = self._api(have)
        with suppress(NotFound):
            if still_ours(have, tags_of(s3)) and (kept := self._kept(s3, have)):
                tell(
                    f"{have.logical}: a new bucket replaces {have.name}, which is kept, out of "
                    f"this stack's state, as it holds {kept}."
                )

    def _kept(self, s3: BucketApi, have: State) -> Content | None:
        """What the bucket holds, if it is to be kept for that; raises if it is in the way."""
        if have.force_destroy or not (kept := content(s3)):
            return None
        if have.replace_with_data == "retain":
            return kept
        raise InTheWay(
            f"The bucket {have.name} holds {kept}, so it is not deleted. Empty it; or set "
            f"force_destroy=True (deletes all of it) or replace_with_data='retain' (keeps the "
            f"bucket, out of state), run `pulumi up`, then destroy or replace it. If it left the "
            f"program, put it back first."
        )

    def _looked_up(self, id: str) -> State:
        region = self.client.call("s3", "head_bucket", Bucket=id)["BucketRegion"]
        arn = bucket_arn(id, partition(region))
        state = State.model_construct(name=id, region=region, arn=arn)
        found = user_tags(tags_of(self._api(state)))
        return state.model_copy(update={"tags": found, "made_under": self.whoami()})

    def _api(self, state: State) -> BucketApi:
        return BucketApi(self.client, state.region, state.name)


class Bucket(Resource[BucketArgs], handler=BucketHandler):
    """An S3 bucket; its id is its name.

    `lifecycle` and `policy` are the lifecycle rules and bucket-policy statements made here.
    """

    region: Output[str]
    name: Output[str]
    arn: Output[str]
    tags: Output[dict[str, str]]
    kms_key_arn: Output[str | None]
    encryption: Output[str]
    versioning: Output[bool]
    object_lock_enabled: Output[bool]
    object_lock: Output[dict[str, Any] | None]
    lifecycle: Output[list[dict[str, Any]]]
    policy: Output[list[dict[str, Any]]]
    public_access_blocked: Output[bool]
    acls_disabled: Output[bool]
