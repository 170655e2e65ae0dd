"""Buckets: what they hold, what protects it, and their policies."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from palette_backup_provider.review.aws.iam import policy
from palette_backup_provider.review.own import holder
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import Guard, Guards, Holder, Rules, amount, at, flag
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import shown

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_YEAR = 365
_COMPLIANCE = 0.5
"""Adds to the strength of a lock that nobody may bypass: less than one day does."""


_TLS_ONLY = "PaletteBackupTlsOnly"
"""The statement that the guard `refusal of plain text` stands for."""
_POLICY = policy("policy")


def _widens(old: Props, new: Props) -> Iterator[str]:
    return _POLICY.widens(_without_own(old), _without_own(new))


def _without_own(props: Props) -> Props:
    statements = props.get("policy")
    if not isinstance(statements, list):
        return props
    return {"policy": [statement for statement in statements if at(statement, "Sid") != _TLS_ONLY]}


def _lock(days: object, mode: object) -> Guard:
    guard = amount(days, f"days, {shown(mode or 'GOVERNANCE')}")
    bonus = _COMPLIANCE if mode == "COMPLIANCE" and guard.strength else 0
    return replace(guard, strength=None if guard.strength is None else guard.strength + bonus)


def _guards(props: Props) -> Guards:
    kms = props.get("kms_key_arn")
    return {
        "versioning": flag(props.get("versioning")),
        "object lock": _lock(at(props, "object_lock.days"), at(props, "object_lock.mode")),
        "days that an old version is kept": amount(props.get("noncurrent_days"), "days", default=7),
        "refusal of plain text (TLS)": flag(props.get("tls_only"), default=True),
        "block of public access": flag(props.get("public_access_blocked"), default=True),
        "block of ACLs": flag(props.get("acls_disabled"), default=True),
        "encryption": Guard(2.0 if kms else 1.0, f"KMS {shown(kms)}" if kms else "AES256"),
    }


def _their_holder(props: Props) -> Holder:
    forced = props.get("forceDestroy") is True
    return Holder("bucket", shown(props.get("bucket", "")), forced, "forceDestroy")


def _their_bucket(props: Props) -> Guards:
    return {
        "versioning": flag(at(props, "versioning.enabled")),
        "object lock": flag(props.get("objectLockEnabled")),
    }


def _their_lock(props: Props) -> Guards:
    retention = at(props, "rule.defaultRetention")
    days, years = at(retention, "days"), at(retention, "years")
    return {
        "object lock": _lock(
            years * _YEAR if isinstance(years, int) else days, at(retention, "mode")
        )
    }


def _their_blocks(props: Props) -> Guards:
    on = sum(props.get(each) is True for each in _BLOCKS)
    unknown = any(is_unknown(props.get(each)) for each in _BLOCKS)
    return {
        "block of public access": Guard(None, "not known yet")
        if unknown
        else amount(on, f"of {len(_BLOCKS)}")
    }


def _their_encryption(props: Props) -> Guards:
    return {"encryption": flag(bool(props.get("rules")))}


_BUCKET = Rules(holder=_their_holder, guards=_their_bucket)
_VERSIONING = Rules(
    guards=lambda props: {"versioning": flag(at(props, "versioningConfiguration.status"))}
)
_LOCK = Rules(guards=_their_lock)
_ENCRYPTION = Rules(guards=_their_encryption)
RULES = {
    "aws:Bucket": replace(
        _POLICY, holder=partial(holder, "bucket"), guards=_guards, widens=_widens
    ),
    "aws:s3:Bucket": _BUCKET,
    "aws:s3:BucketV2": _BUCKET,
    "aws:s3:BucketObjectLockConfiguration": _LOCK,
    "aws:s3:BucketObjectLockConfigurationV2": _LOCK,
    "aws:s3:BucketPolicy": _POLICY,
    "aws:s3:BucketPublicAccessBlock": Rules(guards=_their_blocks),
    "aws:s3:BucketServerSideEncryptionConfiguration": _ENCRYPTION,
    "aws:s3:BucketServerSideEncryptionConfigurationV2": _ENCRYPTION,
    "aws:s3:BucketVersioning": _VERSIONING,
    "aws:s3:BucketVersioningV2": _VERSIONING,
}
