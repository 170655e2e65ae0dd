"""A bucket's settings as the JSON API has them: asked for, changed, and found."""

from typing import Any

from palette_backup_provider.clients.gcp import GcpClient
from palette_backup_provider.clients.gcp_rest import STORAGE
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.resources.gcp.bucket_rules import spelled
from palette_backup_provider.resources.gcp.mark import MARK, mark

DAY = 86400


def made(want: Any) -> dict[str, Any]:
    """The request that makes the bucket; complete, as a run may end right after it."""
    return {
        "name": want.name,
        "location": want.location,
        "labels": {**want.labels, MARK: mark(want)},
        "lifecycle": {"rule": _rules(want)},
        **{name: value for name, value in _settings(want).items() if value is not None},
    }


def changed(found: dict[str, Any], have: Any, want: Any) -> dict[str, Any]:
    """The patch from `have` to `want`; labels and rules of others in `found` stay."""
    rules = found.get("lifecycle", {}).get("rule", [])
    others = [rule for rule in rules if not _expires_versions(rule)]
    return {
        "labels": {**dict.fromkeys(have.labels), **want.labels, MARK: mark(want)},
        "lifecycle": {"rule": [*others, *_rules(want)]},
        **_settings(want),
    }


def found_in(answer: dict[str, Any]) -> dict[str, Any]:
    """The fields of state that `answer` tells."""
    access = answer.get("iamConfiguration", {})
    ages = [
        rule["condition"]["daysSinceNoncurrentTime"]
        for rule in answer.get("lifecycle", {}).get("rule", [])
        if _expires_versions(rule)
    ]
    soft = answer.get("softDeletePolicy", {}).get("retentionDurationSeconds", "0")
    return {
        "name": answer["name"],
        "location": spelled(answer["location"]),
        "storage_class": answer.get("storageClass", "STANDARD"),
        "kms_key_name": answer.get("encryption", {}).get("defaultKmsKeyName"),
        "versioning": answer.get("versioning", {}).get("enabled", False),
        "noncurrent_days": ages[0] if ages else 0,
        "soft_delete_days": _days(int(soft)),
        "uniform_access": access.get("uniformBucketLevelAccess", {}).get("enabled", False),
        "public_access_prevented": access.get("publicAccessPrevention") == "enforced",
    }


def explained(client: GcpClient, error: ApiError, want: Any) -> ApiError:
    """`error`, and the grant that is missing if a Cloud KMS key is behind it."""
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


def _settings(want: Any) -> dict[str, Any]:
    key = want.kms_key_name
    return {
        "storageClass": want.storage_class,
        "versioning": {"enabled": want.versioning},
        "softDeletePolicy": {"retentionDurationSeconds": str(want.soft_delete_days * DAY)},
        "encryption": {"defaultKmsKeyName": key} if key else None,
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
    }


def _days(seconds: int) -> float:
    """Days; a half is not dropped, as the rest could be what was asked for."""
    return seconds / DAY if seconds % DAY else seconds // DAY


def _rules(want: Any) -> list[dict[str, Any]]:
    """Old versions are paid for like objects, so they go; also those from before a switch-off."""
    condition = {"daysSinceNoncurrentTime": want.noncurrent_days, "isLive": False}
    return [{"action": {"type": "Delete"}, "condition": condition}]


def _expires_versions(rule: dict[str, Any]) -> bool:
    """Whether it is our rule: rules have no names, so one of just this form is taken for ours."""
    keys = rule.get("condition", {}).keys()
    return rule.get("action") == {"type": "Delete"} and keys == {
        "daysSinceNoncurrentTime",
        "isLive",
    }
