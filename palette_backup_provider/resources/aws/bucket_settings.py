"""The settings of a bucket, each of which is a call of its own.

A setting reads the fields of a bucket's state that it decides, and puts them. Rules and statements
that others added stay: ours are told by id and by Sid.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from palette_backup_provider.clients.aws import unreadable
from palette_backup_provider.core.errors import ApiError, InTheWay
from palette_backup_provider.core.retry import Patience, tell
from palette_backup_provider.resources.aws.bucket_api import BucketApi
from palette_backup_provider.resources.aws.bucket_documents import (
    Retention,
    is_own_rule,
    lifecycle_rules,
    own_rules,
    same_statements,
    sids,
)
from palette_backup_provider.resources.aws.policy_documents import (
    VERSION,
    names_nobody,
    orphans,
    text,
)

PRIVATE = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
SIZE = "TransitionDefaultMinimumObjectSize"


class Setting(ABC):
    fields: ClassVar[tuple[str, ...]]
    """The fields of state that it decides."""

    @abstractmethod
    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        """These fields as they are."""

    @abstractmethod
    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        """Make these fields what `want` says."""


class PublicAccess(Setting):
    fields = ("public_access_blocked",)

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        absent = "NoSuchPublicAccessBlockConfiguration"
        found = s3.unless(absent, "get_public_access_block")
        return {"public_access_blocked": found.get("PublicAccessBlockConfiguration") == PRIVATE}

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        s3("put_public_access_block", PublicAccessBlockConfiguration=PRIVATE)


class Ownership(Setting):
    fields = ("acls_disabled",)

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        found = s3.unless("OwnershipControlsNotFoundError", "get_bucket_ownership_controls")
        rules = found.get("OwnershipControls", {}).get("Rules", [])
        return {"acls_disabled": rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]}

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        rules = [{"ObjectOwnership": "BucketOwnerEnforced"}]
        s3("put_bucket_ownership_controls", OwnershipControls={"Rules": rules})


class Encryption(Setting):
    fields = ("encryption", "kms_key_arn")

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        absent = "ServerSideEncryptionConfigurationNotFoundError"
        found = s3.unless(absent, "get_bucket_encryption")
        rules = found.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
        default = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
        return {
            "encryption": default.get("SSEAlgorithm", "none"),
            "kms_key_arn": default.get("KMSMasterKeyID"),
        }

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
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


class Versioning(Setting):
    fields = ("versioning",)

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        return {"versioning": s3("get_bucket_versioning").get("Status") == "Enabled"}

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        status = "Enabled" if want.versioning else "Suspended"
        s3("put_bucket_versioning", VersioningConfiguration={"Status": status})


class ObjectLock(Setting):
    """Switched on where the bucket is made; what can change afterwards is how long it locks."""

    fields = ("object_lock_enabled", "object_lock")

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        absent = "ObjectLockConfigurationNotFoundError"
        found = s3.unless(absent, "get_object_lock_configuration").get("ObjectLockConfiguration")
        default = (found or {}).get("Rule", {}).get("DefaultRetention", {})
        days = default.get("Days") or default.get("Years", 0) * 365
        retention = Retention(days=days, mode=default["Mode"]) if days else None
        return {"object_lock_enabled": found is not None, "object_lock": retention}

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        if want.object_lock is None:
            raise InTheWay(
                f"The bucket {want.name} has Object Lock, which AWS never switches off again. "
                f"Delete the bucket, or set object_lock."
            )
        retention = {"Mode": want.object_lock.mode, "Days": want.object_lock.days}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
        s3("put_object_lock_configuration", ObjectLockConfiguration=lock)


class Lifecycle(Setting):
    fields = ("lifecycle",)

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        return {"lifecycle": own_rules(self._all(s3).get("Rules", []))}

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        found = self._all(s3)
        others = [rule for rule in found.get("Rules", []) if not is_own_rule(rule)]
        more = {SIZE: found[SIZE]} if SIZE in found else {}
        rules = others + lifecycle_rules(want)
        s3("put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": rules}, **more)

    def _all(self, s3: BucketApi) -> dict[str, Any]:
        return s3.unless("NoSuchLifecycleConfiguration", "get_bucket_lifecycle_configuration")


class Policy(Setting):
    fields = ("policy",)
    patience: ClassVar[Patience] = Patience(30)
    """For a user or role that was made a moment ago, named in a statement."""

    def read(self, s3: BucketApi, have: Any) -> Mapping[str, Any]:
        ours = sids(have.policy)
        found = [s for s in self._document(s3)["Statement"] if s.get("Sid") in ours]
        if same_statements(found, have.policy):
            return {"policy": have.policy}
        if told := orphans(f"the policy of the bucket {have.name}", found):
            tell(f"{have.logical}: {told}")
        return {"policy": found}

    def put(self, s3: BucketApi, have: Any, want: Any) -> None:
        ours = sids(have.policy) | sids(want.policy)
        document = self._document(s3)
        others = [s for s in document["Statement"] if s.get("Sid") not in ours]
        if statements := others + want.policy:
            wanted = text({**document, "Statement": statements})
            self.patience.until(
                partial(s3, "put_bucket_policy", Policy=wanted),
                names_nobody,
                f"{s3.name}: waiting for AWS to know everyone whom the bucket's policy names",
            )
        else:
            s3("delete_bucket_policy")

    def _document(self, s3: BucketApi) -> dict[str, Any]:
        found = s3.unless("NoSuchBucketPolicy", "get_bucket_policy")
        if not found:
            return {"Version": VERSION, "Statement": []}
        try:
            document: dict[str, Any] = json.loads(found["Policy"])
        except ValueError:
            raise unreadable("AWS s3:get_bucket_policy") from None
        statements = document["Statement"]
        return {
            **document,
            "Statement": [statements] if isinstance(statements, dict) else statements,
        }


SETTINGS: tuple[Setting, ...] = (
    PublicAccess(),
    Ownership(),
    Encryption(),
    Versioning(),  # Object Lock needs it
    ObjectLock(),
    Lifecycle(),
    Policy(),
)


def read(s3: BucketApi, have: Any) -> dict[str, Any]:
    """All that the settings decide, as it is."""
    return {name: value for each in SETTINGS for name, value in each.read(s3, have).items()}


def settle(s3: BucketApi, have: Any, want: Any) -> None:
    """Put every setting that differs."""
    for each in SETTINGS:
        if any(getattr(have, field) != getattr(want, field) for field in each.fields):
            each.put(s3, have, want)
