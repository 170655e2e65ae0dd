"""What arguments and outputs are called on Google Cloud, and why it is so."""

from tests.contract.difference import Words

COLUMNS = {"GcpBackupLocation": "Google Cloud"}
ARGUMENTS = {
    "region": Words("location"),
    "bucket": Words("bucket_name", "existing_bucket"),
    "identity to make": Words(
        "service_account_id",
        why="Of its id Google makes a service account's email; its name is another thing.",
    ),
    "identity that exists": Words(
        "existing_service_account", why="On Google Cloud that is its email."
    ),
    "permissions": Words("roles", why="On Google Cloud that is roles on the bucket."),
    "snapshots": Words(
        "snapshots", why="On Google Cloud it decides which resources there are, so it is no Output."
    ),
    "key of encryption": Words("kms_key_name", why="Google Cloud calls a key by its name."),
    "versions": Words("versioning", "noncurrent_days"),
    "locks": Words(why="Locks of Google Cloud refuse that."),
    "soft delete": Words(
        "soft_delete_days",
        why="Google keeps, and charges for, what was deleted unless told not to.",
    ),
    "class of storage": Words("storage_class"),
    "what the bucket refuses": Words(why="Google Cloud has no bucket policy."),
    "tags": Words("labels", why="Google's word is labels."),
    "rotation": Words("rotate_after", "rotation", "retire_after"),
    "operator": Words("identity"),
}
OUTPUTS = {
    "bucket": Words("bucket_name"),
    "identity": Words("service_account_email"),
    "credential": Words("credential_id"),
    "permissions": Words("roles", "snapshot_role"),
    "document": Words(why="On Google Cloud a role is a name."),
}
