"""Adopting locations that others made."""

from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, NotOwned, ProviderError
from palette_backup_provider.engine.properties import inputs, outputs
from palette_backup_provider.resources.palette.location.state import MARK
from tests.unit.resources.palette.tenant import (
    OTHER_KIND,
    PATCH,
    PUT,
    SECRET,
    Tenant,
    storage,
)
from tests.unit.resources.stack import OWNER, Thing
from tests.unit.sandbox.visitor import body

THEIRS: dict[str, Any] = storage(
    bucket="b", region="us-east-1", force_path_style=True,
    credentials={"kind": "secret", "access_key": "a", "secret_key": SECRET},
)  # fmt: skip
DEAD = ApiError("wrong secret", status=403, code="AccessDenied")


def test_of_what_is_equal_the_mark_alone_changes(
    tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    uid = tenant.others("Their name")
    stack, before = tenant.stack(), tenant.only().body
    made = stack.create(**THEIRS, name="Their name", adopt=uid)
    assert f"Their name ({uid}) is adopted" in capsys.readouterr().out
    after = tenant.only().body
    assert after["metadata"]["annotations"].pop(MARK).startswith(f"{OWNER}@")
    kept = {**before["spec"]["config"], "credentials": after["spec"]["config"]["credentials"]}
    assert (made.id, after["spec"]["config"]) == (uid, kept)
    assert (tenant.calls(PUT), len(tenant.bucket.tried)) == (1, 1)
    assert not stack.differs(made, **THEIRS, name="Their name")


def test_a_secret_is_tried_before_it_is_first_sent(tenant: Tenant) -> None:
    uid = tenant.others("n")
    tenant.bucket.refusals = [DEAD]
    with pytest.raises(ProviderError, match="wrong secret"):
        tenant.stack().create(**THEIRS, name="n", adopt=uid)
    assert (tenant.calls(PUT), tenant.only().body["metadata"]) == (0, {"name": "n"})
    tenant.bucket.refusals = []
    made = tenant.stack().create(**THEIRS, name="n", adopt=uid)
    tried = len(tenant.bucket.tried)
    tenant.stack().update(made, **THEIRS, name="n", labels={"l": "1"})
    assert len(tenant.bucket.tried) == tried


def test_a_secret_that_palette_shows_is_told_as_different_and_not_printed(tenant: Tenant) -> None:
    keys = {**THEIRS["storage"]["credentials"], "access_key": "other"}
    said = tenant.stack().reasons(
        storage={**THEIRS["storage"], "credentials": keys}, name="n", adopt=tenant.others("n")
    )
    assert 'storage.credentials.access_key: another in the program, "a" in Palette' in said
    assert SECRET not in said


def test_a_difference_is_overwritten_when_asked_for(tenant: Tenant) -> None:
    uid = tenant.others("n")
    made = tenant.stack().create(
        **THEIRS, name="new", adopt=uid, adopt_overwrite=True, is_default=True
    )
    assert made.id == uid
    assert (tenant.only().name, tenant.calls(PUT), tenant.calls(PATCH)) == ("new", 1, 1)
    assert tenant.bucket.tried
    made = tenant.stack().update(made, **THEIRS, name="newer", is_default=True)
    assert len(tenant.bucket.tried) == 1


def test_what_an_interrupted_run_of_this_state_adopted_is_adopted_anew(tenant: Tenant) -> None:
    uid = tenant.others("n", mark=f"{OWNER}@0123456789")
    made = tenant.stack().create(**THEIRS, name="n", adopt=uid)
    told = tenant.only().body["metadata"]["annotations"][MARK]
    assert told == f"{OWNER}@{made.outputs['__incarnation']}"
    tenant.stack().delete(made)
    assert tenant.store.all() == []


def test_what_another_stack_manages_is_refused_unless_overwritten(tenant: Tenant) -> None:
    uid = tenant.others("n", mark="org/other/dev/x:ab12cd@0123456789")
    stack = tenant.stack()
    assert "owner: by its mark org/other/dev/x manages it" in stack.reasons(
        **THEIRS, name="n", adopt=uid
    )
    stack.create(**THEIRS, name="n", adopt=uid, adopt_overwrite=True)
    assert tenant.only().body["metadata"]["annotations"][MARK].startswith(f"{OWNER}@")


def test_the_location_a_replacement_adopted_anew_is_not_deleted(tenant: Tenant) -> None:
    uid, stack = tenant.others("n"), tenant.stack()
    old = stack.create(**THEIRS, name="n", adopt=uid)
    stack.create(**THEIRS, name="n", adopt=uid)
    stack.delete(old)
    assert tenant.only().uid == uid
    tenant.stack().delete(old)
    assert tenant.store.all() == []


def test_it_changes_between_preview_and_up(tenant: Tenant) -> None:
    uid, stack = tenant.others("n"), tenant.stack()
    props = stack.check(**THEIRS, name="n", adopt=uid)
    tenant.changed(bucketName="moved")
    with pytest.raises(NotOwned, match=r'storage\.bucket: "b" in the program, "moved" in Palette'):
        tenant.stack().lifecycle.create(props)


def test_another_kind_or_nothing_is_refused_also_when_overwriting(tenant: Tenant) -> None:
    absent = tenant.stack().reasons(**THEIRS, adopt="0" * 24, adopt_overwrite=True)
    assert f"lists no location {'0' * 24} in the project" in absent
    other = body("g", OTHER_KIND)
    uid = tenant.store.create(tenant.store.projects["Default"], OTHER_KIND, other).uid
    said = tenant.stack().reasons(**THEIRS, name="g", adopt=uid, adopt_overwrite=True)
    assert f"is on {OTHER_KIND}, and the program says s3" in said


def test_after_a_lost_state_what_clusters_use_is_taken_over(tenant: Tenant) -> None:
    first = tenant.stack().create(**storage(), name="n")
    tenant.knobs(duplicate_name=None)  # nor is a second one made where Palette allows it
    tenant.only().clusters = [{"name": "prod", "uid": "1"}]
    again = tenant.stack(recover="true").create(**storage(), name="n")
    assert again.id == first.id == tenant.only().uid


def test_after_a_lost_state_and_a_rename_it_is_found_by_its_mark(tenant: Tenant) -> None:
    first = tenant.stack().create(**storage(), name="of-old")
    again = tenant.stack(recover="true").create(**storage(), name="of-today")
    assert again.id == first.id == tenant.only().uid
    assert tenant.only().name == "of-today"


@pytest.mark.parametrize("name", ["n", "of-today"])
def test_after_a_lost_state_it_stays_with_its_backups(tenant: Tenant, name: str) -> None:
    tenant.stack().create(**storage(), name="n")
    before = tenant.only()
    with pytest.raises(
        NotOwned, match=r"in the-bucket, eu-west-1, and the program has another, eu-"
    ):
        tenant.stack(recover="true").create(**storage(bucket="another"), name=name)
    assert tenant.only() == before


def test_what_clusters_use_is_not_overwritten_with_other_storage(tenant: Tenant) -> None:
    uid = tenant.stack().create(**storage(), name="n").id
    tenant.only().clusters = [{"name": "prod", "uid": "1"}]
    given = {**storage(bucket="another"), "name": "n", "adopt": uid, "adopt_overwrite": True}
    assert "n is not moved from the-bucket" in tenant.stack().reasons(**given)


@pytest.mark.parametrize("name", ["theirs", "Default/theirs", "{uid}", "Default/{uid}"])
def test_a_location_without_a_mark_is_imported_and_marked_first(tenant: Tenant, name: str) -> None:
    uid, stack = tenant.others("theirs"), tenant.stack()
    found = stack.lifecycle.locate(name.format(uid=uid), {"__owner": stack.owner})
    assert found and found.id == uid
    asked = inputs(found.state)
    thing = Thing(uid, asked, outputs(found.state))
    with pytest.raises(NotOwned, match="was imported and does not carry this stack's mark yet"):
        stack.delete(thing)
    program = {name: value for name, value in asked.items() if not name.startswith("__")}
    marked = stack.update(thing, **{**program, **THEIRS, "labels": {"team": "y"}})
    assert MARK in tenant.only().body["metadata"]["annotations"]
    stack.delete(marked)


@pytest.mark.parametrize("id", ["mine", "tenant/mine"])
def test_a_location_that_is_not_there_is_not_imported(tenant: Tenant, id: str) -> None:
    with pytest.raises(ProviderError, match=r"Palette has no location mine in this scope\."):
        tenant.stack().lifecycle.locate(id, {})
