"""An S3 bucket for backups: private, encrypted, reached through TLS only."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pulumi import Input, Output

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.regions import absent, known, partition
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, NotFound
from palette_backup_provider.core.handler import Created, finishing
from palette_backup_provider.core.holding import HoldingHandler
from palette_backup_provider.core.ownership import still_ours
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.aws.iam.policy_documents import bucket_arn
from palette_backup_provider.resources.aws.identity import AwsArgs, InAwsAccount
from palette_backup_provider.resources.aws.inits import BucketInit
from palette_backup_provider.resources.aws.mark import CARRIER, mark_of, user_tags
from palette_backup_provider.resources.aws.s3 import settings as bucket_settings
from palette_backup_provider.resources.aws.s3.api import BucketApi
from palette_backup_provider.resources.aws.s3.contents import content, empty
from palette_backup_provider.resources.aws.s3.documents import (
    asked_for,
    lifecycle_rules,
    policy_statements,
)
from palette_backup_provider.resources.aws.s3.ownership import make_or_reclaim, retag, tags_of
from palette_backup_provider.resources.aws.s3.state import BucketState
from palette_backup_provider.resources.aws.s3.velero_check import unfit_for_velero


@dataclass(kw_only=True)
class ObjectLock:
    """Locks every new object against deletion.

    Args:
        days: How long, in days, 1 to 36500. Changed in place, for objects written from then on.
        mode: `GOVERNANCE` (deletion takes the permission to bypass it) or `COMPLIANCE` (nobody can
            delete, not even the account's root). Default: `GOVERNANCE`. Changed in place.
    """

    days: Input[int]
    mode: Input[Literal["GOVERNANCE", "COMPLIANCE"]] = "GOVERNANCE"


@documented
@dataclass(kw_only=True)
class BucketArgs(AwsArgs):
    """An S3 bucket. Public access is always blocked, and ACLs are switched off.

    Tags, lifecycle rules and bucket-policy statements that others add stay. A bucket that holds
    anything is neither deleted nor replaced, unless the program sets `force_destroy`.

    Args:
        existing: Whether to use the existing bucket of that name. It is read, and never changed or
            deleted. Default: false.
        region: The region's code, such as `us-east-1`, in a partition that Palette knows (aws,
            aws-us-gov, aws-iso, aws-iso-b). A change replaces the bucket.
        name: 3 to 63 lower-case letters, digits and hyphens, by AWS's rules for bucket names.
            Default: made from the resource's name. A change replaces the bucket.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `aws:` or `palette-backup`. Added to the stack's
            `palette:tags` and `aws:defaultTags`. Changed in place.
        kms_key_arn: The ARN of the KMS key, in the bucket's region, that new objects are encrypted
            with. Default: S3's own key (AES256). Changed in place, for objects written from then
            on.
        versioning: Whether S3 keeps old versions of objects. Default: false. Changed in place.
            After it is switched off, the existing versions are deleted after `noncurrent_days`.
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
        replace_with_data: The fate of a bucket that holds anything, when it is to be replaced or
            destroyed. `refuse`: nothing happens, and the error names the contents. `retain`: the
            bucket is kept, out of the stack's state, and named. It excludes `force_destroy`. It
            must be in force, by a `pulumi up`, beforehand. Default: `refuse`.
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


