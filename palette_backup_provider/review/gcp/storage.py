"""Buckets: what they hold, and what protects it."""

from functools import partial

from palette_backup_provider.review.own import holder
from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.rules import (
    Guard,
    Guards,
    Holder,
    Rules,
    amount,
    at,
    flag,
    one_of,
)
from palette_backup_provider.review.wording import shown

_DAY = 86400
_PREVENTION = ("inherited", "enforced")


def _days(seconds: object, default: int) -> Guard:
    try:
        return amount(
            seconds if seconds is None else float(str(seconds)) / _DAY, "days", default=default
        )
    except ValueError:
        return amount(seconds, "days")


def _encryption(key: object) -> Guard:
    return Guard(2.0, f"key {shown(key)}") if key else Guard(1.0, "Google's own key")


def _guards(props: Props) -> Guards:
    return {
        "versioning": flag(props.get("versioning")),
        "days that an old version is kept": amount(props.get("noncurrent_days"), "days", default=7),
        "soft delete": amount(props.get("soft_delete_days"), "days", default=7),
        "uniform access": flag(props.get("uniform_access"), default=True),
        "prevention of public access": flag(props.get("public_access_prevented"), default=True),
        "encryption": _encryption(props.get("kms_key_name")),
    }


def _their_holder(props: Props) -> Holder:
    forced = props.get("forceDestroy") is True
    return Holder("bucket", shown(props.get("name", "")), forced, "forceDestroy")


def _their_guards(props: Props) -> Guards:
    soft = at(props, "softDeletePolicy.retentionDurationSeconds")
    prevention = props.get("publicAccessPrevention")
    return {
        "versioning": flag(at(props, "versioning.enabled")),
        "retention": _days(at(props, "retentionPolicy.retentionPeriod"), default=0),
        "lock of the retention": flag(at(props, "retentionPolicy.isLocked")),
        "soft delete": _days(soft, default=7),
        "uniform access": flag(props.get("uniformBucketLevelAccess")),
        "prevention of public access": one_of(prevention, _PREVENTION, default="inherited"),
        "encryption": _encryption(at(props, "encryption.defaultKmsKeyName")),
    }


RULES = {
    "gcp:Bucket": Rules(holder=partial(holder, "bucket"), guards=_guards),
    "gcp:storage:Bucket": Rules(holder=_their_holder, guards=_their_guards),
}
