"""A bucket for backups. MinIO buckets are private unless a policy says otherwise."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from pulumi import Input, Output
from pydantic import Field

from palette_backup_provider.clients import minio
from palette_backup_provider.clients.minio import MinioClient
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER, Created, Handler
from palette_backup_provider.core.model import (
    Derived,
    FromSetting,
    Named,
    Prerequisite,
    Replaces,
    rule,
)
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.resources.minio.bucket_contents import PROBES, content, empty
from palette_backup_provider.resources.minio.identity import Identity
from palette_backup_provider.resources.minio.mark import (
    MARK,
    Tags,
    demand_ours,
    made_up_for,
    still_ours,
    user_tags,
)
from palette_backup_provider.resources.minio.policy_documents import Json, closed

NAME = rule(
    r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|minio$)(?!.*(\.\.|\.-|-\.))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "3 to 63 lower-case letters, digits, hyphens and single dots, beginning and ending with a "
    "letter or digit, no IP address",
)


@dataclass(kw_only=True)
class BucketArgs:
    """A bucket on MinIO.

    Tags that others add stay, and so does versioning that they switch on: it takes nothing away.
    What a bucket policy gives to everyone, without a credential, is taken back by the next
    `pulumi up` that sees it; its other statements stay. A bucket that holds anything is neither
    deleted nor replaced, unless `force_destroy` is set.

    Args:
        name: 3 to 63 lower-case letters, digits, hyphens and dots. Default: made from the
            resource's name. A change replaces the bucket.
        tags: At most 45; keys of 1 to 128 and values of up to 256 letters, digits, spaces and
            `_.:/=+-@`; keys do not begin with `palette-backup`. Added to the stack's
            `palette:tags`. Changed in place.
        force_destroy: Whether the bucket is deleted with all that it holds. Default: false. It
            must be in force, by a `pulumi up`, before the bucket is destroyed or replaced.
        identity: The server, and who makes the bucket. Default: the stack's settings. Another
            server replaces the bucket.
        existing: Brings the bucket of that name instead of making one: it is read, and never
            changed or deleted. Default: false.
    """

    name: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    force_destroy: Input[bool] | None = None
    identity: Input[Identity] | None = None
    existing: Input[bool] = False


class State(Prerequisite):
    identity: minio.Identity | None = None
    name: Annotated[str, Replaces(), Named(63), NAME]
    tags: Annotated[Tags, FromSetting("palette:tags")] = Field(default_factory=dict)
    force_destroy: bool = False
    public: Annotated[bool, Derived()] = False
    url: Annotated[str, Derived()] = ""
    region: Annotated[str, Derived()] = minio.REGION
    ca_cert: Annotated[str, Derived()] = ""


class BucketHandler(Handler[MinioClient, State]):
    realm = "MinIO server"

    def whoami(self) -> str:
        return self.client.server()

    def derived(self, want: State) -> Mapping[str, Callable[[], Any]]:
        return {
            "public": lambda: False,
            "url": lambda: self.client.identity.url,
            "region": lambda: self.client.identity.region,
            "ca_cert": lambda: self.client.identity.ca_cert or "",
        }

    def bring(self, want: State) -> str:
        self._demand_there(want.name)
        return want.name

    def create(self, want: State) -> Created[State]:
        want = want.born()
        if self.client.s3("bucket_exists", want.name):
            self._adopt(want)
        else:
            self._make(want)
        self._tag(want, self._tags(want.name))
        return Created(want.name, want)

    def read(self, id: str, have: State) -> State:
        policy = self._policy(id)
        given = user_tags(self._tags(id))
        if have.name:  # what others added is no drift
            given = {name: value for name, value in given.items() if name in have.tags}
        own = self.client.identity
        return have.model_copy(
            update={
                "made_under": self.whoami(),
                "name": id,
                "tags": given,
                "public": closed(policy) != policy,
                "url": own.url,
                "region": own.region,
                "ca_cert": own.ca_cert or "",
            }
        )

    def update(self, id: str, have: State, want: State) -> State:
        if (have.tags, have.owner) != (want.tags, want.owner):
            there = self._tags(id).items()
            self._tag(want, {k: v for k, v in there if k not in have.tags})
        if have.public:
            self._close(want.name)
        return want

    def delete(self, id: str, have: State) -> None:
        self._policy(id)
        if not self._still_ours(have):
            return
        self._demand_spare(have)
        empty(self.client, id, "" if have.force_destroy else PROBES)
        self.client.s3("remove_bucket", id)

    def may_replace(self, id: str, have: State) -> None:
        with suppress(NotFound):
            self._policy(id)
            if self._still_ours(have):
                self._demand_spare(have)

    def _make(self, want: State) -> None:
        try:
            self.client.s3("make_bucket", want.name)
        except ApiError as error:
            if error.code == "BucketAlreadyExists":
                raise NotOurs(
                    f"The bucket name {want.name} is somebody else's. Choose another name, or "
                    f"leave bucket_name out to have one made up."
                ) from None
            # It was not there a moment ago: our own call, whose first answer got lost.
            if error.code != "BucketAlreadyOwnedByYou":
                raise

    def _adopt(self, want: State) -> None:
        what, bring = f"The bucket {want.name}", f"bring it with existing_bucket={want.name!r}"
        tags = self._tags(want.name)
        if tags or not made_up_for(want):
            demand_ours(want, tags.get(MARK), what, bring)
        if not self.recovers and (kept := content(self.client, want.name)):
            raise InTheWay(
                f"{what} was made by this stack but is not in its state, and holds {kept}. To use "
                f"it as it is, {bring}; or empty it and run `pulumi up` again. {HOW_TO_RECOVER}"
            )
        self._close(want.name)

    def _tag(self, want: State, others: dict[str, str]) -> None:
        self.client.tag(want.name, {**others, **want.tags, MARK: want.mark})

    def _tags(self, bucket: str) -> dict[str, str]:
        return dict(self.client.s3("get_bucket_tags", bucket) or {})

    def _policy(self, bucket: str) -> Json:
        """The bucket's own policy, without a statement where it has none.

        Raises NotFound where there is no bucket, and that in MinIO's own words, unlike the answer
        to a HEAD: that is a status alone, and a proxy's 404 looks the same.
        """
        try:
            found: Json = json.loads(self.client.s3("get_bucket_policy", bucket))
        except ApiError as error:
            if error.code != "NoSuchBucketPolicy":
                raise
            return {"Statement": []}
        except ValueError:
            where = self.client.identity.url
            raise ApiError(
                f"{where} s3:get_bucket_policy: the answer broke off. Run it again; if it stays "
                f"so, look at what is between here and the server.",
                status=0,
            ) from None
        return found

    def _close(self, bucket: str) -> None:
        policy = self._policy(bucket)
        kept = closed(policy)
        if kept["Statement"]:
            self.client.s3("set_bucket_policy", bucket, json.dumps(kept))
        elif policy["Statement"]:
            self.client.s3("delete_bucket_policy", bucket)

    def _still_ours(self, have: State) -> bool:
        return still_ours(have, self._tags(have.name).get(MARK), f"the tag {MARK}")

    def _demand_there(self, bucket: str) -> None:
        if not self.client.s3("bucket_exists", bucket):  # MinIO has no tags for what is not there
            raise NotFound(
                f"There is no bucket {bucket} on {self.client.identity.url}. Check the name, and "
                f"whether it is the right server."
            )

    def _demand_spare(self, have: State) -> None:
        if not have.force_destroy and (kept := content(self.client, have.name)):
            raise InTheWay(
                f"The bucket {have.name} holds {kept}, so it is not deleted. Empty it; or set "
                f"force_destroy=True, run `pulumi up`, then destroy or replace it. If it left the "
                f"program, put it back first."
            )


class Bucket(Resource[BucketArgs], handler=BucketHandler):
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
