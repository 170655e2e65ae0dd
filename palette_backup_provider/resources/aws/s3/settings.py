"""The settings of a bucket. Each is written by a call of its own.

A setting reads and writes some fields of a bucket's state. Rules and statements that others added
stay: ids and Sids distinguish ours.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from palette_backup_provider.core.errors import ApiError, Blocked
from palette_backup_provider.core.policy_language import VERSION
from palette_backup_provider.core.progress import announce
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.resources.aws.iam.policy_text import names_nobody, orphans, text
from palette_backup_provider.resources.aws.s3.api import BucketApi
from palette_backup_provider.resources.aws.s3.documents import (
    is_own_rule,
    lifecycle_rules,
    own_rules,
    same_statements,
    sids,
)
from palette_backup_provider.resources.aws.s3.state import BucketState, Retention

PRIVATE = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
SIZE = "TransitionDefaultMinimumObjectSize"


class Setting(ABC):
    fields: ClassVar[tuple[str, ...]]
    """The fields of state that it decides."""

    @abstractmethod
    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        """These fields as they are."""

    @abstractmethod
    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        """Make these fields what `want` says."""


class PublicAccessSetting(Setting):
    fields = ("public_access_blocked",)

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        absent = "NoSuchPublicAccessBlockConfiguration"
        answer = s3.unless(absent, "get_public_access_block")
        return {"public_access_blocked": answer.get("PublicAccessBlockConfiguration") == PRIVATE}

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        s3("put_public_access_block", PublicAccessBlockConfiguration=PRIVATE)


class OwnershipSetting(Setting):
    fields = ("acls_disabled",)

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        answer = s3.unless("OwnershipControlsNotFoundError", "get_bucket_ownership_controls")
        rules = answer.get("OwnershipControls", {}).get("Rules", [])
        return {"acls_disabled": rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]}

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        rules = [{"ObjectOwnership": "BucketOwnerEnforced"}]
        s3("put_bucket_ownership_controls", OwnershipControls={"Rules": rules})


class EncryptionSetting(Setting):
    fields = ("encryption", "kms_key_arn")

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        absent = "ServerSideEncryptionConfigurationNotFoundError"
        answer = s3.unless(absent, "get_bucket_encryption")
        rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
        default = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
        return {
            "encryption": default.get("SSEAlgorithm", "none"),
            "kms_key_arn": default.get("KMSMasterKeyID"),
        }

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        rule: dict[str, Any] = {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": want.encryption}
        }
        if want.kms_key_arn:
            rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] = want.kms_key_arn
            rule["BucketKeyEnabled"] = True  # one call to KMS for many objects, not one for each
        try:
            s3("put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": [rule]})
        except ApiError as error:
            if not want.kms_key_arn:
                raise
            raise ApiError(
                f"The bucket {want.name} cannot be encrypted with the KMS key {want.kms_key_arn}: "
                f"{error} Check that the key exists in {want.region}, is enabled, and that its "
                f"policy lets these credentials use it.",
                status=error.status,
                code=error.code,
            ) from None


class VersioningSetting(Setting):
    fields = ("versioning",)

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        return {"versioning": s3("get_bucket_versioning").get("Status") == "Enabled"}

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        status = "Enabled" if want.versioning else "Suspended"
        s3("put_bucket_versioning", VersioningConfiguration={"Status": status})


class ObjectLockSetting(Setting):
    """Object Lock is switched on when the bucket is made. Only the retention can change
    afterwards."""

    fields = ("object_lock_enabled", "object_lock")

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        absent = "ObjectLockConfigurationNotFoundError"
        lock = s3.unless(absent, "get_object_lock_configuration").get("ObjectLockConfiguration")
        default = (lock or {}).get("Rule", {}).get("DefaultRetention", {})
        days = default.get("Days") or default.get("Years", 0) * 365
        retention = Retention(days=days, mode=default["Mode"]) if days else None
        return {"object_lock_enabled": lock is not None, "object_lock": retention}

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        if want.object_lock is None:
            raise Blocked(
                f"The bucket {want.name} has Object Lock, which AWS never switches off again. "
                f"Delete the bucket, or set object_lock."
            )
        retention = {"Mode": want.object_lock.mode, "Days": want.object_lock.days}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
        s3("put_object_lock_configuration", ObjectLockConfiguration=lock)


class LifecycleSetting(Setting):
    fields = ("lifecycle",)

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        return {"lifecycle": own_rules(self._all(s3).get("Rules", []))}

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        configuration = self._all(s3)
        others = [rule for rule in configuration.get("Rules", []) if not is_own_rule(rule)]
        more = {SIZE: configuration[SIZE]} if SIZE in configuration else {}
        rules = others + lifecycle_rules(want)
        s3("put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": rules}, **more)

    def _all(self, s3: BucketApi) -> dict[str, Any]:
        return s3.unless("NoSuchLifecycleConfiguration", "get_bucket_lifecycle_configuration")


class PolicySetting(Setting):
    fields = ("policy",)
    patience: ClassVar[Patience] = Patience(30)
    """For a user or role that was made a moment ago, named in a statement."""

    def read(self, s3: BucketApi, have: BucketState) -> Mapping[str, Any]:
        ours = sids(have.policy)
        statements = [s for s in self._document(s3)["Statement"] if s.get("Sid") in ours]
        if same_statements(statements, have.policy):
            return {"policy": have.policy}
        if warning := orphans(f"the policy of the bucket {have.name}", statements):
            announce(f"{have.logical}: {warning}")
        return {"policy": statements}

    def put(self, s3: BucketApi, have: BucketState, want: BucketState) -> None:
        ours = sids(have.policy) | sids(want.policy)
        document = self._document(s3)
        others = [s for s in document["Statement"] if s.get("Sid") not in ours]
        if statements := others + want.policy:
            policy = text({**document, "Statement": statements})
            self.patience.until(
                partial(s3, "put_bucket_policy", Policy=policy),
                names_nobody,
                f"{s3.name}: waiting for AWS to know everyone whom the bucket's policy names",
            )
        else:
            s3("delete_bucket_policy")

    def _document(self, s3: BucketApi) -> dict[str, Any]:
        answer = s3.unless("NoSuchBucketPolicy", "get_bucket_policy")
        if not answer:
            return {"Version": VERSION, "Statement": []}
        document: dict[str, Any] = json.loads(answer["Policy"])
        statements = document["Statement"]
        return {
            **document,
            "Statement": [statements] if isinstance(statements, dict) else statements,
        }


SETTINGS: tuple[Setting, ...] = (
    PublicAccessSetting(),
    OwnershipSetting(),
    EncryptionSetting(),
    VersioningSetting(),  # Object Lock needs it
    ObjectLockSetting(),
    LifecycleSetting(),
    PolicySetting(),
)


def read(s3: BucketApi, have: BucketState) -> dict[str, Any]:
    """The fields of all settings, as they are."""
    return {name: value for each in SETTINGS for name, value in each.read(s3, have).items()}


def apply(s3: BucketApi, have: BucketState, want: BucketState) -> None:
    """Write every setting that differs."""
    for each in SETTINGS:
        if any(getattr(have, field) != getattr(want, field) for field in each.fields):
            each.put(s3, have, want)
