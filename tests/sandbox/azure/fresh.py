"""The credential on Azure that was just made."""

from typing import Any

from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure.components import AZURE
from tests.sandbox.fresh import Fresh


def _made(sandbox: Sandbox, keys: Any) -> float:
    azure = sandbox.service(Azure)
    (application,) = [
        one for one in azure.entra.applications.values() if one.app_id == keys["clientId"]
    ]
    principal = azure.entra.principal_of(application.app_id)
    assert principal
    roles = [a.made for a in azure.arm.access.assignments.values() if a.principal == principal.id]
    return max(*roles, *(secret.made for secret in application.secrets))


FRESH = Fresh(AZURE, "client secret", _made)
