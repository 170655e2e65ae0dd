"""Google Cloud."""

from palette_backup_provider.core.cloud import Cloud, wait_setting

WAIT = wait_setting("palette:gcpWait", "Google Cloud", 480, "PALETTE_GCP_WAIT")
CLOUD = Cloud("gcp", (WAIT,))
