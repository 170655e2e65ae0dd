"""How Google Cloud is reached."""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_PROJECT"),
    variables="(GOOGLE|GCLOUD|CLOUDSDK|GCE|PALETTE_GCP)_.*",
    elsewhere={"GOOGLE_STORAGE_CUSTOM_ENDPOINT": "https://cloud.example.com"},
    planted={"GOOGLE_CLOUD_PROJECT": "production"},
    planted_files={},
    package="google",
)
