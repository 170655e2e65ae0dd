"""How a bucket comes to be this stack's: made with our mark, or adopted if it bears it.

An interrupted run leaves a bucket that state does not know. It carries our mark, given in the very
call that made it, and nothing is in it: the next run takes it over. One with backups in it is taken
over only by who says that the state was lost.
"""

from typing import Any

from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, NotOurs
from palette_backup_provider.core.handler import HOW_TO_RECOVER
from palette_backup_provider.resources.aws.bucket_api import BucketApi
from palette_backup_provider.resources.aws.bucket_contents import content
from palette_backup_provider.resources.aws.mark import TagSet, demand_ours, marked, user_tags

CLASSIC = "us-east-1"
"""The one region that must not be named when a bucket is made in it."""


def claim(s3: BucketApi, want: Any, *, recovers: bool = False) -> None:
    """See to it that the bucket exists and bears the mark of `want`."""
    # asked first: in us-east-1, making one's own bucket again succeeds
    if _exists(s3) or not _made(s3, want):
        _adopt(s3, want, recovers)


def tags_of(s3: BucketApi) -> TagSet:
    """The bucket's tags; raises NotFound if there is no such bucket."""
    found: TagSet = s3.unless("NoSuchTagSet", "get_bucket_tagging").get("TagSet", [])
    return found


def retag(s3: BucketApi, have: Any, want: Any) -> None:
    """S3 takes tags all at once: those of others are put back, except what only AWS may put."""
    there = user_tags(tags_of(s3)).items()
    others = {k: v for k, v in there if k not in have.tags and not k.startswith("aws:")}
    s3("put_bucket_tagging", Tagging={"TagSet": marked(want, {**others, **want.tags})})


def _exists(s3: BucketApi) -> bool:
    try:
        region = s3("head_bucket").get("BucketRegion") or s3.region
    except NotFound:
        return False
    except ApiError as error:
        if error.status != 403:
            raise
        raise _taken(s3.name) from None
    if region != s3.region:
        raise NotOurs(
            f"The bucket {s3.name} exists already, in the region {region} instead of {s3.region}. "
            f"Choose another name, or leave bucket_name out to have one made up."
        )
    return True


def _made(s3: BucketApi, want: Any) -> bool:
    """Make the bucket; false if it turns out to be there."""
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


def _adopt(s3: BucketApi, want: Any, recovers: bool) -> None:
    what, bring = f"The bucket {want.name}", f"bring it with existing_bucket={want.name!r}"
    demand_ours(want, tags_of(s3), what, bring)
    if not recovers and (kept := content(s3)):
        raise InTheWay(
            f"{what} was made by this stack but is not in its state, and holds {kept}. To use it "
            f"as it is, {bring}; or empty it and run `pulumi up` again. {HOW_TO_RECOVER}"
        )
    retag(s3, want, want)


def _taken(name: str) -> NotOurs:
    return NotOurs(
        f"The bucket name {name} is taken by another AWS account, or these credentials may not see "
        f"it. Choose another name, or leave bucket_name out to have one made up."
    )
