"""What others do to a location, as refresh and look-ups see it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.clients.rest import http
from palette_backup_provider.core.errors import ApiError, NotFound, ProviderError
from palette_backup_provider.resources.palette.location.calls import Locations
from palette_backup_provider.resources.palette.location.state import MARK
from palette_backup_provider.sandbox.palette.store import Location
from tests.unit.clients.loopback import FakeTime
from tests.unit.resources.palette.tenant import (
    GET,
    LIST,
    ON_CLOUD,
    PUT,
    SECRET,
    STATIC,
    STORAGE,
    STS,
    Tenant,
    flat,
    storage,
)

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
WANTED: dict[str, Any] = {"name": "n", "labels": {"l": "1"}, "annotations": {"a": "2"}}
Change = Callable[[Location], object]


def test_content_is_read_once_and_then_one_list_serves_all(tenant: Tenant) -> None:
    stack = tenant.stack()
    made = [stack.create(**storage(), name=name) for name in "abc"]
    first, listed = tenant.stack(), tenant.calls(LIST)
    read = [first.refresh(thing) for thing in made]
    assert (tenant.calls(LIST) - listed, tenant.calls(GET)) == (1, 3)
    assert [thing and thing.inputs for thing in read] == [thing.inputs for thing in made]
    for _ in range(2):
        later, listed = tenant.stack(), tenant.calls(LIST)
        assert [thing and later.refresh(thing) for thing in read] == read
        assert (tenant.calls(LIST) - listed, tenant.calls(GET)) == (1, 3)


def test_what_only_the_timestamp_tells_is_no_drift(tenant: Tenant) -> None:
    """A refresh records it, and what the program asks for is compared all the same."""
    made = tenant.stack().create(**storage(), **WANTED)
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.outputs["__as_of"] == tenant.only().modified != ""
    assert not tenant.stack().differs(refreshed, **storage(), **WANTED)


@pytest.mark.parametrize("write", ["post", "put", "patch"])
def test_after_a_write_the_timestamp_is_not_known(tenant: Tenant, write: str) -> None:
    stack = tenant.stack()
    made = stack.create(**storage(), name="n")
    if write != "post":
        made = stack.refresh(made) or made
        given = {"labels": {"l": "1"}} if write == "put" else {"is_default": True}
        made = stack.update(made, **storage(), name="n", **given)
    assert made.outputs["__as_of"] == ""
    read = tenant.calls(GET)
    tenant.only().body["spec"]["config"]["region"] = "us-east-1"  # in the very same moment
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"]["region"] == "us-east-1"
    assert tenant.calls(GET) == read + 1


@pytest.mark.parametrize("moved", ["2999-01-01T00:00:00.000Z", "1999-01-01T00:00:00.000Z"])
def test_any_other_timestamp_is_a_change(tenant: Tenant, moved: str) -> None:
    """A clock that was put back, too."""
    made = tenant.stack().create(**storage(), name="n")
    made = tenant.stack().refresh(made) or made
    tenant.changed(region="us-east-1").modified = moved
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"]["region"] == "us-east-1"


@pytest.mark.parametrize("strange", [None, "", 0, 1795435200, 17.5, True, [], {}, ["2026"]])
@pytest.mark.parametrize("before", [True, False])
def test_a_strange_timestamp_never_means_unchanged(
    tenant: Tenant, strange: Any, before: bool
) -> None:
    made = tenant.stack().create(**storage(), name="n")
    made = tenant.stack().refresh(made) or made
    tenant.only().modified = strange
    if before:  # it may have been as strange when the content was read
        made = tenant.stack().refresh(made) or made
        made.outputs["__as_of"] = strange
    tenant.changed(region="us-east-1").modified = strange
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"]["region"] == "us-east-1"
    assert refreshed.outputs["__as_of"] == ""


def test_the_date_of_an_answer_does_not_matter(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = http.Http.send

    def a_day_ahead(self: http.Http, *call: Any) -> http.Answer:
        answer = send(self, *call)
        tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
        return replace(answer, headers={**answer.headers, "Date": tomorrow})

    monkeypatch.setattr(http.Http, "send", a_day_ahead)
    made = tenant.stack().create(**storage(), name="n")
    tenant.only().body["spec"]["config"]["region"] = "us-east-1"
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"]["region"] == "us-east-1"


def test_state_of_before_is_read_once(tenant: Tenant) -> None:
    """It holds a time that was taken from the answer's `Date`, under another name."""
    made = tenant.stack().create(**storage(), name="n")
    del made.outputs["__as_of"]
    made.outputs["__modified"] = tenant.only().modified
    tenant.only().body["spec"]["config"]["region"] = "us-east-1"
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"]["region"] == "us-east-1"
    assert "__modified" not in refreshed.outputs
    assert tenant.stack().refresh(refreshed) == refreshed
    assert tenant.calls(GET) == 1


