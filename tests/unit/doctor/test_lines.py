"""What green lines tell, and why others are skipped."""

import sys
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.doctor import located
from palette_backup_provider.doctor.check import Verdict
from palette_backup_provider.doctor.checks import of
from palette_backup_provider.doctor.palette import may_create
from tests.credentials import CREDENTIALS, RETIRED
from tests.unit.doctor.cloud_faults import OF_CLOUDS
from tests.unit.doctor.lines import line
from tests.unit.doctor.location_faults import day, no_bucket
from tests.unit.doctor.ward import PLACES, Ward

each_place = pytest.mark.parametrize("cloud", PLACES)
OTHERS = "other/shop/dev/weekly:0a1b2c@abc.def"


def of_others(ward: Ward) -> None:
    """Have Palette hold a location of another stack alone."""
    ward.location(in_state=False, mark=OTHERS)


@each_place
def test_a_location_of_others_is_told_without_its_secret(ward: Ward, cloud: str) -> None:
    ward.on(cloud)
    of_others(ward)
    assert line(ward, "location.registered").endswith(", and not of this stack")
    assert line(ward, "location.credential").startswith("skipped: its secret is in no state")
    assert line(ward, "location.bucket") == f"good: {ward.place.told} is fit for Velero"
    assert line(ward, "location.clusters") == "good: no cluster uses it"


def test_locations_of_the_tenant(ward: Ward) -> None:
    uid = ward.location(in_state=False, mark=OTHERS)
    ward.sandbox.store.find(ward.project, uid).project = None
    ward.changes["tenant"] = True
    assert line(ward, "location.bucket").endswith("is fit for Velero")


def test_named_locations_are_told_alone(ward: Ward) -> None:
    uid = ward.location()
    ward.location(in_state=False, mark=OTHERS, name="weekly")
    for word, name in (("nightly", "nightly"), (uid, "nightly"), ("weekly", "weekly")):
        ward.changes["locations"] = (word,)
        told = ward.outcomes("location.clusters")
        assert [one.thing for one in told if one.check.area == "location"] == [name]


def test_locations_that_are_left_out_are_counted(ward: Ward) -> None:
    ward.patch.setattr(located, "AT_MOST", 1)
    for name in ("nightly", "weekly", "yearly"):
        ward.location(in_state=False, mark=OTHERS, name=name)
    told = [one for one in ward.outcomes("location.clusters") if one.check.area == "location"]
    assert [(one.thing, one.finding.text) for one in told] == [
        ("nightly", "no cluster uses it"),
        ("", "2 more locations are not asked about, unless --location names them"),
    ]
    ward.changes["locations"] = ("nightly", "weekly")
    assert [one.thing for one in ward.outcomes("location.clusters")][-2:] == ["nightly", "weekly"]


def test_clusters_are_named(ward: Ward) -> None:
    uid = ward.location()
    found = ward.sandbox.store.find(ward.project, uid)
    found.clusters = [{"name": "prod", "uid": "1"}, {"name": "edge", "uid": "2"}]
    assert line(ward, "location.clusters") == "good: used by edge, prod"


def test_what_nothing_may_try_is_not_tried(ward: Ward) -> None:
    ward.location()
    ward.resources[0].props["probe"] = False
    assert "probe=False and palette_validate=False" in line(ward, "location.credential")


@pytest.mark.parametrize("token", CREDENTIALS)
@pytest.mark.parametrize(
    ("ago", "after", "says"),
    [(None, None, "of unknown age, no rotate_after"), (3, 90, "3 days old, rotate_after=")],
)
def test_credentials_that_are_well(
    ward: Ward, token: str, ago: int | None, after: int | None, says: str
) -> None:
    made_on = {"made_on": day(ago=ago)} if ago else {}  # not earlier: midnight may lie between
    ward.record(token, "id", rotate_after=after, **made_on)
    assert says in line(ward, "location.rotation")


