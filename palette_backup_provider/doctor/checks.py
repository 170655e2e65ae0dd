"""The table of all checks, in the order in which their findings are shown."""

from palette_backup_provider.doctor import clouds, locations, machine, palette
from palette_backup_provider.doctor.check import Check

AREAS = {
    "machine": "Machine",
    "palette": "Palette",
    **{cloud.word: cloud.name for cloud in clouds.CLOUDS},
    "location": "Locations",
}
"""The heading of each area, in order."""
CHECKS: tuple[Check, ...] = (
    *machine.CHECKS,
    *palette.CHECKS,
    *clouds.CHECKS,
    *locations.CHECKS,
)


def of(words: tuple[str, ...]) -> list[Check]:
    """The checks, without those of clouds that are not in `words`."""
    left_out = clouds.BY_WORD.keys() - set(words)
    return [check for check in CHECKS if check.area not in left_out]
