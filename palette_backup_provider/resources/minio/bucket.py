"""A bucket for backups. MinIO buckets are private unless a policy says otherwise."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.handler import Created, finishing
from palette_backup_provider.core.holding import Holding, HoldingHandler
from palette_backup_provider.core.markers import AutoNamed, Derived, FromSetting, Replaces
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.ownership import (
    HOW_TO_RECOVER,
    demand_ours,
    still_ours,
    tell_reclaimed,
)
from palette_backup_provider.core.policy_language import Json
from palette_backup_provider.core.tags import MARK, user_tags
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.engine.docstrings import documented
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.iam.policy_documents import closed
from palette_backup_provider.resources.minio.identity import MinioArgs, MinioState, OnServer
from palette_backup_provider.resources.minio.inits import BucketInit
from palette_backup_provider.resources.minio.mark import Tags, made_up_for
from palette_backup_provider.resources.minio.s3.contents import content, empty
from palette_backup_provider.resources.minio.s3.velero_check import unfit_for_velero

NAME = matches(
    r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|minio$)(?!.*(\.\.|\.-|-\.))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "3 to 63 lower-case letters, digits, hyphens and single dots, beginning and ending with a "
    "letter or digit, no IP address",
)


@documented
@dataclass(kw_only=True)
class BucketArgs(MinioArgs):
    """A bucket on MinIO.

    Tags that others add stay. Versioning that others switch on stays too. A bucket policy may allow
    something without a credential. The next `pulumi up` that sees this removes those statements;
    others stay. A bucket that holds anything is neither deleted nor replaced, unless the program
    sets `force_destroy`.

    Args:
        name: 3 to 63 lower-case letters, digits, hyphens and dots. Default: made from the
            resource's name. A change replaces the bucket.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `palette-backup`. Added to the stack's
            `palette:tags`. Changed in place.
        force_destroy: Whether the bucket is deleted with all that it holds. Default: false. It
            must be in force, by a `pulumi up`, before the bucket is destroyed or replaced.
        replace_with_data: The fate of a bucket that holds anything, when it is to be replaced or
            destroyed. `refuse`: nothing happens, and the error names the contents. `retain`: the
            bucket is kept, out of the stack's state, and named. It excludes `force_destroy`. It
            must be in force, by a `pulumi up`, beforehand. Default: `refuse`.
        existing: Whether to use the existing bucket of that name. It is read, and never changed or
            deleted. Default: false.
    """

    name: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    force_destroy: Input[bool] | None = None
    replace_with_data: Input[Literal["refuse", "retain"]] | None = None
    existing: Input[bool] = False


class BucketState(MinioState, Holding):
    name: Annotated[str, Replaces(), AutoNamed(63), NAME]
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    public: Annotated[bool, Derived()] = False
    """Whether the bucket's policy gives anything to everyone; true only where another hand did
    so."""
    url: Annotated[str, Derived()] = ""
    """The server that has the bucket."""
    region: Annotated[str, Derived()] = ""
    """The region that the server was asked by."""
    ca_cert: Annotated[str, Derived()] = ""
    """The CA that the server was trusted by; empty if it needs no CA of its own."""


class BucketHandler(OnServer, HoldingHandler[MinioClient, BucketState]):
    noun = "bucket"
    known_as = "name"

    def derive(self, want: BucketState) -> Mapping[str, Callable[[], Any]]:
        return {**self.observed(want), "public": lambda: False}

    def observed(self, want: BucketState) -> Mapping[str, Callable[[], Any]]:
        return {
            "url": lambda: self.client.identity.url,
            "region": lambda: self.client.identity.region,
            "ca_cert": lambda: self.client.identity.ca_cert or "",
        }

    def find_existing(self, want: BucketState) -> str:
        self._demand_there(want.name)
        return want.name

    def check_existing(self, want: BucketState) -> Iterator[Invalid]:
        for reason in unfit_for_velero(self.client, want.name):
            yield Invalid("name", reason)

    def create(self, want: BucketState) -> Created[BucketState]:
        want = want.with_new_incarnation()
        if self.client.s3("bucket_exists", want.name):
            self._reclaim(want)
        else:
            self._make(want)
        with finishing(want.name, want):
            self._tag(want, self._tags(want.name))
        return Created(want.name, want)

    def read(self, id: str, have: BucketState) -> BucketState:
        policy = self._policy(id)
        all_tags = self._tags(id)
        tags = user_tags(all_tags)
        if have.name:  # what others added is no drift
            tags = {name: value for name, value in tags.items() if name in have.tags}
        own = self.client.identity
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": id,
                "tags": tags,
                "public": closed(policy) != policy,
                "held_by": self.notation.holder(have, all_tags.get(MARK)),
                "url": own.url,
                "region": own.region,
                "ca_cert": own.ca_cert or "",
            }
        )

    def locate(self, id: str) -> Created[BucketState]:
        """By its name, or its URL."""
        return super().locate(id.rpartition("/")[2])

    def update(self, id: str, have: BucketState, want: BucketState) -> BucketState:
        if have.tags != want.tags or want.remarks(have):
            tags = self._tags(id).items()
            self._tag(want, {k: v for k, v in tags if k not in have.tags})
        if have.public:
            self._close(want.name)
        return want

    def still_ours(self, id: str, have: BucketState) -> bool:
        self._policy(have.name)  # of a bucket that is gone, MinIO says no more than: no tags
        mark = self._tags(have.name).get(MARK)
        return still_ours(self, id, have, mark, f"the bucket {have.name}", f"the tag {MARK}")

    def content(self, have: BucketState) -> str:
        return content(self.client, have.name)

    def remove(self, id: str, have: BucketState) -> None:
        empty(self.client, have.name, "" if have.force_destroy else PROBE_PREFIX)
        self.client.s3("remove_bucket", have.name)

    def _make(self, want: BucketState) -> None:
        try:
            self.client.s3("make_bucket", want.name)
        except ApiError as error:
            if error.code == "BucketAlreadyExists":
                raise NotOwned(
                    f"The bucket name {want.name} is somebody else's. Choose another name, or "
                    f"leave the name out to have one made up."
                ) from None
            # It was not there a moment ago: our own call, whose first answer got lost.
            if error.code != "BucketAlreadyOwnedByYou":
                raise

    def _reclaim(self, want: BucketState) -> None:
        what, way_out = f"the bucket {want.name}", self.use_existing(want, want.name)
        tags = self._tags(want.name)
        mark = tags.get(MARK)
        if tags or not made_up_for(want, want.name):
            demand_ours(self, want, mark, what, way_out)
        if not self.reclaims_in_use and (contents := content(self.client, want.name)):
            raise Blocked(
                f"The bucket {want.name} was made by this stack but is not in its state, and holds "
                f"{contents}. {way_out} Or empty it and run `pulumi up` "
                f"again. {HOW_TO_RECOVER}"
            )
        tell_reclaimed(self, want, mark, what)
        self._close(want.name)

    def _tag(self, want: BucketState, others: dict[str, str]) -> None:
        self.client.tag(want.name, {**others, **want.tags, MARK: want.mark})

    def _tags(self, bucket: str) -> dict[str, str]:
        return dict(self.client.s3("get_bucket_tags", bucket) or {})

    def _policy(self, bucket: str) -> Json:
        """The bucket's own policy, without a statement where it has none.

        Raises NotFound where there is no bucket, and that in MinIO's own words, unlike the answer
        to a HEAD: that is a status alone, and a proxy's 404 looks the same.
        """
        try:
            policy: Json = json.loads(self.client.s3("get_bucket_policy", bucket))
        except ApiError as error:
            if error.code != "NoSuchBucketPolicy":
                raise
            return {"Statement": []}
        return policy

    def _close(self, bucket: str) -> None:
        policy = self._policy(bucket)
        rest = closed(policy)
        if rest["Statement"]:
            self.client.s3("set_bucket_policy", bucket, json.dumps(rest))
        elif policy["Statement"]:
            self.client.s3("delete_bucket_policy", bucket)

    def _demand_there(self, bucket: str) -> None:
        if not self.client.s3("bucket_exists", bucket):  # MinIO has no tags for what is not there
            raise NotFound(
                f"There is no bucket {bucket} on {self.client.identity.url}. Check the name, and "
                f"whether it is the right server."
            )


class Bucket(BucketInit, Resource[BucketArgs], handler=BucketHandler):
    """A bucket on MinIO; its id is its name.

    `public` tells whether it gives anything to everyone; `url`, `region` and `ca_cert` tell how the
    server was reached; `ca_cert` is empty if it needs no CA of its own.
    """

    name: Output[str]
    tags: Output[dict[str, str]]
    public: Output[bool]
    url: Output[str]
    region: Output[str]
    ca_cert: Output[str]
