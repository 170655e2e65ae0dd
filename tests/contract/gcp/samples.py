"""Good inputs for Google Cloud's types."""

import json
from typing import Any

from palette_backup_provider import gcp

EMAIL = "nightly@my-project.iam.gserviceaccount.com"
IDENTITY = {"impersonate": EMAIL, "project": "my-project"}
SERVICE_ACCOUNT = json.dumps(
    {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key": "s3cr3t-of-google",
        "private_key_id": "1a2b",
        "project_id": "my-project",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
)
STORAGES: tuple[dict[str, Any], ...] = (
    {"kind": "gcp", "bucket": "b", "json_credentials": SERVICE_ACCOUNT},
)
SAMPLES: dict[str, dict[str, Any]] = {
    "gcp:Bucket": {"location": "EU"},
    "gcp:BucketAccess": {
        "bucket": "b",
        "role": "roles/storage.objectAdmin",
        "member": f"serviceAccount:{EMAIL}",
    },
    "gcp:RetiringKey": {"service_account": EMAIL},
    "gcp:ServiceAccount": {},
    "gcp:ServiceAccountKey": {"service_account": EMAIL},
    "gcp:SnapshotAccess": {"member": f"serviceAccount:{EMAIL}"},
}
ANSWERS = {"project": "my-project"}
ARGUMENTS: dict[str, list[Any]] = {"identity": [gcp.Identity(project="a")]}
BACKUPS = {"bucket_name"}
FOUND_OTHERWISE = {"gcp:BucketAccess": "A binding has no mark."}
FUNCTIONS: dict[str, dict[str, Any]] = {}
