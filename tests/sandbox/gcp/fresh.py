"""The credential on Google Cloud that was just made."""

from typing import Any

from palette_backup_provider.sandbox.gcp.service import Gcp
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.fresh import Fresh
from tests.sandbox.gcp.components import GCP


def _made(sandbox: Sandbox, keys: Any) -> float:
    (made,) = [
        key.made
        for id, key in sandbox.service(Gcp).iam.keys.items()
        if id in keys["jsonCredentials"]
    ]
    return made


FRESH = Fresh(GCP, "key", _made)
