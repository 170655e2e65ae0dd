"""What contract tests have to know of each cloud: one folder a cloud, found by its name."""

from functools import partial
from typing import Any

from palette_backup_provider.doctor.clouds import BY_WORD
from tests import clouds

NAMES = {word: cloud.name for word, cloud in BY_WORD.items()}
"""What people call each cloud."""

in_each_folder = partial(clouds.in_each_folder, __package__)
merged = partial(clouds.merged, __package__)


def cloud_of(component: Any) -> str:
    """The cloud of a component, which the name of its module begins with."""
    return str(component.__module__.rpartition(".")[2].partition("_")[0])
