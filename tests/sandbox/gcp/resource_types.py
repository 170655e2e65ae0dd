"""What tests ask of each resource type of Google Cloud."""

from tests.sandbox.resource_types import Types, last_part

TYPES = Types(
    counted={
        "gcp:Bucket": ("buckets",),
        "gcp:BucketAccess": ("bindings",),
        "gcp:ServiceAccount": ("accounts",),
        "gcp:SnapshotAccess": ("grants",),
    },
    credentials={"gcp:ServiceAccountKey": ("keys", "key_id")},
    other_ids={
        "gcp:Bucket": lambda thing: [f"gs://{thing.id}", f"projects/_/buckets/{thing.id}"],
        "gcp:ServiceAccount": lambda thing: [
            thing.outputs["account_id"],
            f"projects/p/serviceAccounts/{thing.id}",
        ],
        "gcp:SnapshotAccess": last_part,
    },
    half_made={
        "GcpBackupLocation": (
            ("cloudresourcemanager.projects.setIamPolicy", 1, "gcp:SnapshotAccess"),
            ("iam.projects.serviceAccounts.patch", 2, "gcp:ServiceAccountKey"),
        )
    },
    signs_in={"GcpBackupLocation": ("existing_service_account", "email", "gcp:ServiceAccount")},
)
