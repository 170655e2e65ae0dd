"""How a location is registered: what is tried first, and what an unclear answer means."""

from typing import Any

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import (
    ApiError,
    ApiKeyRejected,
    Blocked,
    NotOwned,
    WaitTimedOut,
)
from palette_backup_provider.resources.palette.location.state import MARK
from palette_backup_provider.resources.palette.storage import KINDS
from palette_backup_provider.sandbox.palette.errors import Refusal
from tests.unit.clients.loopback import FakeTime
from tests.unit.resources.palette.tenant import (
    LIST,
    ON_CLOUD,
    OTHER_KIND,
    POST,
    PUT,
    SECRET,
    STORAGE,
    Tenant,
    storage,
)
from tests.unit.resources.stack import OWNER

CLUSTERS = [{"kind": "spectrocluster", "name": "c2", "uid": "2"}, {"uid": "c1"}]


def mark(thing: Any) -> str:
    return f"{OWNER}@{thing.outputs['__incarnation']}"


def test_create_sends_everything_asked_for(tenant: Tenant) -> None:
    made = tenant.stack().create(
        **storage(url="https://s3.example.com", use_restic=False, **ON_CLOUD.MORE),
        name="n", labels={"l": "1"}, annotations={"a": "2"}, is_default=True,
    )  # fmt: skip
    there = tenant.only()
    assert (made.id, there.project) == (there.uid, tenant.store.projects["Default"])
    assert there.body == {
        "metadata": {
            "name": "n",
            "labels": {"l": "1"},
            "annotations": {"a": "2", MARK: mark(made)},
        },
        "spec": {
            "config": {
                "bucketName": "the-bucket",
                "region": "eu-west-1",
                "s3ForcePathStyle": True,
                "useRestic": False,
                "s3Url": "https://s3.example.com",
                "credentials": {
                    "credentialType": "secret",
                    "accessKey": "AKIAEXAMPLE",
                    "secretKey": SECRET,
                    **ON_CLOUD.MORE,
                },
            },
            "isDefault": True,
            "type": "s3",
        },
    }


def test_it_is_tried_here_and_by_palette_before_it_is_registered(tenant: Tenant) -> None:
    tenant.bucket.refusals = [ApiError("no", status=403, code="KMS.Disabled")]
    with pytest.raises(ApiError):
        tenant.stack().create(**storage())
    assert tenant.validated == []
    tenant.bucket.refusals = []
    tenant.refusals = ["KMS.NotFoundException: no"]
    with pytest.raises(ApiError):
        tenant.stack().create(**storage())
    assert len(tenant.validated) == 1
    assert tenant.calls(POST) == 0


def test_each_try_can_be_turned_off(tenant: Tenant) -> None:
    tenant.stack().create(**storage(), name="a", probe=False)
    assert (len(tenant.bucket.tried), len(tenant.validated)) == (0, 1)
    tenant.stack().create(**storage(), name="b", palette_validate=False)
    assert (len(tenant.bucket.tried), len(tenant.validated)) == (1, 1)


@pytest.mark.parametrize(
    "fault", [{"fault": "status", "status": 500}, {"fault": "status"}, {"fault": "reset"}]
)
def test_a_lost_answer_is_looked_for_and_nothing_is_posted_twice(
    tenant: Tenant, fault: dict[str, Any]
) -> None:
    tenant.knobs(duplicate_name=None)
    tenant.plan(POST, when="after", **fault)
    made = tenant.stack().create(**storage())
    assert made.id == tenant.only().uid
    assert tenant.only().body["metadata"]["annotations"][MARK] == mark(made)
    assert (tenant.calls(POST), tenant.calls(PUT)) == (1, 0)


@pytest.mark.parametrize("others", [50, 100])
def test_a_lost_answer_is_looked_for_beyond_a_list_that_is_cut(tenant: Tenant, others: int) -> None:
    tenant.knobs(duplicate_name=None, list_length=others, location_limit=others + 1)
    for n in range(others):
        tenant.others(f"other-{n}")
    tenant.plan(POST, when="after")
    made = tenant.stack().create(**storage(), name="n")
    assert [at.uid for at in tenant.store.all() if at.name == "n"] == [made.id]


