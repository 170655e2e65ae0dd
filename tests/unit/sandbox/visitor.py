"""Calls a sandbox as programs and tests do."""

import json
from copy import deepcopy
from typing import Any

import requests

from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.run import Sandbox
from tests.clouds import merged

LOCATIONS = "/v1/users/assets/locations"
TIMEOUT = 10
KIND = "s3"
"""The kind of location that a visitor registers unless told otherwise."""
CLOUD = KINDS[KIND].cloud
"""The cloud that has such storage."""


class Visitor:
    """Has the settings of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.env = sandbox.env

    @property
    def cloud(self) -> str:
        """Where `CLOUD` is."""
        return self.env[clouds()[CLOUD].shown]

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        """Any request to the address of Palette."""
        return requests.request(
            method,
            f"{self.sandbox.url}{path}",
            json=body,
            headers=headers,
            verify=self.env["PALETTE_CA_CERT"],
            timeout=TIMEOUT,
        )

    def palette(
        self, method: str, path: str, body: Any = None, project: str | None = "Default"
    ) -> requests.Response:
        """A call to Palette, in a project or (None) in the tenant."""
        headers = {"ApiKey": self.env["PALETTE_API_KEY"]}
        if project:
            headers["ProjectUid"] = self.sandbox.store.projects[project]
        return self.send(method, path, body, headers)

    def control(self, method: str, route: str, body: Any = None) -> requests.Response:
        """A call to a control route."""
        return self.send(
            method, f"/_sandbox/{route}", body, {"X-Sandbox-Token": self.sandbox.token}
        )

    def plan(self, *faults: dict[str, Any]) -> None:
        """Set the plan of faults."""
        assert self.control("POST", "faults", list(faults)).status_code == 204

    def register(
        self,
        name: str = "nightly",
        kind: str = KIND,
        project: str | None = "Default",
        default: bool = False,
    ) -> str:
        """The uid of a new location."""
        answer = self.palette("POST", f"{LOCATIONS}/{kind}", body(name, kind, default), project)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["uid"])

    def listed(self, project: str | None = "Default") -> list[dict[str, Any]]:
        """What Palette lists."""
        found: list[dict[str, Any]] = self.palette("GET", LOCATIONS, project=project).json()[
            "items"
        ]
        return found


def allow(*actions: str, on: str | list[str] = "*") -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def policy(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def body(name: str, kind: str = KIND, default: bool = False) -> dict[str, Any]:
    """The body that registers a location."""
    config: dict[str, Any] = merged(__package__, "locations", "CONFIGS")[kind]
    return {
        "metadata": {"name": name},
        "spec": {"type": kind, "isDefault": default, "config": deepcopy(config)},
    }
