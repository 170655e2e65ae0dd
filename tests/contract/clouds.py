"""What contract tests have to know of each cloud: one folder a cloud, found by its name."""

from functools import partial
from typing import Any

from tests import clouds
from tests.clouds import NAMES

__all__ = ["NAMES", "cloud_of", "merged", "of_each"]

of_each = partial(clouds.of_each, __package__)
merged = partial(clouds.merged, __package__)


def cloud_of(component: Any) -> str:
    """The cloud of a component, which the name of its module begins with."""
    return str(component.__module__.rpartition(".")[2].partition("_")[0])
