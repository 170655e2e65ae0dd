"""What is told of a container, and of a secret that ends by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

from palette_backup_provider.doctor.clouds import azure
from tests.unit.doctor.lines import line, stored
from tests.unit.doctor.location_faults import day
from tests.unit.doctor.ward import Ward

AZURE = {
    "kind": "azure",
    "container": "backups",
    "storage_account": "account",
    "resource_group": "group",
    "credentials": {
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": "the-secret-of-azure",
        "subscription_id": "s",
    },
}


def test_a_container(ward: Ward) -> None:
    asked: list[str] = []

    def unfit(_: Any, path: str) -> list[str]:
        asked.append(path)
        return []

    ward.patch.setattr(azure, "unfit_for_velero", unfit)
    stored(ward, **AZURE)
    assert line(ward, "location.bucket").endswith("is fit for Velero")
    assert asked == [
        "/subscriptions/s/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/account"
        "/blobServices/default/containers/backups"
    ]


def test_a_secret_that_ends_by_itself_after_its_rotation(ward: Ward) -> None:
    ends = (datetime.now(UTC) + timedelta(9)).isoformat()
    dates = {"made_on": day(ago=3), "expires": ends, "rotate_after": 5}
    ward.record("azure:ClientSecret", "id", **dates)
    assert "3 days old, rotate_after=5" in line(ward, "location.rotation")
