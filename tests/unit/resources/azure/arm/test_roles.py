"""Where a role's definition is, and what ids in ARM name."""

import pytest

from palette_backup_provider.core.errors import NotImportable
from palette_backup_provider.resources.azure import role_definition
from palette_backup_provider.resources.azure.arm.scopes import names_in

SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize("scope", [SUBSCRIPTION, f"{SUBSCRIPTION}/resourceGroups/g"])
@pytest.mark.parametrize("role", ["Reader and Data Access", "c12c1c16-33a1-487b-954d-41c89c60f349"])
def test_it_is_in_the_subscription_of_the_scope(scope: str, role: str) -> None:
    assert role_definition(scope, role) == (
        f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
        "c12c1c16-33a1-487b-954d-41c89c60f349"
    )


def test_an_id_names_its_kinds_in_any_case() -> None:
    id = f"{SUBSCRIPTION.upper()}/resourcegroups/G/providers/Microsoft.Storage/storageAccounts/a"
    subscription = SUBSCRIPTION.rpartition("/")[2]
    assert names_in(id, subscription, "resourceGroups", "storageAccounts") == ["G", "a"]
    for other in (f"{SUBSCRIPTION}/resourceGroups/g", "a", id.replace("1111", "2222")):
        with pytest.raises(
            NotImportable, match=r"Give one such as /subscriptions/1.*/storageAccounts/<name>\."
        ):
            names_in(other, subscription, "resourceGroups", "storageAccounts")
