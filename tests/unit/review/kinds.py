"""Types by what they are to a reviewer, of every cloud."""

from tests.clouds import in_each_folder

OF_CLOUDS = in_each_folder(__package__, "weaker").values()
HOLDERS: list[str] = [token for cloud in OF_CLOUDS for token in cloud.HOLDS_BACKUPS]
"""What holds backups."""
GRANTS = list(in_each_folder(__package__, "grants").values())
"""A type by which access to backups is granted, a module a cloud."""
