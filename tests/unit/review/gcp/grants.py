"""How access to backups is granted on Google Cloud."""

from typing import Any

TYPE = "gcp:BucketAccess"
STORAGE = "gcp:Bucket"
EVERYTHING = {"bucket": "b", "role": "roles/storage.objectViewer", "member": "allUsers"}
"""Inputs that grant too much."""


def on(bucket: str) -> dict[str, Any]:
    """Inputs that grant something on one bucket."""
    member = "serviceAccount:nightly@project.iam.gserviceaccount.com"
    return {"bucket": bucket, "role": "roles/storage.objectAdmin", "member": member}
