"""Changing and deleting a location, its scope, and the rules of its inputs."""

from typing import Any

import pytest

from palette_backup_provider.core.errors import (
    Blocked,
    ProviderError,
)
from palette_backup_provider.resources.palette.location.state import MARK
from tests.unit.resources.palette.tenant import (
    DELETE,
    GET,
    LIST,
    PATCH,
    PUT,
    SECRET,
    STATIC,
    VALIDATE,
    Tenant,
    storage,
)
from tests.unit.resources.stack import OWNER

CLUSTERS = [{"kind": "spectrocluster", "name": "c2", "uid": "2"}, {"uid": "c1"}]


def mark(thing: Any) -> str:
    return f"{OWNER}@{thing.outputs['__incarnation']}"


def test_a_change_sends_the_whole_with_its_secret(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), name="n", labels={"l": "1"})
    updated = stack.update(made, **storage(), name="renamed", labels={"l": "2"})
    there = tenant.only()
    assert there.uid == made.id == updated.id
    assert there.body["metadata"]["name"] == "renamed"
    assert there.body["metadata"]["labels"] == {"l": "2"}
    assert there.body["metadata"]["annotations"] == {MARK: mark(made)}
    assert there.body["spec"]["config"]["credentials"]["secretKey"] == SECRET
    assert len(tenant.validated) == 1  # only new storage is tried anew
    stack.update(updated, **storage(credentials={**STATIC, "secret_key": "rotated-secret"}))
    assert tenant.only().body["spec"]["config"]["credentials"]["secretKey"] == "rotated-secret"
    assert len(tenant.validated) == len(tenant.bucket.tried) == 2


def test_the_default_is_asked_for_only_where_it_was_not(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), name="n")
    other = tenant.others("other")
    tenant.store.make_default(tenant.store.find(tenant.store.projects["Default"], other))
    made = stack.update(made, **storage(), name="n", is_default=True)
    assert [at.name for at in tenant.store.all() if at.is_default] == ["n"]
    made = stack.update(made, **storage(), name="m", is_default=True)
    assert tenant.calls(PATCH) == 1
    stack.update(made, **storage(), name="m", is_default=False)
    assert not any(at.is_default for at in tenant.store.all())
    assert tenant.calls(PATCH) == 1


def test_a_renamed_stack_takes_its_location_along(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), name="n")
    renamed = OWNER.replace("/dev/", "/test/")
    updated = stack.update(made, **storage(), name="n", __owner=renamed)
    annotations = tenant.only().body["metadata"]["annotations"]
    assert annotations[MARK] == f"{renamed}@{made.outputs['__incarnation']}"
    tenant.stack().delete(updated)
    assert tenant.store.all() == []


def test_delete(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage())
    stack.delete(made)
    assert tenant.store.all() == []
    tenant.stack().delete(made)  # gone already
    assert (tenant.calls(DELETE), tenant.calls(GET)) == (1, 2)


@pytest.mark.parametrize("length", [None, 0])
def test_delete_spares_what_a_later_create_took_over(tenant: Tenant, length: int | None) -> None:
    stack = tenant.stack()
    old = stack.create(**storage(), name="n")
    new = stack.create(**storage(), name="n")
    tenant.knobs(list_length=length)
    stack = tenant.stack()
    assert not stack.differs(new, **storage(), name="n")
    stack.delete(old)
    assert tenant.only().uid == new.id
    stack.delete(new)
    assert tenant.store.all() == []


def test_delete_goes_by_the_uid_where_the_mark_is_lost(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage())
    del tenant.only().body["metadata"]["annotations"]
    tenant.stack().delete(made)
    assert tenant.store.all() == []


def test_nothing_moves_or_goes_that_clusters_use(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), name="n")
    tenant.only().clusters = CLUSTERS
    words = r"n is not {}: clusters back up to it \(c1, c2\)\. Give them another location"
    with pytest.raises(Blocked, match=words.format("deleted")):
        stack.delete(made)
    for move in ({"bucket": "x"}, {"region": "us-east-1"}, {"url": "https://s3.example.com"}):
        with pytest.raises(Blocked, match=words.format("moved from the-bucket, eu-west-1 to .*")):
            stack.differs(made, **storage(**move), name="n")
    for replaced in ({"project": "team-a"}, {"scope": "tenant"}):
        with pytest.raises(Blocked, match=words.format("replaced")):
            stack.differs(made, **storage(), name="n", **replaced)
    assert stack.differs(made, **storage(use_restic=False), name="n")
    assert (tenant.calls(DELETE), tenant.calls(PUT), tenant.calls(GET)) == (0, 0, 0)


