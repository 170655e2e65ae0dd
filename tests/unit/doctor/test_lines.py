"""What green lines tell, and why others are skipped."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.clients.minio.client import MinioClient
from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.doctor import located
from palette_backup_provider.doctor.check import Verdict
from palette_backup_provider.doctor.checks import of
from palette_backup_provider.doctor.clouds import azure
from palette_backup_provider.doctor.palette import may_create
from tests.unit.doctor.location_faults import day, no_bucket
from tests.unit.doctor.ward import Ward

OTHERS = "other/shop/dev/weekly:0a1b2c@abc.def"
AZURE = {
    "kind": "azure",
    "container": "backups",
    "storage_account": "account",
    "resource_group": "group",
    "credentials": {
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": "the-secret-of-azure",
        "subscription_id": "s",
    },
}


def line(ward: Ward, id: str) -> str:
    """The verdict and the text of a check that is not bad."""
    (found,) = (one for one in ward.outcomes(id) if one.check.id == id)
    assert not found.is_bad, found.finding
    return f"{found.verdict.value}: {found.finding.text}"


def stored(ward: Ward, **storage: Any) -> None:
    """Have the state's location be on that storage."""
    ward.location()
    ward.resources[0].props["storage"].clear()
    ward.resources[0].props["storage"].update(storage)


def of_others(ward: Ward) -> None:
    """Have Palette hold a location of another stack alone."""
    ward.location(in_state=False, mark=OTHERS)


def test_a_location_of_others_is_told_without_its_secret(ward: Ward) -> None:
    of_others(ward)
    assert line(ward, "location.registered").endswith(", and not of this stack")
    assert line(ward, "location.credential").startswith("skipped: its secret is in no state")
    assert line(ward, "location.bucket") == "good: backups, us-east-1 is fit for Velero"
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


@pytest.mark.parametrize(
    ("token", "props", "says"),
    [
        ("aws:AccessKey", {}, "of unknown age, no rotate_after"),
        ("aws:AccessKey", {"made_on": day(ago=3), "rotate_after": 90}, "3 days old, rotate_after="),
        (
            "aws:RetiringKey",
            {"credential_id": "AKIA", "until": "2999-01-01T00:00Z"},
            "the one before works until 2999-01-01T00:00Z",
        ),
        (
            "azure:ClientSecret",
            {"made_on": day(ago=3), "expires": (datetime.now(UTC) + timedelta(9)).isoformat()},
            "3 days old, rotate_after=5",
        ),
    ],
)
def test_credentials_that_are_well(
    ward: Ward, token: str, props: dict[str, Any], says: str
) -> None:
    ward.record(token, "id", **{"rotate_after": 5 if "expires" in props else None, **props})
    assert says in line(ward, "location.rotation")


def test_an_ended_credential_is_none(ward: Ward) -> None:
    ward.record("aws:RetiringKey", "no-old-credential")
    assert not [one for one in ward.outcomes("location.rotation") if one.check.area == "location"]


def test_a_bucket_is_looked_at_with_the_operator_s_credentials(ward: Ward) -> None:
    ward.location()
    ward.changes["clouds"] = ("gcp",)
    assert line(ward, "location.bucket").startswith("skipped: aws is none of the clouds")
    ward.changes["clouds"] = ("aws",)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        ward.patch.delenv(name)
    told = {one.check.id: one for one in ward.examine(*of(("aws",)))}
    assert told["location.bucket"].finding.text == "aws.sign-in is red"


def test_a_bucket_that_is_gone_is_told_before_the_credential_that_fails_on_it(ward: Ward) -> None:
    no_bucket(ward)
    told = [one for one in ward.examine(*of(("aws",))) if one.check.area == "location"]
    bad = [one for one in told if one.is_bad]
    assert [one.check.key for one in bad] == ["bucket", "credential"]
    assert bad[1].fix.startswith("mend location.bucket first")


def test_a_bucket_on_google_cloud(ward: Ward) -> None:
    client = Run(Settings(lambda _: None, os.environ)).client(GcpClient)
    body = {"name": "gcs-backups", "location": "EU"}
    client.call(STORAGE, "POST", "/storage/v1/b", body, project=client.project())
    stored(ward, kind="gcp", bucket="gcs-backups", json_credentials="{}")
    assert line(ward, "location.bucket") == "good: gcs-backups is fit for Velero"


def test_a_bucket_on_minio(ward: Ward) -> None:
    client = Run(Settings(lambda _: None, os.environ)).client(MinioClient)
    client.s3("make_bucket", "minio-backups")
    keys = {"kind": "secret", "access_key": "a", "secret_key": "the-secret-of-minio"}
    place = {"kind": "minio", "bucket": "minio-backups", "credentials": keys}
    stored(ward, url=client.identity.url, **place)
    assert line(ward, "location.bucket").endswith("is fit for Velero")
    ward.resources.clear()
    ward.sandbox.store.reset()
    stored(ward, url="https://another.example.com", **place)
    assert line(ward, "location.bucket") == "skipped: it is on another store than the settings"


def test_a_store_that_only_speaks_s3(ward: Ward) -> None:
    ward.location()
    ward.resources[0].props["storage"]["url"] = "https://another.example.com"
    assert line(ward, "location.bucket") == "skipped: it is on another store than the settings"


def test_a_container_in_azure(ward: Ward) -> None:
    asked: list[str] = []

    def unfit(_: Any, path: str) -> list[str]:
        asked.append(path)
        return []

    ward.patch.setattr(azure, "unfit_for_velero", unfit)
    stored(ward, **AZURE)
    assert line(ward, "location.bucket").endswith("is fit for Velero")
    assert asked == [
        "/subscriptions/s/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/account"
        "/blobServices/default/containers/backups"
    ]


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
