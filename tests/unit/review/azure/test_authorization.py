"""Roles and assignments: what is called not wider permits nothing more."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.review.azure.authorization import (
    RULES,
    assigned_more,
    assignment,
    wider_role,
)
from palette_backup_provider.sandbox.azure.directory import Caller
from palette_backup_provider.sandbox.azure.entra import Entra
from palette_backup_provider.sandbox.azure.roles import Access, Assignment, Definition

SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/a"
SCOPES = [
    SUBSCRIPTION,
    GROUP,
    f"{SUBSCRIPTION}/RESOURCEGROUPS/A",
    f"{SUBSCRIPTION}/resourceGroups/ab",
]
ACTIONS = ["*", "A/*", "A/b/*", "A/b/read", "*/read", "C/d/write"]
ASKED = ["A/b/read", "A/b/write", "A/c/read", "C/d/write", "C/d/read"]
WHO = "who"
READ = {"permissions": [{"actions": ["A/b/read"]}], "assignableScopes": [GROUP]}


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    several = st.lists(st.sampled_from(ACTIONS), max_size=3)
    block = st.fixed_dictionaries(
        {"actions": several},
        optional={"notActions": several, "dataActions": several, "notDataActions": several},
    )
    permissions = draw(st.lists(block, max_size=2))
    return {"permissions": permissions, "assignableScopes": [SUBSCRIPTION]}


@st.composite
def assignments(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "scope": draw(st.sampled_from(SCOPES)),
        "roleDefinitionId": draw(st.sampled_from(["x/one", "y/ONE", "x/two"])),
        "principalId": draw(st.sampled_from([WHO, "another"])),
    }


def permitted(definition: dict[str, Any], given: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Actions, on resources or data, that the sandbox lets the principal do, and where."""
    access = Access(cast(Entra, None), lambda: 0.0)
    said = {"roleName": "r", **definition}
    access.definitions = {name: Definition(name, said) for name in ("one", "two")}
    told = assignment(given)
    assert told
    access.assignments = {"a": Assignment("a", given["scope"], told.principal, told.role, {}, 0.0)}
    caller = cast(Caller, SimpleNamespace(principal=SimpleNamespace(id=WHO)))
    found = set()
    for scope in SCOPES:
        for action in ASKED:
            if access.permits(caller, action, scope):
                found.add((action, scope, "control"))
            try:
                access.demand_data(caller, action, scope)
                found.add((action, scope, "data"))
            except Exception:
                continue
    return found


@given(definitions(), definitions())
def test_what_is_no_wider_role_permits_nothing_more(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    given = {"scope": SUBSCRIPTION, "roleDefinitionId": "one", "principalId": WHO}
    if not list(wider_role(old, new)):
        assert permitted(new, given) <= permitted(old, given)


@given(assignments(), assignments())
def test_what_is_no_wider_assignment_permits_nothing_more(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    if not list(assigned_more(old, new)):
        everything = {"permissions": [{"actions": ["*"]}], "assignableScopes": [SUBSCRIPTION]}
        assert permitted(everything, new) <= permitted(everything, old)


WIDER: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an action": (READ, {**READ, "permissions": [{"actions": ["A/*"]}]}),
    "an exception that goes": (
        {"permissions": [{"actions": ["*"], "notActions": ["A/*"]}]},
        {"permissions": [{"actions": ["*"]}]},
    ),
    "a scope": (READ, {**READ, "assignableScopes": [SUBSCRIPTION]}),
    "what is not known": (READ, {"permissions": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}),
}


@pytest.mark.parametrize("case", WIDER)
def test_a_wider_role_is_told(case: str) -> None:
    assert list(wider_role(*WIDER[case]))


def test_a_condition_that_goes_is_told() -> None:
    given = {"scope": GROUP, "roleDefinitionId": "one", "principalId": WHO}
    limited = {**given, "condition": "@Resource[x] StringEquals 'y'"}
    assert list(assigned_more(limited, given))
    assert not list(assigned_more(given, limited))
    assert not list(assigned_more(given, given)) and list(assigned_more({}, given))


def test_a_role_on_everything_is_told() -> None:
    owner = {"scope": GROUP, "principalId": WHO, "role": "Owner"}
    rules = RULES["azure-native:authorization:RoleAssignment"]
    assert list(rules.everything(owner)) and not list(rules.everything({**owner, "role": "Reader"}))
    definition = RULES["azure-native:authorization:RoleDefinition"]
    assert list(definition.everything({"permissions": [{"actions": ["*"]}]}))
    assert not list(definition.everything(READ))
