"""The sandbox's Azure, and a way to run handlers on it as the engine would."""

from collections.abc import Callable
from typing import Any

import pytest

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.sandbox.azure.accounts import Account
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.resources.stack import Killed, Stack, Thing

Call = Callable[..., Any]


class Cloud:
    """Counts the calls of handlers, answers some of them itself, and dies when told to."""

    def __init__(self, sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
        env = sandbox.env
        self.azure = sandbox.service(Azure)
        self.config = {
            "azure-native:clientId": env["ARM_CLIENT_ID"],
            "azure-native:clientSecret": env["ARM_CLIENT_SECRET"],
            "azure-native:tenantId": env["ARM_TENANT_ID"],
            "azure-native:subscriptionId": env["ARM_SUBSCRIPTION_ID"],
            "azure-native:metadataHost": env["ARM_METADATA_HOSTNAME"],
            "azure-native:location": "westeurope",
            "palette:azureCaCert": env["PALETTE_AZURE_CA_CERT"],
        }
        self.calls: list[str] = []
        self.die_before: int | None = None
        self.die_after: int | None = None
        self.lost: dict[str, Exception] = {}
        """Calls that take effect once and whose answer is lost, by method and last part of path."""
        self.refused: dict[str, list[Exception | None]] = {}
        """Calls that are refused, by method and last part of path, and one after the other how;
        None lets one through."""
        for name in ("arm", "graph"):
            real = getattr(AzureClient, name)
            patch.setattr(AzureClient, name, self._watched(real))

    def stack(self, handler: Any, **config: str) -> Stack:
        """A stack with one resource of that type."""
        return Stack(handler, {**self.config, **config})

    def restart(self) -> None:
        """Forget calls, and live on."""
        self.calls.clear()
        self.die_before = self.die_after = None

    @property
    def applications(self) -> list[Any]:
        found = self.azure.entra.applications.values()
        return [one for one in found if one.said["displayName"] != "operator"]

    @property
    def assignments(self) -> list[Any]:
        found = self.azure.arm.access.assignments.values()
        return [one for one in found if not one.id.endswith("/owner")]

    def _watched(self, real: Call) -> Call:
        def call(client: AzureClient, method: str, path: str, *args: Any, **how: Any) -> Any:
            index = len(self.calls)
            self.calls.append(f"{method} {path.rpartition('/')[2]}")
            if index == self.die_before:
                raise Killed
            refusals = self.refused.get(self.calls[-1])
            if refusals and (refusal := refusals.pop(0)):
                raise refusal
            answer = real(client, method, path, *args, **how)
            if index == self.die_after:
                raise Killed
            if error := self.lost.pop(self.calls[-1], None):
                raise error
            return answer

        return call


def killed(cloud: Cloud, when: str, index: int, create: Callable[[], Thing]) -> bool:
    """Whether `create` was killed at that call; the next one is not."""
    cloud.restart()
    setattr(cloud, when, index)
    try:
        create()
    except Killed:
        return True
    finally:
        cloud.restart()
    return False


def there(cloud: Cloud, name: str = "account1") -> Account:
    """A storage account, as Azure has it."""
    return cloud.azure.storage.accounts[name]
