"""What arguments and outputs are called on Azure, and why it is so."""

from tests.contract.difference import Words

COLUMNS = {"AzureBackupLocation": "Azure"}
ARGUMENTS = {
    "region": Words("location"),
    "bucket": Words(
        "container_name", "existing_container", why="In Azure a bucket is called a container."
    ),
    "what holds the bucket": Words(
        "resource_group_name",
        "existing_resource_group",
        "storage_account_name",
        "existing_storage_account",
        why="In Azure a container is in a storage account, and that in a resource group.",
    ),
    "identity to make": Words("application_name"),
    "identity that exists": Words(
        "existing_application", why="In Azure, where names repeat, that is its client id."
    ),
    "permissions": Words(
        why="In Azure two built-in roles are what Velero needs, and there is nothing to choose."
    ),
    "snapshots": Words(
        "snapshot_scopes",
        why="In Azure the disks are in resource groups of the clusters, so the program names "
        "these.",
    ),
    "key of encryption": Words(
        why="In Azure a key of one's own takes a vault and an identity of the account, which are "
        "not made here."
    ),
    "versions": Words(
        why="In Azure it is switched on for a whole account, and old versions end by a management "
        "policy, another resource; not managed here."
    ),
    "locks": Words(why="Locks of Azure refuse that."),
    "class of storage": Words("sku", "kind"),
    "what the bucket refuses": Words(why="In Azure the account always refuses them."),
    "firewall": Words("allowed_ips", "allowed_subnets", why="Azure's accounts have a firewall."),
    "tags": Words("tags"),
    "life of a secret": Words("secret_valid_days", why="In Azure alone a secret ends by itself."),
    "rotation": Words("rotate_after", "rotation", "retire_after"),
    "operator": Words("identity"),
}
OUTPUTS = {
    "bucket": Words("container_name", why="In Azure a bucket is called a container."),
    "what holds the bucket": Words(
        "resource_group_name",
        "storage_account_name",
        why="In Azure a container is in a storage account, and that in a resource group.",
    ),
    "identity": Words(
        "client_id", "principal_id", why="In Azure one id signs in, and the other is given roles."
    ),
    "credential": Words("credential_id"),
    "life of a secret": Words("secret_expires", why="In Azure alone a secret ends by itself."),
    "permissions": Words(why="In Azure the role assignments have no names."),
    "document": Words(why="In Azure a role is a name."),
}
