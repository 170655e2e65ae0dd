"""What a reviewer has to know of locations in Palette."""

from palette_backup_provider.review.palette import location

RULES = location.RULES
