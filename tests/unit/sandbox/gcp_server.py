"""The sandbox's Google Cloud on loopback, judged, and ways to meet it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from google.cloud import storage
from googleapiclient.discovery import build

from palette_backup_provider.sandbox.gcp.service import PROJECT, Gcp
from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.proxy import Proxy
from palette_backup_provider.sandbox.proxy.server import Server
from tests.gcp_signer import signer
from tests.unit.sandbox.gcp.discovery import Judged


class _Judging(Judged):
    """Judges, and tells a proxy what the cloud itself tells it."""

    def __init__(self, gcp: Gcp) -> None:
        super().__init__(gcp)
        self.call, self.credential_made_at = gcp.call, gcp.credential_made_at
        self.unknown, self.too_many = gcp.unknown, gcp.too_many
        self.errors, self.refused = gcp.errors, gcp.refused


class Cloud:
    """A running cloud."""

    def __init__(self) -> None:
        self.now = time.time()
        self.gcp = Gcp(lambda: self.now)
        self.judge = _Judging(self.gcp)
        self.conditions = Conditions(clock=lambda: self.now)
        self._server = Server(Proxy(self.judge, self.conditions))
        self.url = self._server.url
        self.key, self.other_key = self.gcp.open(self.url)

    @property
    def config(self) -> dict[str, str]:
        """The settings that lead a program here."""
        apis = ("storage", "iam", "resourceManager", "iamCredentials")
        ends = {f"gcp:{api}CustomEndpoint": self.url for api in apis}
        return {"gcp:credentials": self.key, "gcp:project": PROJECT, **ends}

    def reset(self) -> None:
        self.conditions.reset()
        self.gcp.reset()

    def stop(self) -> None:
        self._server.stop()

    def storage(self, key: str = "") -> storage.Client:
        """Google's own client of Cloud Storage."""
        options = {"api_endpoint": self.url}
        credentials = signer(key or self.key)
        return storage.Client(PROJECT, credentials=credentials, client_options=options)

    def api(self, name: str, version: str = "v1", key: str = "") -> Any:
        """Google's own client of any API."""
        return build(
            name,
            version,
            credentials=signer(key or self.key),
            client_options={"api_endpoint": self.url},
            static_discovery=True,
        )

    def calls(self) -> list[str]:
        found: dict[str, int] = self.conditions.report()["gcp"]
        return [call for call in found if call != "oauth2.token"]


@pytest.fixture(scope="module")
def one() -> Iterator[Cloud]:
    """A cloud that has done nothing that Google does not document."""
    cloud = Cloud()
    try:
        yield cloud
    finally:
        cloud.stop()
    assert cloud.judge.wrong == []


@pytest.fixture
def cloud(one: Cloud) -> Cloud:
    """A cloud in which nothing happened yet."""
    one.reset()
    return one
