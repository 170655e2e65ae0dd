from typing import Any

import pytest

from palette_backup_provider.resources.azure.storage.velero_check import _touches


@pytest.mark.parametrize(
    ("filters", "touches"),
    [
        (None, True),
        ({"blobTypes": ["blockBlob"]}, True),
        ({"prefixMatch": ["velero"]}, True),
        ({"prefixMatch": ["vel"]}, True),
        ({"prefixMatch": ["velero/back"]}, True),
        ({"prefixMatch": ["velero/backups/nightly-"]}, True),
        ({"prefixMatch": ["other", "velero/kopia/"]}, True),
        ({"prefixMatch": ["other/backups"]}, False),
        ({"prefixMatch": ["velero-2/backups"]}, False),
        ({"prefixMatch": ["velero/photos"]}, False),
        ({"blobIndexMatch": [{"name": "a", "op": "==", "value": "b"}]}, False),
    ],
)
def test_which_rules_hold_for_what_velero_writes(filters: Any, touches: bool) -> None:
    assert _touches({"filters": filters}, "velero") is touches
