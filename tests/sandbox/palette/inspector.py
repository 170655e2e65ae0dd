"""Looking at Palette from outside: the sandbox's by its control routes, a real one by its API."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.exported import opened
from palette_backup_provider.resources.palette.storage import KINDS
from tests.sandbox.stack import Stack

SECRETS = {"secretKey", "jsonCredentials", "clientSecret"}


class Palette(Protocol):
    """What is there."""

    def locations(self) -> list[dict[str, Any]]:
        """What it stores, secrets in clear."""


class PaletteInspector:
    """A real Palette. It masks secrets: those that state holds stand in for them."""

    def __init__(self, env: Mapping[str, str], stack: Stack, own: str) -> None:
        self._client = PaletteClient.connect(Settings(lambda _: None, env))
        self._stack, self._own = stack, own

    def locations(self) -> list[dict[str, Any]]:
        project = self._client.project_uid(self._client.default_project)
        listed = self._client.locations(project, fresh=True)
        return [
            self._location(project, uid, item["spec"])
            for uid, item in listed.items()
            if item["metadata"]["name"].startswith(self._own)
        ]

    def _location(self, project: str, uid: str, spec: Mapping[str, str]) -> dict[str, Any]:
        kind = spec.get("storage") or spec["type"]
        path = f"{LOCATIONS}/{KINDS[kind].segment}/{uid}"
        body = self._client.call("GET", path, project=project)
        credentials = body["spec"]["config"]["credentials"]
        sent = self._sent(uid)
        credentials |= {name: sent[name] for name in SECRETS & sent.keys()}
        return {"uid": uid, "name": body["metadata"]["name"], "kind": kind, "body": body}

    def _sent(self, uid: str) -> dict[str, Any]:
        """The credentials of a location as this program sent them."""
        exported = self._stack.run("stack", "export", "--show-secrets").text
        self._stack.transcript.pop()
        resources = json.loads(exported)["deployment"]["resources"]
        (storage,) = [opened(r["inputs"]["storage"], []) for r in resources if r.get("id") == uid]
        sent: dict[str, Any] = KINDS[storage["kind"]].model_validate(storage).config()
        return dict(sent["credentials"])