@pytest.mark.parametrize(
    ("stamp", "waits"),
    [("2026-11-23T12:00:07.000Z", True), ("2026-11-23T12:00:07Z", True),
     ("2026-11-23T12:00:07.010Z", False)],
)  # fmt: skip
def test_content_is_read_when_the_second_of_its_timestamp_is_over(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, stamp: str, waits: bool
) -> None:
    """Palette may write whole seconds: another change may bear the timestamp that is listed."""
    waited: list[float] = []

    def meanwhile(time: FakeTime, seconds: float) -> None:
        waited.append(seconds)
        time.now += seconds
        tenant.only().body["spec"]["config"]["region"] = "us-east-1"

    made = tenant.stack().create(**storage(), name="n")
    tenant.only().modified = stamp
    monkeypatch.setattr(FakeTime, "sleep", meanwhile)
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.outputs["__as_of"] == stamp
    assert waited == ([1.0] if waits else [])
    region = "us-east-1" if waits else "eu-west-1"
    assert refreshed.inputs["storage"]["region"] == region
    assert tenant.stack().refresh(refreshed) == refreshed
    assert len(waited) == waits  # nothing is waited for where nothing is read


@pytest.mark.parametrize("shown", [True, False])
def test_content_and_list_of_two_moments(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    """Somebody changes it between the list and the read, and changes it back."""
    tenant.knobs(get_shows_time=shown)
    made = tenant.stack().create(**storage(), name="n")
    get = Locations.get

    def after_a_change(self: Locations, *call: Any) -> Any:
        tenant.changed(region="us-east-1")
        return get(self, *call)

    with monkeypatch.context() as patch:
        patch.setattr(Locations, "get", after_a_change)
        refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"]["region"] == "us-east-1"
    tenant.only().body["spec"]["config"]["region"] = "eu-west-1"
    refreshed = tenant.stack().refresh(refreshed)
    assert refreshed and refreshed.inputs["storage"]["region"] == "eu-west-1"


def test_a_change_that_changed_nothing_is_no_drift(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage(), **WANTED)
    tenant.changed()
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs == made.inputs
    assert tenant.calls(GET) == 1
    assert tenant.stack().refresh(refreshed) == refreshed
    assert tenant.calls(GET) == 1  # it is on record now


def test_an_annotation_that_palette_added_is_no_drift(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage(), **WANTED)
    tenant.only().body["metadata"]["annotations"]["scope"] = "project"
    tenant.changed()
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs == made.inputs


def _in_config(**values: Any) -> Change:
    return lambda there: there.body["spec"]["config"].update(values)


def _in_credentials(**values: Any) -> Change:
    return lambda there: there.body["spec"]["config"]["credentials"].update(values)


def _in_metadata(**values: Any) -> Change:
    return lambda there: there.body["metadata"].update(values)


CHANGES: dict[str, Change] = {
    "name": _in_metadata(name="renamed"),
    "labels": _in_metadata(labels={"l": "changed"}),
    "labels, all": _in_metadata(labels=None),
    "annotations": lambda there: there.body["metadata"]["annotations"].update(a="changed"),
    "is_default": lambda there: there.body["spec"].update(isDefault=True),
    "storage.bucket": _in_config(bucketName="another"),
    "storage.region": _in_config(region="us-east-1"),
    "storage.url": _in_config(s3Url="https://s3.example.com"),
    "storage.force_path_style": _in_config(s3ForcePathStyle=True),
    "storage.ca_cert": _in_config(caCert=PEM),
    "storage.use_restic": _in_config(useRestic=False),
    "storage.credentials.access_key": _in_credentials(accessKey="AKIAANOTHER"),
    **{what: _in_credentials(**changed) for what, changed in ON_CLOUD.CHANGES.items()},
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_others_change_is_told_and_put_back(tenant: Tenant, what: str) -> None:
    made = tenant.stack().create(**storage(), **WANTED)
    before = tenant.client().call("GET", GET.split()[1].format(uid=made.id), project=_uid(tenant))
    CHANGES[what](tenant.changed())
    stack = tenant.stack()
    refreshed = stack.refresh(made)
    assert refreshed
    was, now = flat(made.inputs), flat(refreshed.inputs)
    differ = {path for path in was.keys() | now.keys() if was.get(path) != now.get(path)}
    assert differ and all(path.startswith(what.partition(",")[0]) for path in differ)
    restored = stack.update(refreshed, **storage(), **WANTED)
    assert flat(restored.inputs).items() >= was.items()
    after = tenant.client().call("GET", GET.split()[1].format(uid=made.id), project=_uid(tenant))
    assert after == before
    assert _stored(tenant)["secretKey"] == SECRET


def _uid(tenant: Tenant) -> str:
    return tenant.store.projects["Default"]


def _stored(tenant: Tenant) -> dict[str, Any]:
    stored: dict[str, Any] = tenant.only().body["spec"]["config"]["credentials"]
    return stored


def test_a_default_that_another_location_took_is_told(tenant: Tenant) -> None:
    """It changes no timestamp of the one that lost it."""
    made = tenant.stack().create(**storage(), name="n", is_default=True)
    other = tenant.others("other")
    tenant.store.make_default(tenant.store.find(_uid(tenant), other))
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.outputs["is_default"] is False
    assert "is_default" not in refreshed.inputs


@pytest.mark.parametrize("mask", ["stars", "last4", "empty", "absent"])
def test_a_masked_secret_is_neither_kept_nor_sent_back(tenant: Tenant, mask: str) -> None:
    tenant.knobs(mask=mask)
    made = tenant.stack().create(**storage(), name="n")
    tenant.changed(useRestic=False)
    stack = tenant.stack()
    refreshed = stack.refresh(made)
    assert refreshed
    assert refreshed.outputs["storage"]["credentials"] == STATIC
    stack.update(refreshed, **storage(), name="n")
    assert tenant.calls(PUT) == 1
    assert _stored(tenant)["secretKey"] == SECRET


def test_whatever_else_is_masked_stays_as_it_was(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage(credentials=STS), name="n")
    tenant.changed()
    _stored(tenant).update(sts={"arn": "arn:****", "externalId": "****"})
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs == made.inputs
    made.outputs["storage"]["ca_cert"] = PEM
    tenant.changed(caCert="-----BEGIN ****")
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.outputs["storage"]["ca_cert"] == PEM


def test_a_certificate_that_palette_trims_is_no_drift(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage(), name="n")
    made.outputs["storage"]["ca_cert"] = PEM
    tenant.changed(caCert=PEM.strip())
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.outputs["storage"]["ca_cert"] == PEM
    tenant.changed(caCert="")
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.outputs["storage"]["ca_cert"] is None


def test_the_default_of_a_path_style_or_partition_stays_a_default(tenant: Tenant) -> None:
    given = storage(region="us-gov-west-1", url="https://s3.example.com")
    made = tenant.stack().create(**given, name="n")
    tenant.changed()
    refreshed = tenant.stack().refresh(made)
    assert refreshed
    assert "partition" not in refreshed.inputs["storage"]
    assert "force_path_style" not in refreshed.inputs["storage"]


def test_gone_is_what_neither_the_list_nor_a_get_has(tenant: Tenant) -> None:
    made = tenant.stack().create(**storage())
    tenant.store.delete(tenant.only())
    assert tenant.stack().refresh(made) is None
    assert tenant.calls(GET) == 1


def test_what_the_list_lacks_may_be_there(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tenant.stack().create(**storage())
    monkeypatch.setattr(tenant.store, "visible", lambda project: [])
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs == made.inputs


def test_what_is_listed_is_not_gone(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tenant.stack().create(**storage())
    listed = tenant.changed()
    monkeypatch.setattr(tenant.store, "visible", lambda project: [listed])
    tenant.store.delete(listed)
    with pytest.raises(ApiError, match="It is in the list all the same") as refused:
        tenant.stack().refresh(made)
    assert not isinstance(refused.value, NotFound)


@pytest.mark.parametrize("kind", [{"storage": None}, {"storage": None, "type": None}])
def test_the_kind_may_be_told_in_two_places_or_none(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, kind: dict[str, Any]
) -> None:
    made = tenant.stack().create(**storage(), name="n")
    tenant.changed(useRestic=False)
    _list_says(monkeypatch, kind)
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs["storage"] == {
        **made.inputs["storage"],
        "use_restic": False,
    }


def test_a_kind_that_is_not_known_is_an_error(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tenant.stack().create(**storage())
    tenant.changed()
    _list_says(monkeypatch, {"storage": "tape"})
    with pytest.raises(ProviderError, match=r"a kind of storage that is not known: 'tape'"):
        tenant.stack().refresh(made)


def _list_says(monkeypatch: pytest.MonkeyPatch, spec: dict[str, Any]) -> None:
    real = PaletteClient.locations

    def listed(self: PaletteClient, project: str, *, fresh: bool = False) -> Any:
        found = real(self, project, fresh=fresh)
        return {uid: {**item, "spec": {**item["spec"], **spec}} for uid, item in found.items()}

    monkeypatch.setattr(PaletteClient, "locations", listed)


@pytest.mark.parametrize(
    ("made_in", "asked"),
    [({}, {}), ({"project": "team-a"}, {"project": "team-a"}), ({"scope": "tenant"},) * 2],
)
def test_a_look_up_by_uid_tells_everything_but_secrets(
    tenant: Tenant, made_in: dict[str, Any], asked: dict[str, Any]
) -> None:
    made = tenant.stack().create(**storage(), **WANTED, **made_in)
    state = tenant.stack().lifecycle.read(made.id, {"__owner": "o/p/s/x:1", **asked})
    assert state is not None
    found = state.model_dump()
    assert {k: found[k] for k in WANTED} == WANTED
    assert found["project_uid"] == made.outputs["project_uid"]
    assert MARK not in found["annotations"]
    assert found["storage"]["bucket"] == STORAGE["bucket"]
    assert found["storage"]["credentials"] == {**STATIC, "secret_key": ""}
    assert tenant.stack().lifecycle.read("0" * 24, {"__owner": "o/p/s/x:1", **asked}) is None
