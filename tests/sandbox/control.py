"""The control routes of a sandbox, as tests call them."""

from typing import Any

import requests

from palette_backup_provider.sandbox.run import Sandbox


class Control:
    """The control routes of a running sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._url, self._ca = sandbox.url, sandbox.env["PALETTE_CA_CERT"]
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["X-Sandbox-Token"] = sandbox.token

    def get(self, route: str) -> Any:
        answer = self._session.get(f"{self._url}/_sandbox/{route}", verify=self._ca, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, route: str, body: Any = None) -> None:
        url = f"{self._url}/_sandbox/{route}"
        answer = self._session.post(url, json=body, verify=self._ca, timeout=30)
        answer.raise_for_status()

    def locations(self) -> list[dict[str, Any]]:
        """What Palette stores, secrets in clear."""
        locations: list[dict[str, Any]] = self.get("state")["locations"]
        return locations
