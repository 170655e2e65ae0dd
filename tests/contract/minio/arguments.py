"""What arguments and outputs are called on MinIO, and why it is so."""

from tests.contract.difference import Words

COLUMNS = {"MinioBackupLocation": "MinIO"}
ARGUMENTS = {
    "region": Words(
        "region", why="MinIO is where its server is; a region is a name that it may have."
    ),
    "bucket": Words("bucket_name", "existing_bucket"),
    "identity to make": Words("user_name"),
    "identity that exists": Words("existing_user", why="On MinIO that is its name."),
    "secret of the identity": Words(
        "secret_key", why="On MinIO a user has a secret of its own, and an existing user needs it."
    ),
    "permissions": Words("policy_name", "existing_policy", why="On MinIO that is a policy."),
    "snapshots": Words(why="MinIO has no disks."),
    "key of encryption": Words(
        why="On MinIO it takes the server's key service, which is not made here."
    ),
    "versions": Words(why="On MinIO it is not managed, and stays where others switch it on."),
    "locks": Words(why="On MinIO it is not managed."),
    "class of storage": Words(why="On MinIO an object has a class and a bucket has none."),
    "what the bucket refuses": Words(why="On MinIO the server decides."),
    "tags": Words("tags"),
    "endpoint": Words("url", "ca_cert", why="On MinIO that is the server."),
    "addressing": Words(why="MinIO always has it there."),
    "rotation": Words("rotate_after", "rotation", "retire_after"),
    "operator": Words("identity"),
}
OUTPUTS = {
    "bucket": Words("bucket_name"),
    "identity": Words("user_name"),
    "credential": Words("credential_id"),
    "permissions": Words("policy_name"),
    "document": Words("policy_document"),
}
