"""What a first preview tells of locations that Palette has already."""

import pytest

from tests.unit.resources.palette.tenant import LIST, OTHER_KIND, Tenant, storage
from tests.unit.resources.stack import OWNER

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("mark", "whose"),
    [
        (None, "It bears no mark."),
        ("acme/shop/prod/weekly:0a1b2c@1", "It belongs to acme/shop/prod/weekly."),
    ],
)
def test_a_name_that_is_taken(
    tenant: Tenant, capsys: Capture, mark: str | None, whose: str
) -> None:
    uid = tenant.others("theirs", mark)
    tenant.stack().check(**storage(), name="theirs")
    told = capsys.readouterr().out
    assert f"nightly: Palette has a location named theirs already ({uid}). {whose}" in told
    assert f"adopt={uid!r}" in told


def test_a_name_that_another_kind_of_storage_took(tenant: Tenant, capsys: Capture) -> None:
    """Nothing of it can be adopted."""
    tenant.others("theirs")
    tenant.only().kind = OTHER_KIND
    tenant.stack().check(**storage(), name="theirs")
    told = capsys.readouterr().out
    assert "give this one another name" in told
    assert "adopt" not in told


def test_a_name_that_is_free_or_our_own(tenant: Tenant, capsys: Capture) -> None:
    tenant.others("theirs")
    made = tenant.stack().create(**storage(), name="n")
    tenant.stack().check(made.inputs, **storage(), name="n")
    tenant.stack().check(**storage(), name="n")  # the second check of a replacement
    assert "already" not in capsys.readouterr().out


def test_what_a_lost_state_knew(tenant: Tenant, capsys: Capture) -> None:
    uid = tenant.others("n", f"{OWNER}@202601010a1b2c3d.0a1b2c3d4e")
    tenant.stack(recover="true").check(**storage(), name="n")
    assert f"the location n ({uid}) is there, and is reclaimed" in capsys.readouterr().out


def test_many_new_locations_ask_for_the_list_once(tenant: Tenant) -> None:
    """Each registration changes it; what Palette allows in a second goes to registrations."""
    stack = tenant.stack()
    for name in ("one", "two", "three"):
        stack.create(**storage(), name=name, is_default=name == "three")
    assert tenant.calls(LIST) == 1
