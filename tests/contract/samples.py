"""One good set of inputs for every type, with all that nests, and clients that reach nothing."""

from functools import partial
from typing import Any

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import NotFound
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor.clouds import CLOUDS
from tests.contract.clouds import in_each_folder, merged

OF_CLOUDS = in_each_folder("samples")
SAMPLES: dict[str, list[dict[str, Any]]] = {
    **{
        token: [{"identity": cloud.IDENTITY, **sample}]
        for cloud in OF_CLOUDS.values()
        for token, sample in cloud.SAMPLES.items()
    },
    **merged("samples", "OF_PALETTE"),
    "palette:BackupLocation": [
        {"storage": storage} for cloud in OF_CLOUDS.values() for storage in cloud.STORAGES
    ],
}
TOLD: dict[str, dict[str, Any]] = merged("samples", "TOLD")
"""What documents are made of, by type, where no argument says it."""
FUNCTION_ARGUMENTS: dict[str, dict[str, Any]] = {
    **merged("samples", "FUNCTIONS"),
    "palette:get_backup_location": {"name": "nightly", "scope": "tenant"},
}
"""Arguments of each function."""


class UnreachableClient:
    """Tells what the credentials in use tell; of everything else it says that there is none."""

    default_project = "Default"

    def __init__(self) -> None:
        vars(self).update(merged("samples", "HAS"))
        for call, answer in merged("samples", "ANSWERS").items():
            setattr(self, call, partial(_answer, answer))

    def project_uid(self, name: str) -> str:
        return "5f1e"

    def __getattr__(self, call: str) -> Any:
        def ask(*_: Any, **__: Any) -> Any:
            raise NotFound("There is nothing.")

        return ask


def _answer(answer: Any, *_: Any) -> Any:
    return answer


class NoClients(Run):
    """A run whose clients reach nothing."""

    def __init__(self) -> None:
        super().__init__(Settings(lambda _: None, {}))

    def client(self, kind: Any, identity: Any = None) -> Any:
        remote = (PaletteClient, *(cloud.client for cloud in CLOUDS))
        return UnreachableClient() if kind in remote else super().client(kind, identity)
