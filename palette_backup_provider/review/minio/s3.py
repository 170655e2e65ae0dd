"""Buckets: what they hold, what protects it, and their policies."""

from functools import partial

from palette_backup_provider.review.minio.iam import DIALECT
from palette_backup_provider.review.own import holder
from palette_backup_provider.review.policies.rules import documents
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Guards, Holder, Rules, at, flag, one_of
from palette_backup_provider.review.wording import shown

_ACLS = ("public", "public-read-write", "public-write", "public-read", "private")


def _guards(props: Props) -> Guards:
    return {"refusal of anonymous requests": flag(not props.get("public"))}


def _their_holder(props: Props) -> Holder:
    forced = props.get("forceDestroy") is True
    return Holder("bucket", shown(props.get("bucket", "")), forced, "forceDestroy")


def _their_guards(props: Props) -> Guards:
    return {
        "access list": one_of(props.get("acl"), _ACLS, default="private"),
        "object lock": flag(props.get("objectLocking")),
    }


RULES = {
    "minio:Bucket": Rules(holder=partial(holder, "bucket"), guards=_guards),
    "minio:index:S3Bucket": Rules(holder=_their_holder, guards=_their_guards),
    "minio:index:S3BucketPolicy": documents("policy", dialect=DIALECT),
    "minio:index:S3BucketVersioning": Rules(
        guards=lambda props: {"versioning": flag(at(props, "versioningConfiguration.status"))}
    ),
}