@pytest.mark.parametrize("token", RETIRED)
def test_the_credential_before_is_told_until_it_ends(ward: Ward, token: str) -> None:
    ward.record(token, "id", credential_id="old", until="2999-01-01T00:00Z")
    told = "the one before works until 2999-01-01T00:00Z"
    assert told in line(ward, "location.rotation")
    ward.resources.clear()
    ward.record(token, "no-old-credential")
    assert not [one for one in ward.outcomes("location.rotation") if one.check.area == "location"]


@each_place
def test_a_bucket_is_looked_at_with_the_operator_s_credentials(ward: Ward, cloud: str) -> None:
    ward.on(cloud)
    ward.location()
    ward.changes["clouds"] = ("another",)
    assert line(ward, "location.bucket").startswith(f"skipped: {cloud} is none of the clouds")
    ward.changes["clouds"] = (cloud,)
    for name in OF_CLOUDS[cloud].SIGNED_IN_BY:
        ward.patch.delenv(name)
    told = {one.check.id: one for one in ward.examine(*of((cloud,)))}
    assert told["location.bucket"].finding.text == f"{cloud}.sign-in is red"


@each_place
def test_a_bucket_that_is_gone_is_told_before_the_credential_that_fails_on_it(
    ward: Ward, cloud: str
) -> None:
    no_bucket(ward, cloud)
    told = [one for one in ward.examine(*of((cloud,))) if one.check.area == "location"]
    bad = [one for one in told if one.is_bad]
    assert [one.check.key for one in bad] == ["bucket", "credential"]
    assert bad[0].finding.text == f"{ward.place.told} is gone"
    assert bad[1].fix.startswith("mend location.bucket first")


@each_place
def test_a_store_that_only_speaks_s3(ward: Ward, cloud: str) -> None:
    ward.on(cloud)
    ward.location()
    ward.resources[0].props["storage"]["url"] = "https://another.example.com"
    assert line(ward, "location.bucket") == "skipped: it is on another store than the settings"


def test_palette_without_tls_and_time(ward: Ward) -> None:
    ward.patch.setenv("PALETTE_HOST", "http://127.0.0.1:9")
    ward.patch.setattr("palette_backup_provider.doctor.palette.clock", lambda _: None)
    assert line(ward, "palette.certificate") == "skipped: plain http"
    assert line(ward, "machine.clock") == "skipped: Palette does not tell the time"


def test_without_a_project_there_is_nothing_to_list(ward: Ward) -> None:
    ward.location()
    ward.patch.delenv("PALETTE_PROJECT")
    for id in ("palette.list", "palette.create"):
        assert line(ward, id) == "skipped: no project is set"
    assert line(ward, "location.registered").startswith("good: in Palette as ")


def test_the_proxy_is_named_without_its_password(ward: Ward) -> None:
    ward.patch.setenv("PALETTE_HOST", "https://palette.example.com")
    ward.patch.setenv("HTTPS_PROXY", "http://me:my-password@proxy.example.com:3128")
    told = "good: proxy.example.com:3128 on the way to Palette, from $HTTPS_PROXY"
    assert line(ward, "machine.proxy") == told


def test_the_program_s_own_python(ward: Ward) -> None:
    ward.stack["virtualenv"] = Path(sys.prefix)
    assert line(ward, "machine.python").startswith("good: ")


def test_palette_that_takes_an_empty_location_is_left_as_it_was(ward: Ward) -> None:
    calls: list[str] = []

    def call(_: Any, method: str, path: str, *__: Any, **___: Any) -> Any:
        calls.append(f"{method} {path}")
        return {"uid": "u1"}

    case = ward.case()
    assert case.scope  # asked before there is nobody to ask
    ward.patch.setattr(PaletteClient, "call", call)
    assert may_create(case).verdict is Verdict.GOOD
    assert calls == [f"POST {LOCATIONS}/s3", f"DELETE {LOCATIONS}/s3/u1"]
