"""Google Cloud."""

from palette_backup_provider.core.cloud import Cloud, CredentialWait

WAIT = CredentialWait.of("palette:gcpWait", "Google Cloud", 480, "PALETTE_GCP_WAIT")
CLOUD = Cloud("gcp", (WAIT,), variables=("GOOGLE", "GCLOUD", "CLOUDSDK", "GCE"))
