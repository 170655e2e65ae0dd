"""What can be wrong in Azure."""

from datetime import UTC, datetime, timedelta

from palette_backup_provider.clients.azure.permissions import STATEMENTS
from palette_backup_provider.sandbox.azure.built_in import OWNER, ROLES, Role
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.location_faults import day
from tests.unit.doctor.operator import without
from tests.unit.doctor.ward import Ward

TOKEN = "azure:ResourceGroup"
"""A type of it."""
SIGNED_IN_BY = ("ARM_CLIENT_SECRET",)
"""The variables without which nobody is signed in."""
SIGNED_OUT = "Azure did not let us sign in"
"""What is told then."""


def in_azure(ward: Ward, action: str) -> None:
    ward.patch.setitem(ROLES, OWNER, Role("limited", (*without(action, STATEMENTS),)))


@red("azure.permissions", "1 of 21 missing: Microsoft.Storage/storageAccounts/listKeys/action")
def no_keys_of_accounts(ward: Ward) -> None:
    in_azure(ward, "Microsoft.Storage/storageAccounts/listKeys/action")


@yellow("azure.permissions", "Allow Microsoft.Authorization/permissions/read on /subscriptions/")
def not_to_be_asked(ward: Ward) -> None:
    in_azure(ward, "Microsoft.Authorization/permissions/read")


def secret(ward: Ward, days: int) -> None:
    """Have the state hold a client secret that ends in so many days."""
    ends = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    ward.record(
        "azure:ClientSecret", "/applications/0/passwords/0", made_on=day(ago=1), expires=ends
    )


@red("location.rotation", "it ended on")
def a_secret_that_ended(ward: Ward) -> None:
    secret(ward, days=-1)


@yellow("location.rotation", "it ends on")
def a_secret_that_ends_soon(ward: Ward) -> None:
    secret(ward, days=10)
