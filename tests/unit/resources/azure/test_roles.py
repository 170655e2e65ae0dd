"""Where a role's definition is."""

import pytest

from palette_backup_provider.resources.azure import role_definition

SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize("scope", [SUBSCRIPTION, f"{SUBSCRIPTION}/resourceGroups/g"])
@pytest.mark.parametrize("role", ["Reader and Data Access", "c12c1c16-33a1-487b-954d-41c89c60f349"])
def test_it_is_in_the_subscription_of_the_scope(scope: str, role: str) -> None:
    assert role_definition(scope, role) == (
        f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
        "c12c1c16-33a1-487b-954d-41c89c60f349"
    )
