"""The custom role for snapshots, on the sandbox's Azure."""

from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotImportable, NotOwned
from palette_backup_provider.resources.azure import SNAPSHOT_ACTIONS
from palette_backup_provider.resources.azure.application import ApplicationHandler
from palette_backup_provider.resources.azure.role_assignment import RoleAssignmentHandler
from palette_backup_provider.resources.azure.service_principal import ServicePrincipalHandler
from palette_backup_provider.resources.azure.snapshot_role import SnapshotRoleHandler
from tests.unit.resources.azure.cloud import Cloud, killed
from tests.unit.resources.stack import Clock, Stack, Thing

VELERO = {
    "Microsoft.Compute/disks/read",
    "Microsoft.Compute/disks/write",
    "Microsoft.Compute/disks/endGetAccess/action",
    "Microsoft.Compute/disks/beginGetAccess/action",
    "Microsoft.Compute/snapshots/read",
    "Microsoft.Compute/snapshots/write",
    "Microsoft.Compute/snapshots/delete",
}
"""What the README of Velero's plugin lists for disks and snapshots."""


SOMEBODY = "11111111-1111-1111-1111-111111111111"


@pytest.fixture
def scope(cloud: Cloud) -> str:
    return f"/subscriptions/{cloud.config['azure-native:subscriptionId']}/resourceGroups/clusters"


@pytest.fixture
def roles(cloud: Cloud) -> Stack:
    return cloud.stack(SnapshotRoleHandler)


def there(cloud: Cloud) -> dict[str, Any]:
    """The only custom role."""
    (found,) = cloud.azure.arm.access.definitions.values()
    return found.said


def given(cloud: Cloud, scope: str, role: Thing) -> tuple[Stack, Thing]:
    """The role, given to a new service principal."""
    application = cloud.stack(ApplicationHandler).create(name="velero")
    client_id = application.outputs["client_id"]
    principal = cloud.stack(ServicePrincipalHandler).create(client_id=client_id)
    assignments = cloud.stack(RoleAssignmentHandler)
    name = role.outputs["name"]
    return assignments, assignments.create(scope=scope, role=name, principal_id=principal.id)


def test_it_has_veleros_own_list_and_holds_at_its_scope_alone(
    cloud: Cloud, roles: Stack, scope: str
) -> None:
    made = roles.create(scope=scope)
    assert set(SNAPSHOT_ACTIONS) == VELERO
    assert there(cloud)["permissions"] == made.outputs["permissions"]
    (permission,) = there(cloud)["permissions"]
    others = {name: actions for name, actions in permission.items() if name != "actions"}
    assert set(permission["actions"]) == VELERO and not any(others.values())
    assert there(cloud)["assignableScopes"] == [scope]
    assert there(cloud)["roleName"].startswith("nightly-")
    assert made.id == f"{scope}/providers/Microsoft.Authorization/roleDefinitions/" + str(
        made.outputs["name"]
    )
    assert roles.refresh(made) == made
    assert not roles.differs(made, scope=scope)
    roles.delete(made)
    assert not cloud.azure.arm.access.definitions
    assert roles.refresh(made) is None
    roles.delete(made)


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(3))
def test_a_killed_run_leaves_what_the_next_one_takes_over(
    cloud: Cloud, roles: Stack, scope: str, when: str, index: int
) -> None:
    if killed(cloud, when, index, lambda: roles.create(scope=scope)):
        made = roles.create(scope=scope)
        assert roles.refresh(made) == made
        roles.delete(made)
        assert not cloud.azure.arm.access.definitions


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("permissions", {"permissions": [{"actions": ["*"]}]}),
        ("permissions", {"permissions": [{"actions": SNAPSHOT_ACTIONS, "dataActions": ["*"]}]}),
        ("permissions", {"permissions": []}),
        ("assignable_scopes", {"assignableScopes": ["/subscriptions/another", "/subscriptions/b"]}),
    ],
)
def test_what_others_change_is_told_and_put_back(
    cloud: Cloud, roles: Stack, scope: str, field: str, changed: dict[str, Any]
) -> None:
    made = roles.create(scope=scope)
    there(cloud).update(changed)
    if field == "assignable_scopes":
        there(cloud)["assignableScopes"].insert(0, scope)
    seen = roles.refresh(made)
    assert seen
    assert {k for k, v in made.outputs.items() if seen.outputs[k] != v} == {field}
    roles.update(seen, scope=scope)
    assert roles.refresh(made) == made


