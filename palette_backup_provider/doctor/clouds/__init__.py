"""What doctor has to know of each cloud: one module a cloud, which is found by its name."""

from importlib import import_module

from palette_backup_provider.core import clouds
from palette_backup_provider.doctor.cloud import Cloud, checks_of

BY_WORD: dict[str, Cloud] = {
    word: import_module(f"{__name__}.{word}").CLOUD for word in clouds.CLOUDS
}
CLOUDS = tuple(BY_WORD.values())
CHECKS = tuple(check for cloud in CLOUDS for check in checks_of(cloud))
