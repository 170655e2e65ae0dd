"""The resource of a bucket: which properties it has, and how it begins and changes."""

import copy
from typing import Any

from palette_backup_provider.sandbox.gcp.policy import Policy
from palette_backup_provider.sandbox.gcp.query import unknown
from palette_backup_provider.sandbox.json import Body

_SETTABLE = {
    "acl",
    "autoclass",
    "billing",
    "cors",
    "defaultEventBasedHold",
    "encryption",
    "hierarchicalNamespace",
    "iamConfiguration",
    "ipFilter",
    "labels",
    "lifecycle",
    "location",
    "logging",
    "name",
    "retentionPolicy",
    "rpo",
    "softDeletePolicy",
    "storageClass",
    "versioning",
    "website",
}
"""Properties of a bucket that are kept, and told as they are."""


def demand_known(body: Body) -> None:
    """Refuse properties that no bucket has."""
    if strange := sorted(body.keys() - _SETTABLE):
        raise unknown(f"the property {strange[0]} of a bucket")


def new_resource(body: Body, number: str, generation: str, now: str) -> Body:
    """A new bucket in the project of that number, as `body` asks."""
    properties = copy.deepcopy(body)
    access = properties.get("iamConfiguration", {})
    location = str(properties.get("location", "US")).upper()
    return {
        "kind": "storage#bucket",
        "id": body["name"],
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{body['name']}",
        "projectNumber": number,
        "generation": generation,
        "metageneration": "1",
        "locationType": "region" if "-" in location else "multi-region",
        "storageClass": "STANDARD",
        "etag": "CAE=",
        "timeCreated": now,
        "updated": now,
        "rpo": "DEFAULT",
        "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": now},
        **properties,
        "location": location,
        "iamConfiguration": {
            "bucketPolicyOnly": access.get("uniformBucketLevelAccess", {"enabled": False}),
            "uniformBucketLevelAccess": {"enabled": False},
            "publicAccessPrevention": "inherited",
            **access,
        },
    }


def default_policy(project: str) -> Policy:
    """Who may what in a new bucket of the project."""
    owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
    return Policy(
        [
            {"role": "roles/storage.legacyBucketOwner", "members": owners},
            {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
        ]
    )


def merged(resource: Any, patch: Any) -> Any:
    """A JSON merge patch: null removes."""
    if not isinstance(patch, dict):
        return patch
    whole = copy.deepcopy(resource) if isinstance(resource, dict) else {}
    for name, value in patch.items():
        if value is None:
            whole.pop(name, None)
        else:
            whole[name] = merged(whole.get(name), value)
    return whole
