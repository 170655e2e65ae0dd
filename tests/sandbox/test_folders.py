"""No cloud forgets a file that every cloud has."""

import pytest

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.sandbox.cloud import clouds
from tests.sandbox.folders import in_each_folder, in_some_folders


def test_every_cloud_of_the_sandbox_has_a_folder_of_tests() -> None:
    assert clouds().keys() == CLOUDS.keys() == in_each_folder("components").keys()


def test_a_file_that_a_cloud_lacks_is_named() -> None:
    (has, *_) = in_some_folders("upgrade")
    (lacks, *_) = sorted(CLOUDS.keys() - {has})
    with pytest.raises(AssertionError, match=f"lacks {lacks}/upgrade.py"):
        in_each_folder("upgrade")
