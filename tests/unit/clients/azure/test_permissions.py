"""What the credentials in use lack in Azure is told by Resource Manager, and by their token."""

from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.azure.client import AzureClient
from palette_backup_provider.clients.azure.permissions import (
    DOCTOR,
    GRAPH,
    LOCATION,
    SNAPSHOTS,
    permissions,
)
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.permissions import Permissions
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.azure.built_in import OWNER, ROLES, Role
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox

DEVELOPER = "cf1c38e5-3621-4004-a7cb-879624dced7c"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(["azure"]) as sandbox:
        yield sandbox


@pytest.fixture
def azure(running: Sandbox) -> AzureClient:
    running.service(Azure).reset()
    names = {
        "clientId": "ARM_CLIENT_ID",
        "clientSecret": "ARM_CLIENT_SECRET",
        "tenantId": "ARM_TENANT_ID",
        "subscriptionId": "ARM_SUBSCRIPTION_ID",
        "metadataHost": "ARM_METADATA_HOSTNAME",
    }
    config = {f"azure-native:{name}": running.env[key] for name, key in names.items()}
    config["palette:azureCaCert"] = running.env["PALETTE_AZURE_CA_CERT"]
    return AzureClient.connect(Settings(config.get, {}))


def asked(
    azure: AzureClient, patch: pytest.MonkeyPatch, *actions: str, without: tuple[str, ...] = ()
) -> Permissions:
    """The permissions where the operator's role allows these actions."""
    patch.setitem(ROLES, OWNER, Role("limited", actions, without=without))
    return permissions(azure)


def test_all_of_the_document_is_enough(azure: AzureClient, monkeypatch: pytest.MonkeyPatch) -> None:
    actions = (*LOCATION.actions, *SNAPSHOTS.actions, *DOCTOR.actions)
    found = asked(azure, monkeypatch, *actions)
    assert not found.lacking and not found.left_out and not found.unclear


def test_patterns_allow_and_take_away(azure: AzureClient, monkeypatch: pytest.MonkeyPatch) -> None:
    found = asked(azure, monkeypatch, "*", without=("microsoft.authorization/*/Write",))
    assert [one.missing for one in found.lacking] == [
        ("Microsoft.Authorization/roleAssignments/write",),
        ("Microsoft.Authorization/roleDefinitions/write",),
    ]


def test_without_snapshots_a_part_may_be_left_out(
    azure: AzureClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(azure, monkeypatch, *LOCATION.actions, "*/read")
    assert not found.lacking
    assert [one.statement.only_for for one in found.left_out] == ["snapshot_scopes"]


def test_what_is_not_allowed_to_be_asked_is_not_told(
    azure: AzureClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(azure, monkeypatch, *LOCATION.actions)
    assert not found.lacking
    assert "Allow Microsoft.Authorization/permissions/read" in found.unclear[0].unclear


@pytest.mark.parametrize(
    ("claims", "missing", "unclear"),
    [
        ({"roles": ["Application.ReadWrite.All"]}, (), False),
        ({"roles": ["User.Read.All"]}, GRAPH.actions, False),
        ({}, GRAPH.actions, False),
        ({"scp": "Application.ReadWrite.All", "wids": [DEVELOPER]}, (), False),
        ({"scp": "Application.ReadWrite.All", "wids": ["another"]}, (), True),
    ],
)
def test_the_token_tells_of_graph(
    azure: AzureClient,
    monkeypatch: pytest.MonkeyPatch,
    claims: dict[str, Any],
    missing: tuple[str, ...],
    unclear: bool,
) -> None:
    monkeypatch.setattr(azure, "graph_claims", lambda: claims)
    *_, graph = permissions(azure).answers
    assert (graph.statement, graph.missing, bool(graph.unclear)) == (GRAPH, missing, unclear)


def test_another_refusal_is_none(azure: AzureClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise ApiError("Azure refused it.", status=401, code="ExpiredAuthenticationToken")

    monkeypatch.setattr(azure, "subscription", lambda: "s")
    monkeypatch.setattr(azure, "arm", refuse)
    with pytest.raises(ApiError, match="Azure refused it"):
        permissions(azure)
