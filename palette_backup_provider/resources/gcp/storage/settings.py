"""A bucket's settings: their places in the JSON API, and the requests that make and change them."""

from typing import Any

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core import api_fields
from palette_backup_provider.core.api_fields import ApiField
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.gcp.mark import mark
from palette_backup_provider.resources.gcp.storage.rules import spelled
from palette_backup_provider.resources.gcp.storage.state import BucketState

DAY = 86400
ENFORCED = "enforced"


def _days(seconds: str) -> float:
    """Days. A fraction is kept, as a rounded value could equal the wanted value."""
    whole, rest = divmod(int(seconds), DAY)
    return int(seconds) / DAY if rest else whole


SETTINGS = (
    ApiField("name", "name", fixed=True),
    ApiField("location", "location", read=spelled, fixed=True),
    ApiField("storage_class", "storageClass", absent="STANDARD"),
    ApiField("versioning", "versioning.enabled", absent=False),
    ApiField(
        "soft_delete_days",
        "softDeletePolicy.retentionDurationSeconds",
        absent="0",
        read=_days,
        write=lambda days: str(days * DAY),
    ),
    ApiField(
        "kms_key_name",
        "encryption",
        read=lambda encryption: (encryption or {}).get("defaultKmsKeyName"),
        write=lambda key: {"defaultKmsKeyName": key} if key else None,
    ),
    ApiField("uniform_access", "iamConfiguration.uniformBucketLevelAccess.enabled", absent=False),
    ApiField(
        "public_access_prevented",
        "iamConfiguration.publicAccessPrevention",
        read=lambda prevention: prevention == ENFORCED,
        write=lambda prevented: ENFORCED if prevented else "inherited",
    ),
)


def creation(want: BucketState) -> dict[str, Any]:
    """The request that makes the bucket; complete, as a run may end right after it."""
    settings = api_fields.body(SETTINGS, want, new=True)
    return {
        "labels": {**want.labels, MARK: mark(want)},
        "lifecycle": {"rule": _rules(want)},
        **{name: value for name, value in settings.items() if value is not None},
    }


def patch(bucket: dict[str, Any], have: BucketState, want: BucketState) -> dict[str, Any]:
    """The request that changes `bucket` from `have` to `want`; labels and rules of others stay."""
    rules = bucket.get("lifecycle", {}).get("rule", [])
    others = [rule for rule in rules if not _expires_versions(rule)]
    return {
        "labels": {**dict.fromkeys(have.labels), **want.labels, MARK: mark(want)},
        "lifecycle": {"rule": [*others, *_rules(want)]},
        **api_fields.body(SETTINGS, want, new=False),
    }


def read(bucket: dict[str, Any]) -> dict[str, Any]:
    """The fields of state that `bucket`, as the API has it, shows."""
    ages = [
        rule["condition"]["daysSinceNoncurrentTime"]
        for rule in bucket.get("lifecycle", {}).get("rule", [])
        if _expires_versions(rule)
    ]
    return {**api_fields.read(SETTINGS, bucket), "noncurrent_days": ages[0] if ages else 0}


def with_advice(client: GcpClient, error: ApiError, want: BucketState) -> ApiError:
    """`error`. If a Cloud KMS key is the cause, the message names the missing grant."""
    if "kms" not in str(error).lower():
        return error
    path = f"/storage/v1/projects/{want.made_under}/serviceAccount"
    agent = client.call(STORAGE, "GET", path)["email_address"]
    return ApiError(
        f"Cloud Storage may not use the key {want.kms_key_name}. It does so as its own agent, "
        f"{agent}. Allow it with `gcloud kms keys add-iam-policy-binding {want.kms_key_name} "
        f"--member serviceAccount:{agent} --role roles/cloudkms.cryptoKeyEncrypterDecrypter` and "
        f"run `pulumi up` again. {error}",
        status=error.status,
        code=error.code,
    )


def _rules(want: BucketState) -> list[dict[str, Any]]:
    """Old versions cost as much as objects, so a rule deletes them, also after versioning was
    switched off."""
    condition = {"daysSinceNoncurrentTime": want.noncurrent_days, "isLive": False}
    return [{"action": {"type": "Delete"}, "condition": condition}]


def _expires_versions(rule: dict[str, Any]) -> bool:
    """Whether it is our rule. Rules have no names, so every rule of this form counts as ours."""
    keys = rule.get("condition", {}).keys()
    return rule.get("action") == {"type": "Delete"} and keys == {
        "daysSinceNoncurrentTime",
        "isLive",
    }
