"""An operator on Azure who may do what docs/permissions says, and nothing else."""

import pytest

from palette_backup_provider.clients.azure import permissions as azure_permissions
from palette_backup_provider.sandbox.azure.built_in import OWNER, ROLES, Role
from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.roles import Access
from tests.sandbox.azure.inspector import AzureInspector
from tests.sandbox.control import Control
from tests.sandbox.operator_life import Life, document
from tests.sandbox.stack import Stack

OF_EXISTING = {"Microsoft.Storage/storageAccounts/managementPolicies/read"}
"""For a look at what exists already; what these credentials may not ask about is passed over."""
OF_DOCTOR = {"Microsoft.Authorization/permissions/read"}
"""For `palette-backup doctor`; no program needs it."""
SELDOM = {*OF_EXISTING, *OF_DOCTOR, "Microsoft.Resources/subscriptions/locations/read"}
"""For what a life may lack: a location that may be new."""


@pytest.mark.stress
def test_a_life(
    stack: Stack, control: Control, azure: AzureInspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = document("azure.json")
    monkeypatch.setitem(ROLES, OWNER, Role(role["Name"], tuple(role["Actions"])))
    used = set[str]()
    demand = Access.demand

    def noted(self: Access, caller: Caller, action: str, scope: str) -> None:
        if caller.principal.application.body()["displayName"] == "operator":
            used.add(action)
        demand(self, caller, action, scope)

    monkeypatch.setattr(Access, "demand", noted)
    clusters = f"/subscriptions/{azure.operator.subscription}/resourceGroups/clusters"
    first = f'location="westeurope", tags={{"team": "storage"}}, snapshot_scopes=["{clusters}"]'
    then = 'location="westeurope", tags={"team": "backup"}, force_destroy=True'
    life = Life(stack, control, "AzureBackupLocation")
    for config in life(first, f'{then}, rotation="2", retire_after=0'):
        azure.can_back_up(config)
    with_snapshots = set(used)
    used.clear()
    with azure.group("theirs") as name:
        theirs = f'existing_resource_group="{name}", existing_storage_account="{name}"'
        for config in life(f'location="westeurope", {theirs}'):
            azure.can_back_up(config)
    assert not used & set(azure_permissions.SNAPSHOTS.actions)
    used |= with_snapshots
    assert used | SELDOM >= {*role["Actions"]} >= used
