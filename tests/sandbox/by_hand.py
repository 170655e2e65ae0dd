"""Locations that people registered in Palette's console."""

from typing import Any

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.run import Sandbox


class Console:
    """Palette's console, with somebody who clicks."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._palette = PaletteClient.connect(Settings(lambda _: None, sandbox.env))
        self._project = self._palette.project_uid("Default")

    def register(self, name: str, kind: str = "s3", *, tenant: bool = False, **config: Any) -> str:
        """The uid of a new location."""
        body = {"metadata": {"name": name}, "spec": {"config": config, "type": kind}}
        return self.send(kind, body, tenant=tenant)

    def send(self, kind: str, body: dict[str, Any], *, tenant: bool = False) -> str:
        """The uid of what a request makes, whoever writes it."""
        where = "" if tenant else self._project
        made = self._palette.call("POST", f"{LOCATIONS}/{kind}", body, project=where)
        return str(made["uid"])


def s3(bucket: str, access_key: str, secret_key: str, **more: Any) -> dict[str, Any]:
    keys = {"credentialType": "secret", "accessKey": access_key, "secretKey": secret_key}
    return {"bucketName": bucket, "region": "us-east-1", "credentials": keys, **more}
