"""What is told of a bucket on Google Cloud."""

import os

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from tests.unit.doctor.lines import line, stored
from tests.unit.doctor.ward import Ward


def test_a_bucket(ward: Ward) -> None:
    client = Run(Settings(lambda _: None, os.environ)).client(GcpClient)
    body = {"name": "gcs-backups", "location": "EU"}
    client.call(STORAGE, "POST", "/storage/v1/b", body, project=client.project())
    stored(ward, kind="gcp", bucket="gcs-backups", json_credentials="{}")
    assert line(ward, "location.bucket") == "good: gcs-backups is fit for Velero"