def test_a_list_that_cannot_be_filtered_is_taken_as_it_is(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.knobs(location_limit=51)
    for n in range(50):
        tenant.others(f"other-{n}")
    call = PaletteClient.call
    asked: list[int] = []

    def unfiltered(self: PaletteClient, method: str, path: str, *rest: Any, **how: Any) -> Any:
        if "?filters" in path:
            asked.append(status)
            raise ApiError("no such filter", status=status)
        return call(self, method, path, *rest, **how)

    monkeypatch.setattr(PaletteClient, "call", unfiltered)
    for status in (400, 422, 503):
        tenant.plan(POST)
        if status == 503:
            with pytest.raises(WaitTimedOut, match="no such filter"):
                tenant.stack().create(**storage(), name="m")
        else:
            made = tenant.stack().create(**storage(), name=f"n-{status}")
            tenant.store.delete(tenant.store.find(tenant.store.projects["Default"], made.id))
    assert set(asked) == {400, 422, 503}


def test_what_is_not_there_is_posted_again(tenant: Tenant, registering: FakeTime) -> None:
    tenant.plan(POST, times=3)
    made = tenant.stack().create(**storage())
    assert made.id == tenant.only().uid
    assert tenant.calls(LIST) == 4  # the first in check
    tenant.plan(POST, times=100)
    with pytest.raises(
        WaitTimedOut,
        match=r"nightly: waiting for Palette to register the location: gave up after 30 s",
    ):
        tenant.stack().create(**storage(), name="other")
    assert sum(registering.slept) < 36


def test_a_credential_that_may_be_gone_is_looked_for_by_a_refresh(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def probe(*_: Any) -> None:
        raise WaitTimedOut("nightly: waiting for somebody to accept the access key: gave up.")

    monkeypatch.setattr(KINDS[STORAGE["kind"]], "probe", probe)
    with pytest.raises(WaitTimedOut, match=r"gave up\. If an earlier .*`pulumi refresh` finds out"):
        tenant.stack().create(**storage(), probe=True)
    assert tenant.calls(POST) == 0


def test_a_plain_500_is_final(tenant: Tenant) -> None:
    tenant.plan(POST, status=500, times=9)
    with pytest.raises(ApiError, match="500"):
        tenant.stack().create(**storage())
    assert tenant.calls(POST) == 1


def test_nothing_is_posted_again_before_somebody_looked(tenant: Tenant) -> None:
    """The answer is lost, and the list fails as well: the location may be there."""
    tenant.knobs(duplicate_name=None)
    stack = tenant.stack()
    props = stack.check(**storage(), project="Default", probe=False, palette_validate=False)
    tenant.plan("*", status=503, when="after", times=8)
    made = stack.lifecycle.create(props)
    assert made.id == tenant.only().uid
    assert tenant.calls(POST) == 1


@pytest.mark.parametrize("status", [400, 409, 422])
@pytest.mark.parametrize(
    ("theirs", "whose"), [("o/p/s/x:1@2", "It belongs to o/p/s/x,"), (None, "It bears no mark")]
)
def test_a_name_that_others_took_is_left_to_them(
    tenant: Tenant, status: int, theirs: str | None, whose: str
) -> None:
    tenant.knobs(duplicate_name=status)
    uid = tenant.others("n", theirs)
    before = dict(tenant.only().body)
    with pytest.raises(NotOwned, match=rf"named n already \({uid}\)\. {whose}.*another name"):
        tenant.stack().create(**storage(), name="n")
    assert tenant.only().body == before


def test_a_location_of_another_kind_is_not_offered_for_adoption(tenant: Tenant) -> None:
    tenant.others("n")
    tenant.only().kind = OTHER_KIND
    with pytest.raises(NotOwned, match=r"another name\.$"):
        tenant.stack().create(**storage(), name="n")


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_refusal_that_has_another_reason_is_told(tenant: Tenant, status: int) -> None:
    tenant.others("another")
    refuse = Refusal(status, "InvalidRequest", "labels: no")
    create, tenant.store.create = tenant.store.create, lambda *_: _raise(refuse)  # type: ignore[method-assign]
    try:
        with pytest.raises(ApiError, match="labels: no"):
            tenant.stack().create(**storage())
    finally:
        tenant.store.create = create  # type: ignore[method-assign]
    assert tenant.calls(POST) == 1


def _raise(error: Exception) -> Any:
    raise error


def test_the_tenant_s_location_of_that_name_is_no_clash(tenant: Tenant) -> None:
    tenant.knobs(list_shows_tenant=True)
    theirs = tenant.others("n", project=None)
    tenant.plan(POST)
    made = tenant.stack().create(**storage(), name="n")
    tenant.plan(POST, when="after")
    other = tenant.stack().create(**storage(), name="n", project="team-a")
    assert len({theirs, made.id, other.id}) == 3 == len(tenant.store.all())


def test_what_an_interrupted_run_made_is_taken_over(tenant: Tenant) -> None:
    first = tenant.stack().create(**storage(), name="n")
    second = tenant.stack().create(**storage(bucket="other"), name="n")
    assert first.id == second.id
    there = tenant.only().body
    assert there["metadata"]["annotations"][MARK] == mark(second) != mark(first)
    assert there["spec"]["config"]["bucketName"] == "other"


def test_what_clusters_use_is_not_taken_over(tenant: Tenant) -> None:
    tenant.stack().create(**storage(), name="n")
    tenant.only().clusters = CLUSTERS
    with pytest.raises(Blocked, match=r"n is not reclaimed: .*\(c1, c2\)"):
        tenant.stack().create(**storage(bucket="other"), name="n")
    assert tenant.only().body["spec"]["config"]["bucketName"] == "the-bucket"


@pytest.mark.parametrize("status", [401, 404])
def test_a_refused_key_says_nothing_about_the_location(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    made = tenant.stack().create(**storage(), name="n")
    stack = tenant.stack()
    props = stack.check(**storage(), name="n", probe=False, palette_validate=False)
    tenant.knobs(bad_key=status)
    monkeypatch.setattr(tenant.sandbox.access, "api_key", "another-key-than-the-client-s")
    for attempt in (
        lambda: stack.lifecycle.create(props),
        lambda: stack.refresh(made),
        lambda: stack.delete(made),
    ):
        with pytest.raises(ApiKeyRejected):
            attempt()
    assert tenant.only().uid == made.id


def test_what_was_answered_in_the_wrong_shape_is_looked_for(tenant: Tenant) -> None:
    tenant.plan(POST, "garble")
    made = tenant.stack().create(**storage())
    assert made.id == tenant.only().uid
    assert tenant.calls(POST) == 1
