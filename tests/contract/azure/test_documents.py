"""No accepted input gives a role elsewhere than where it says in Azure."""

import re

import pytest
from hypothesis import given

from palette_backup_provider import azure
from palette_backup_provider.sandbox.azure.roles import Assignment, Definition
from tests.contract.azure.samples import GUID
from tests.contract.tampering import accepted, made, quickly, tampered

GROUP = f"/subscriptions/{GUID}/resourceGroups/clusters"


@pytest.mark.parametrize("token", ["azure:RoleAssignment", "azure:SnapshotRole"])
def test_a_role_holds_at_one_place(token: str) -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/backups"

    @quickly
    @given(scope=tampered(GROUP, account, f"/subscriptions/{GUID}"))
    def holds(scope: str) -> None:
        if not accepted(token, {"scope": scope}):
            assert made(azure.role_definition, scope, "Reader and Data Access") is None
            return
        assert re.fullmatch(r"/(subscriptions)/[-0-9a-f]{36}(/.*)?", scope, re.IGNORECASE)
        given_at = Assignment("id", scope, GUID, GUID, {}, 0)
        role = Definition(GUID, {"assignableScopes": [scope]})
        *_, subscription = re.split("/", scope, maxsplit=2)
        places = {"/", "/subscriptions", f"/subscriptions/{GUID[::-1]}", f"{scope}x"}
        places |= {scope.rpartition("/")[0], f"/subscriptions/z{subscription}"}
        for place in places:
            assert not given_at.covers(place) and not role.can_be_given(place), place
        assert given_at.covers(f"{scope}/providers/a/b/c")

    holds()


@quickly
@given(role=tampered("Reader and Data Access", GUID))
def test_a_role_is_one(role: str) -> None:
    found = made(azure.role_definition, GROUP, role)
    if found is not None:
        assert re.fullmatch(r"(/[\w.-]+){5}/[-0-9a-fA-F]{36}", found)
