"""What becomes of the location that was the default, told before it happens."""

from typing import Any

import pytest

from tests.unit.resources.palette.tenant import LIST, Tenant, storage
from tests.unit.resources.stack import OWNER

TOLD = "nightly: becomes the default of its scope in place of"
Capture = pytest.CaptureFixture[str]
ASKED: dict[str, Any] = {**storage(), "name": "n", "is_default": True}


def default(tenant: Tenant, name: str = "weekly", mark: str | None = None) -> str:
    """The uid of another location, which is the default of the project."""
    uid = tenant.others(name, mark)
    tenant.store.make_default(tenant.store.find(tenant.store.projects["Default"], uid))
    return uid


def told(capsys: Capture) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if TOLD in line]


@pytest.mark.parametrize(
    ("mark", "whose"),
    [
        (None, "."),
        (f"{OWNER.replace('nightly', 'weekly')}@1", "."),
        (
            "acme/shop/prod/weekly:0a1b2c@1",
            ". acme/shop/prod/weekly manages that one and would see drift: take is_default=True "
            "out there.",
        ),
    ],
)
def test_a_new_location_says_whose_place_it_takes(
    tenant: Tenant, capsys: Capture, mark: str | None, whose: str
) -> None:
    uid = default(tenant, mark=mark)
    stack = tenant.stack()
    stack.check(**ASKED)
    stack.create(**ASKED)  # in the same run
    assert told(capsys) == [f"{TOLD} weekly ({uid}){whose}"]


def test_a_preview_tells_it_where_the_storage_is_not_known_yet(
    tenant: Tenant, capsys: Capture
) -> None:
    uid = default(tenant)
    given = {"__owner": OWNER, **ASKED}
    del given["storage"]
    assert not tenant.stack().lifecycle.check({}, given, {"storage"}).failures
    assert told(capsys) == [f"{TOLD} weekly ({uid})."]


def test_a_location_that_becomes_it_says_so(tenant: Tenant, capsys: Capture) -> None:
    stack = tenant.stack()
    made = stack.create(**{**ASKED, "is_default": False})
    uid = default(tenant)
    assert not told(capsys)
    assert tenant.stack().differs(made, **ASKED)
    assert told(capsys) == [f"{TOLD} weekly ({uid})."]
    made = tenant.stack().update(made, **ASKED)
    assert told(capsys) == [f"{TOLD} weekly ({uid})."]
    tenant.stack().update(made, **ASKED, labels={"l": "1"})
    assert not told(capsys)  # it is the default already


def test_a_default_that_is_taken_back(tenant: Tenant, capsys: Capture) -> None:
    """By any change, as a change sends the whole."""
    made = tenant.stack().create(**ASKED)
    uid = default(tenant)
    assert not tenant.stack().differs(made, **ASKED)
    assert not told(capsys)  # nothing is sent
    tenant.stack().update(made, **ASKED, labels={"l": "1"})
    assert told(capsys) == [f"{TOLD} weekly ({uid})."]


def test_what_changes_no_default_says_and_asks_nothing(tenant: Tenant, capsys: Capture) -> None:
    default(tenant)
    made = tenant.stack().create(**{**ASKED, "is_default": False})
    elsewhere = tenant.stack().create(**ASKED, project="team-a")
    unchanged, listed = tenant.stack(), tenant.calls(LIST)
    assert not unchanged.differs(made, **{**ASKED, "is_default": False})
    assert not unchanged.differs(elsewhere, **ASKED, project="team-a")
    assert tenant.calls(LIST) == listed
    assert not told(capsys)


def test_what_an_interrupted_run_left_is_no_other(tenant: Tenant, capsys: Capture) -> None:
    stack = tenant.stack()
    stack.create(**ASKED)
    tenant.stack().create(**ASKED)
    assert not told(capsys)


def test_an_adopted_location(tenant: Tenant, capsys: Capture) -> None:
    theirs: dict[str, Any] = {
        **storage(bucket="b", region="us-east-1", force_path_style=True),
        "is_default": True,
    }
    theirs["storage"]["credentials"] = {"kind": "secret", "access_key": "a", "secret_key": "b"}
    uid = default(tenant, "n")
    tenant.stack().create(**theirs, name="n", adopt=uid)
    assert not told(capsys)
    other = default(tenant)
    tenant.stack().create(**theirs, name="n", adopt=uid, adopt_overwrite=True)
    assert told(capsys) == [f"{TOLD} weekly ({other})."]
