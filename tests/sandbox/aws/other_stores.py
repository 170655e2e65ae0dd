"""What AWS's client makes of a store that is not AWS."""

from palette_backup_provider.clients.aws.trial import CHECKSUMS

WITHOUT_CHECKSUMS = {"palette.S3": CHECKSUMS}
"""What is said where the store does not know the checksums that it sends, by the storage."""
