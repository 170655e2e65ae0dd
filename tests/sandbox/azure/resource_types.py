"""What tests ask of each resource type of Azure."""

from tests.sandbox.resource_types import Types, last_part

TYPES = Types(
    counted={
        "azure:Application": ("applications",),
        "azure:ResourceGroup": ("groups",),
        "azure:RoleAssignment": ("assignments",),
        "azure:ServicePrincipal": ("principals",),
        "azure:SnapshotRole": ("roles",),
        "azure:StorageAccount": ("accounts",),
    },
    credentials={"azure:ClientSecret": ("secrets", "key_id")},
    other_ids={
        "azure:Application": lambda thing: [thing.outputs["client_id"], thing.outputs["name"]],
        "azure:Container": lambda thing: [thing.id.replace("resourceGroups", "resourcegroups")],
        "azure:ResourceGroup": last_part,
        "azure:ServicePrincipal": lambda thing: [thing.outputs["client_id"]],
        "azure:StorageAccount": lambda thing: [
            thing.id.replace("resourceGroups", "RESOURCEGROUPS")
        ],
    },
    half_made={"AzureBackupLocation": (("PATCH applications", 2, "azure:ClientSecret"),)},
    signs_in={"AzureBackupLocation": ("existing_application", "client_id", "azure:Application")},
)
