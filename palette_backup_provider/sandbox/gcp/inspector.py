"""What Google Cloud has behind a location."""

import json

from palette_backup_provider.sandbox.backing import Backing, Credential
from palette_backup_provider.sandbox.gcp.service import Gcp
from palette_backup_provider.sandbox.json import Body


def inspect(gcp: Gcp, config: Body) -> Backing:
    """The bucket of a `spec.config`, and the service account with its key."""
    bucket = str(config["bucketName"]) in gcp.storage.buckets
    try:
        shown = json.loads(config["credentials"]["jsonCredentials"])
        id, email = str(shown["private_key_id"]), str(shown["client_email"])
    except (ValueError, LookupError, TypeError):
        return Backing(bucket)
    key = gcp.iam.keys.get(id)
    return Backing(
        bucket,
        email if email in gcp.iam.accounts else "",
        Credential(id, key.made, key.ends) if key and not key.disabled else None,
    )
