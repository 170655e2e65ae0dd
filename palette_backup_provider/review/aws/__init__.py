"""What a reviewer has to know of types of AWS: ours, and those of `pulumi-aws`."""

from palette_backup_provider.review.aws import iam, s3

RULES = {**iam.RULES, **s3.RULES}
