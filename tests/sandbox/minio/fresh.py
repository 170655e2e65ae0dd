"""The credential on MinIO that was just made."""

from typing import Any

from palette_backup_provider.sandbox.minio.service import Minio
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.fresh import Fresh
from tests.sandbox.minio.components import MINIO


def _made(sandbox: Sandbox, keys: Any) -> float:
    return sandbox.service(Minio).made[keys["accessKey"]]


FRESH = Fresh(MINIO, "user", _made)
