"""What arguments and outputs are called on AWS, and why it is so."""

from tests.contract.difference import Words

COLUMNS = {"AwsBackupLocation": "AWS", "AwsStsBackupLocation": "AWS, by role"}
ARGUMENTS = {
    "region": Words("region"),
    "bucket": Words("bucket_name", "existing_bucket"),
    "identity to make": Words("user_name", "role_name"),
    "identity that exists": Words("existing_user", "existing_role", why="On AWS that is its name."),
    "permissions": Words("policy_name", "existing_policy", why="On AWS that is a policy."),
    "who else assumes it": Words("principals", "oidc_providers", "max_session_hours"),
    "boundary": Words(
        "permissions_boundary", why="AWS alone has a policy that limits what other policies give."
    ),
    "snapshots": Words("snapshots"),
    "tags of volumes": Words(
        "snapshot_tags", why="AWS alone can allow it by the tags that a volume has."
    ),
    "key of encryption": Words("kms_key_arn", why="AWS calls a key by its ARN."),
    "versions": Words("versioning", "noncurrent_days"),
    "locks": Words(
        "object_lock",
        why="S3 locks a version, and the object can be written again, as Velero does.",
    ),
    "class of storage": Words(why="On AWS an object has a class and a bucket has none."),
    "what the bucket refuses": Words(
        "tls_only",
        "policy_statements",
        why="S3 refuses requests without TLS only if the bucket's policy says so.",
    ),
    "firewall": Words(why="On AWS `policy_statements` can say who reaches the bucket."),
    "tags": Words("tags"),
    "endpoint": Words("url", "ca_cert", why="On AWS that is an endpoint instead of AWS's own."),
    "addressing": Words("force_path_style", why="AWS has the bucket in the path only with `url`."),
    "rotation": Words("rotate_after", "rotation", "retire_after"),
    "operator": Words("identity"),
}
OUTPUTS = {
    "bucket": Words("bucket_name"),
    "identity": Words("user_name", "role_arn"),
    "credential": Words("credential_id"),
    "permissions": Words("policy_arn"),
    "document": Words("policy_document"),
    "who assumes it": Words("trust_policy"),
    "policies of others": Words(
        "bucket_policy_statements",
        "key_policy_statements",
        why="On AWS the owner of a bucket or key in another account has to allow it, too.",
    ),
}