def test_azure_may_spell_a_scope_in_its_own_way(cloud: Cloud, roles: Stack, scope: str) -> None:
    made = roles.create(scope=scope)
    there(cloud)["assignableScopes"] = [scope.lower()]
    assert roles.refresh(made) == made


def test_one_of_somebody_else_is_left_alone(cloud: Cloud, roles: Stack, scope: str) -> None:
    theirs = cloud.stack(SnapshotRoleHandler)
    theirs.owner = "acme/shop/prod/nightly:0a1b2c"
    made = theirs.create(scope=scope, role_name="velero")
    with pytest.raises(NotOwned, match=r"belongs to acme/shop/prod.*another role_name"):
        roles.create(scope=scope, role_name="velero")
    with pytest.raises(NotOwned, match=r"There is a role Velero in the tenant.*another role_name"):
        roles.create(scope=f"{scope}-2", role_name="Velero")
    there(cloud)["description"] = "acme/shop/test/nightly:0a1b2c@1a2b"
    with pytest.raises(NotOwned, match="is held by acme/shop/test/nightly"):
        theirs.delete(made)
    assert there(cloud)


def test_one_that_somebody_has_is_not_deleted(
    cloud: Cloud, roles: Stack, scope: str, clock: Clock
) -> None:
    made = roles.create(scope=scope)
    assignments, assignment = given(cloud, scope, made)
    with pytest.raises(Blocked, match=f"it was given to others.*--role {made.outputs['name']}"):
        roles.delete(made)
    assert clock.now > 0
    assignments.delete(assignment)
    roles.delete(made)
    assert not cloud.azure.arm.access.definitions


def test_an_operator_without_leave_is_told_what_it_takes(
    cloud: Cloud, roles: Stack, scope: str
) -> None:
    denied = ApiError("Azure refused it.", status=403, code="AuthorizationFailed")
    name = str(roles.check(scope=scope)["name"])
    cloud.refused = {f"PUT {name}": [denied]}
    with pytest.raises(ApiError, match=r"roleDefinitions/write at .* User Access Administrator"):
        roles.create(scope=scope)


def test_it_is_looked_up_by_its_id(roles: Stack, scope: str) -> None:
    made = roles.create(scope=scope)
    found = roles.lifecycle.read(made.id, {})
    assert found
    for name in ("scope", "role_name", "name", "permissions"):
        assert getattr(found, name) == made.outputs[name]


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("", "is empty"),
        ("/", "the id of a resource group"),
        ("/subscriptions/*", "stand for more than one"),
        ("/subscriptions/{0}/resourceGroups", "the id of a resource group"),
        ("/subscriptions/{0}/resourceGroups/*", "stand for more than one"),
        ("/subscriptions/{0}/resourceGroups/a?b=c", "stand for more than one"),
        ("/subscriptions/{0}/resourceGroups/a#b", "the id of a resource group"),
        ("/subscriptions/{0}/resourceGroups/..", "the id of a resource group"),
        ("/subscriptions/{0}/resourceGroups/a%2Fb", "the id of a resource group"),
        ("/subscriptions/{0}/resourceGroups/a\n", "cannot be seen"),
        ("/providers/Microsoft.Management/managementGroups/all", "the id of a resource group"),
    ],
)
def test_a_scope_is_one_place(roles: Stack, scope: str, told: str) -> None:
    assert told in roles.reasons(scope=scope.format("1" * 8 + "-1111-1111-1111-" + "1" * 12))


def test_one_with_a_name_of_its_own_is_not_imported(cloud: Cloud, roles: Stack, scope: str) -> None:
    made = roles.create(scope=scope)
    there(cloud)["roleName"] = "velero"
    with pytest.raises(NotImportable, match="it was not made here, as its name tells"):
        roles.lifecycle.locate(made.id, {})
    assignments, assignment = given(cloud, scope, roles.create(scope=scope, role_name="other"))
    (found,) = cloud.assignments
    found.said["principalId"] = SOMEBODY
    with pytest.raises(NotImportable, match="Azure gives a role once"):
        assignments.lifecycle.locate(assignment.id, {})