class BucketHandler(InAwsAccount, HoldingHandler[AwsClient, BucketState]):
    noun = "bucket"
    known_as = "name"

    def derive(self, want: BucketState) -> Mapping[str, Callable[[], Any]]:
        return {
            "arn": lambda: bucket_arn(want.name, partition(want.region)),
            "object_lock_enabled": lambda: want.object_lock is not None,
            "encryption": lambda: "aws:kms" if want.kms_key_arn else "AES256",
            "lifecycle": lambda: lifecycle_rules(want),
            "policy": lambda: policy_statements(want),
            "public_access_blocked": lambda: True,
            "acls_disabled": lambda: True,
        }

    def observed(self, want: BucketState) -> Mapping[str, Callable[[], Any]]:
        return {"arn": lambda: bucket_arn(want.name, partition(want.region))}

    def find_existing(self, want: BucketState) -> str:
        try:
            answer = self._api(want)("head_bucket")
        except NotFound:
            raise NotFound(
                f"There is no bucket {want.name} to use. Check the name, and whether the "
                f"credentials are of the partition that it is in."
            ) from None
        except ApiError as error:
            if error.status != 403:
                raise
            return want.name  # a bucket of another account may forbid HeadBucket
        region = answer.get("BucketRegion") or want.region
        if region != want.region:
            raise NotFound(
                f"The bucket {want.name} is in {region}, not in {want.region}. Set "
                f"region={region!r}."
            )
        return want.name

    def check_existing(self, want: BucketState) -> Iterator[Invalid]:
        for reason in unfit_for_velero(self.client, want.name, want.region):
            yield Invalid("name", reason)

    def validate(self, want: BucketState) -> Iterator[Invalid]:
        yield from super().validate(want)
        if want.region not in known() and (reason := self._no_region(want)):
            yield Invalid("region", reason)
        if want.object_lock and not want.versioning:
            yield Invalid("versioning", "object_lock needs versioning=True")
        if want.kms_key_arn and want.kms_key_arn.split(":")[3] != want.region:
            yield Invalid("kms_key_arn", f"the key must be in the bucket's region {want.region}")

    def create(self, want: BucketState) -> Created[BucketState]:
        want = want.with_new_incarnation()
        s3 = self._api(want)
        make_or_reclaim(self, s3, want)
        s3 = replace(s3, new=True)
        with finishing(want.name, want):
            settings = bucket_settings.read(s3, want)
            bucket_settings.apply(s3, want.model_copy(update=settings), want)
        return Created(want.name, want)

    def read(self, id: str, have: BucketState) -> BucketState:
        if not have.name:
            have = self._looked_up(id)
        s3 = self._api(have)
        tags = tags_of(s3)
        return have.model_copy(
            update={
                "tags": {k: v for k, v in user_tags(tags).items() if k in have.tags},
                "held_by": self.notation.holder(have, mark_of(tags)),
                **bucket_settings.read(s3, have),
            }
        )

    def locate(self, id: str) -> Created[BucketState]:
        located = super().locate(re.split("[:/]+", id)[-1])
        state, settings = located.state, asked_for(located.state.lifecycle, located.state.policy)
        return Created(located.id, state.model_copy(update=settings))

    def update(self, id: str, have: BucketState, want: BucketState) -> BucketState:
        s3 = self._api(want)
        if have.tags != want.tags or want.remarks(have):
            retag(s3, have, want)
        bucket_settings.apply(s3, have, want)
        return want

    def still_ours(self, id: str, have: BucketState) -> bool:
        mark = mark_of(tags_of(self._api(have)))
        return still_ours(self, id, have, mark, f"the bucket {have.name}", CARRIER)

    def content(self, have: BucketState) -> str:
        return str(content(self._api(have)))

    def remove(self, id: str, have: BucketState) -> None:
        s3 = self._api(have)
        governed = have.object_lock_enabled and have.force_destroy
        empty(s3, "" if have.force_destroy else PROBE_PREFIX, bypass_governance=governed)
        s3("delete_bucket")

    def _looked_up(self, id: str) -> BucketState:
        region = self.client.call("s3", "head_bucket", Bucket=id)["BucketRegion"]
        arn = bucket_arn(id, partition(region))
        state = BucketState.model_construct(name=id, region=region, arn=arn)
        tags = user_tags(tags_of(self._api(state)))
        return state.model_copy(update={"tags": tags, "made_under": self.whoami()})

    def _no_region(self, want: BucketState) -> str | None:
        """Why the region cannot be reached; None if S3 answers there, even with a refusal."""
        try:
            self._api(want)("head_bucket")
        except NotFound:
            return None
        except ApiError as error:
            return absent(want.region, str(error)) if error.status in (0, 400) else None
        return None

    def _api(self, state: BucketState) -> BucketApi:
        return BucketApi(self.client, state.region, state.name)


class Bucket(BucketInit, Resource[BucketArgs], handler=BucketHandler):
    """An S3 bucket. Its id is its name.

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