def test_in_another_project_the_new_one_is_made_beside_the_old_one(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), name="n")
    there = stack.check(made.inputs, **storage(), name="n", project="team-a")
    assert not stack.lifecycle.diff(made.id, made.outputs, there, set()).delete_first


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"scope": "tenant", "project": "Default"}, "'tenant' and a project exclude each other"),
        ({"project": "absent"}, "that the API key can see. It can see: Default, team-a."),
        ({"scope": "everything"}, "scope: must be 'project' or 'tenant'"),
        ({"name": "Nightly"}, "name: 'Nightly' is not allowed: 1 to 63 of a-z"),
        ({"name": "a" * 64}, "name: "),
        ({"annotations": {MARK: "x"}}, f"annotations: the annotation '{MARK}' is not allowed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_preview(
    tenant: Tenant, given: dict[str, Any], says: str
) -> None:
    assert says in tenant.stack().reasons(**storage(), **given)


def test_without_any_project_the_ways_to_give_one_are_told(tenant: Tenant) -> None:
    stack = tenant.stack()
    stack.lifecycle.run.given.update(  # type: ignore[attr-defined]
        {type(tenant.client()): tenant.client(project="")}
    )
    reasons = stack.reasons(**storage())
    for way in ("project=", "palette:project", "$PALETTE_PROJECT", "scope='tenant'"):
        assert way in reasons


def test_the_tenant_s_scope(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), scope="tenant")
    assert tenant.only().project is None
    refreshed = stack.refresh(made)
    assert refreshed and refreshed.inputs == made.inputs


def test_a_scope_has_one_default(tenant: Tenant) -> None:
    stack = tenant.stack()
    ask = {**storage(), "is_default": True}
    stack.check(**ask)
    stack.check(**ask)  # the second check of a replacement
    another = OWNER.replace("nightly", "weekly")
    reasons = stack.reasons(**ask, __owner=another)
    assert "'nightly' is the default of the same scope already" in reasons
    stack.check(**ask, __owner=another, scope="tenant")
    stack.check(**ask, __owner=another, project="team-a")


def test_no_message_has_the_secret(tenant: Tenant) -> None:
    tenant.refusals = [f"KMS.NotFoundException: {SECRET}"]
    with pytest.raises(ProviderError) as refused:
        tenant.stack().create(**storage())
    assert SECRET not in str(refused.value)
    assert tenant.calls(VALIDATE) == 1


def test_annotations_that_others_added_stay(tenant: Tenant) -> None:
    stack = tenant.stack()
    one = stack.create(**storage(), name="n", annotations={"ours": "1", "old": "2"})
    other = stack.create(**storage(), name="other")
    for there in tenant.store.all():
        there.body["metadata"]["annotations"]["theirs"] = "db"
    later, listed = tenant.stack(), tenant.calls(LIST)
    changed = later.update(one, **storage(), name="n", annotations={"ours": "3"})
    later.update(other, **storage(), name="other", labels={"l": "1"})
    told = {there.uid: there.body["metadata"]["annotations"] for there in tenant.store.all()}
    assert told[one.id] == {"ours": "3", "theirs": "db", MARK: mark(changed)}
    assert told[other.id].keys() == {"theirs", MARK}
    assert tenant.calls(LIST) - listed == 1  # however many are updated


def test_annotations_stay_where_palette_cuts_its_list(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage(), name="n")
    tenant.only().body["metadata"]["annotations"]["theirs"] = "db"
    tenant.knobs(list_length=0)
    tenant.stack().update(made, **storage(), name="n", labels={"l": "1"})
    assert tenant.only().body["metadata"]["annotations"]["theirs"] == "db"


def test_a_location_that_this_run_goes_on_with_is_not_deleted(tenant: Tenant) -> None:
    """State lists it twice after an interrupted replacement that adopted it anew."""
    old = tenant.stack().create(**storage(), name="n")
    made = tenant.stack().create(**storage(), name="n")
    stack = tenant.stack()
    assert not stack.differs(made, **storage(), name="n")
    stack.delete(old)
    assert tenant.only().uid == made.id
    tenant.stack().delete(old)
    assert not tenant.store.all()
