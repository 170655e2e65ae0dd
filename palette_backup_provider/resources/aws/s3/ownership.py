"""A bucket becomes this stack's: it is made with our mark, or reclaimed if it carries our mark.

An interrupted run may leave a bucket that state does not know. The bucket carries our mark from the
call that created it. The next run reclaims it if it is empty. A bucket with backups is reclaimed
only with `palette:recover`.
"""

from typing import Any

from palette_backup_provider.clients.aws import denied as aws_denied
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.handler import AnyHandler
from palette_backup_provider.core.ownership import HOW_TO_RECOVER, demand_ours, tell_reclaimed
from palette_backup_provider.resources.aws.mark import TagSet, mark_of, marked, user_tags
from palette_backup_provider.resources.aws.s3.api import BucketApi
from palette_backup_provider.resources.aws.s3.contents import content
from palette_backup_provider.resources.aws.s3.state import BucketState

CLASSIC = "us-east-1"
"""The only region that a create call must not name."""


def make_or_reclaim(handler: AnyHandler, s3: BucketApi, want: BucketState) -> None:
    """Make the bucket with the mark of `want`, or reclaim it."""
    # asked first, because us-east-1 lets the owner create an existing bucket again
    if _exists(s3) or not _made(s3, want):
        _reclaim(handler, s3, want)


def tags_of(s3: BucketApi) -> TagSet:
    """The bucket's tags; raises NotFound if there is no such bucket."""
    tags: TagSet = s3.unless("NoSuchTagSet", "get_bucket_tagging").get("TagSet", [])
    return tags


def retag(s3: BucketApi, have: BucketState, want: BucketState) -> None:
    """Write the tags. S3 takes the whole set, so the tags of others are written back, except AWS's
    own."""
    tags = user_tags(tags_of(s3)).items()
    others = {k: v for k, v in tags if k not in have.tags and not k.startswith("aws:")}
    s3("put_bucket_tagging", Tagging={"TagSet": marked(want, {**others, **want.tags})})


def _exists(s3: BucketApi) -> bool:
    try:
        region = s3("head_bucket").get("BucketRegion") or s3.region
    except NotFound:
        return False
    except ApiError as error:
        if error.status != 403:
            raise
        return _seen(s3)
    if region != s3.region:
        raise NotOwned(
            f"The bucket {s3.name} exists already, in the region {region} instead of {s3.region}. "
            f"Choose another name, or leave the name out to have one made up."
        )
    return True


def _seen(s3: BucketApi) -> bool:
    """Whether a bucket exists for which HEAD was refused. The refusal has no text, and a user
    without any permission gets the same answer."""
    try:
        tags_of(s3)
    except NotFound:
        return False
    except ApiError as error:
        if not (aws_denied.DENIED.search(str(error)) or aws_denied.MISSING.search(str(error))):
            raise _taken(s3.name) from None
        raise ApiError(
            f"These credentials may not see whether there is a bucket {s3.name}. {error} They need "
            f"what docs/permissions/aws.json lists.",
            status=error.status,
            code=error.code,
        ) from None
    return True


def _made(s3: BucketApi, want: BucketState) -> bool:
    """Make the bucket. False if the bucket exists already."""
    how: dict[str, Any] = {"Tags": marked(want, want.tags)}  # at once: a run may end right here
    if want.region != CLASSIC:
        how["LocationConstraint"] = want.region
    more = {"ObjectLockEnabledForBucket": True} if want.object_lock_enabled else {}
    try:
        s3(
            "create_bucket",
            CreateBucketConfiguration=how,
            ObjectOwnership="BucketOwnerEnforced",
            **more,
        )
    except ApiError as error:
        if error.code == "BucketAlreadyExists":
            raise _taken(want.name) from None
        if error.code != "BucketAlreadyOwnedByYou":
            raise
        return False
    return True


def _reclaim(handler: AnyHandler, s3: BucketApi, want: BucketState) -> None:
    what, way_out = f"the bucket {want.name}", handler.use_existing(want, want.name)
    mark = mark_of(tags_of(s3))
    demand_ours(handler, want, mark, what, way_out)
    if not handler.reclaims_in_use and (contents := content(s3)):
        raise Blocked(
            f"The bucket {want.name} was made by this stack but is not in its state, and holds "
            f"{contents}. {way_out} Or empty it and run `pulumi up` again. "
            f"{HOW_TO_RECOVER}"
        )
    tell_reclaimed(handler, want, mark, what)
    retag(s3, want, want)


def _taken(name: str) -> NotOwned:
    return NotOwned(
        f"The bucket name {name} is taken by another AWS account, or these credentials may not see "
        f"it. Choose another name, or leave the name out to have one made up."
    )
