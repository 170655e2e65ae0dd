"""What a reviewer has to know of types of Azure: ours, and those of `pulumi-azure-native`."""

from palette_backup_provider.review.azure import authorization, storage

RULES = {**authorization.RULES, **storage.RULES}
