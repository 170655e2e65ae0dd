"""What a reviewer has to know of types of Google Cloud: ours, and those of `pulumi-gcp`."""

from palette_backup_provider.review.gcp import iam, storage

RULES = {**iam.RULES, **storage.RULES}
