"""How Google Cloud is reached.

`--live=gcp` takes the path of a service account's key. Each test makes buckets in EU, US and
europe-west1, service accounts, keys, a custom role and its binding in the project's policy, and
removes them. The operator needs to list buckets, service accounts and custom roles, too, and to
read the project's policy. Google Cloud keeps what was deleted from a bucket for its seven days of
soft delete, and the id of a custom role for 44 days. It was never run on an account.
"""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_PROJECT"),
    variables="(GOOGLE|GCLOUD|CLOUDSDK|GCE|PALETTE_GCP)_.*",
    elsewhere={"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "https://cloud.example.com"},
    planted={"GOOGLE_CLOUD_PROJECT": "production"},
    planted_files={},
    package="google",
)
