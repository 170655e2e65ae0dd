import json
from pathlib import Path

import pytest
from google.auth.compute_engine import _metadata

from palette_backup_provider.clients.gcp.client import GcpClient
from palette_backup_provider.clients.gcp.identity import Identity
from palette_backup_provider.clients.gcp.rest import STORAGE
from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.core.errors import ApiError, BadSetting, MissingSetting, NotFound
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.gcp.routes import TOKEN
from palette_backup_provider.sandbox.gcp.service import OTHER_PROJECT, PROJECT
from palette_backup_provider.sandbox.proxy.faults import Fault
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp_server import Cloud

one, cloud = gcp_server.one, gcp_server.cloud


def client(cloud: Cloud, **changed: str) -> GcpClient:
    config = {**cloud.config, **{f"gcp:{name}": value for name, value in changed.items()}}
    return GcpClient.connect(Settings(config.get, {}))


def test_credentials_are_json_or_a_path(cloud: Cloud, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(cloud.key)
    assert client(cloud).project() == PROJECT
    assert client(cloud, credentials=str(file)).project() == PROJECT
    assert cleared(json.loads(cloud.key)["private_key"]) == "[secret]"


def test_application_default_credentials_name_their_project(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key.json"
    file.write_text(cloud.key)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    ends = {k: v for k, v in cloud.config.items() if k.endswith("Endpoint")}
    assert GcpClient.connect(Settings(ends.get, {})).project() == PROJECT


def test_without_credentials_the_ways_to_sign_in_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setattr(_metadata, "_NO_GCE_CHECK", True)
    with pytest.raises(ApiError, match="gcloud auth application-default login"):
        GcpClient.connect(Settings(lambda _: None, {})).project()


@pytest.mark.parametrize("given", ["{", "[]", "/no/such/file", '{"type": "nonsense"}'])
def test_credentials_that_are_none_are_told(cloud: Cloud, given: str) -> None:
    with pytest.raises((ApiError, BadSetting), match="gcp:credentials"):
        client(cloud, credentials=given).project()


def test_a_project_is_needed(cloud: Cloud) -> None:
    key = json.dumps({k: v for k, v in json.loads(cloud.key).items() if k != "project_id"})
    config = {**cloud.config, "gcp:credentials": key}
    del config["gcp:project"]
    with pytest.raises(MissingSetting, match="gcp:project is not set"):
        GcpClient.connect(Settings(config.get, {})).project()


def test_who_may_not_list_buckets_may_go_on(cloud: Cloud) -> None:
    cloud.gcp.iam.projects[PROJECT].bindings.clear()
    assert client(cloud).project() == PROJECT


def test_an_api_that_is_not_enabled_is_told(cloud: Cloud) -> None:
    cloud.gcp.disabled = {"storage.googleapis.com"}
    with pytest.raises(ApiError, match="Enable it by visiting https://console") as told:
        client(cloud).project()
    assert told.value.code == "accessNotConfigured"


def test_an_identity_acts_as_another_account(cloud: Cloud) -> None:
    deployer = f"deployer@{OTHER_PROJECT}.iam.gserviceaccount.com"
    body = {"name": "far-away"}
    here = client(cloud)
    with pytest.raises(ApiError, match=r"does not have storage\.buckets\.create access"):
        here.call(STORAGE, "POST", "/storage/v1/b", body, project=OTHER_PROJECT)
    there = here.under(Identity(impersonate=deployer, project=OTHER_PROJECT))
    assert there.project() == OTHER_PROJECT
    there.call(STORAGE, "POST", "/storage/v1/b", body, project=OTHER_PROJECT)
    stranger = here.under(Identity(impersonate=f"operator@{PROJECT}.iam.gserviceaccount.com"))
    with pytest.raises(ApiError, match="Google refused to sign in"):
        stranger.project()


def test_errors_tell_call_status_and_reason(cloud: Cloud) -> None:
    with pytest.raises(NotFound, match="bucket does not exist") as told:
        client(cloud).call(STORAGE, "GET", "/storage/v1/b/none")
    assert (told.value.status, told.value.code) == (404, "notFound")


@pytest.mark.parametrize("status", [500, 503])
def test_a_gateway_s_page_means_nothing(cloud: Cloud, status: int) -> None:
    call = "storage.buckets.insert"
    cloud.conditions.faults.plan([Fault(service="gcp", call=call, fault="status", status=status)])
    with pytest.raises(ApiError, match="Google answered POST") as told:
        client(cloud).call(STORAGE, "POST", "/storage/v1/b", {"name": "b-1"}, project=PROJECT)
    assert told.value.unclear


def test_a_read_is_tried_again(cloud: Cloud) -> None:
    call = "storage.buckets.list"
    cloud.conditions.faults.plan([Fault(service="gcp", call=call, fault="status", status=503)])
    assert client(cloud).project() == PROJECT


def test_a_sign_in_is_waited_for_no_longer_than_any_call(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "READ_TIMEOUT", 0.1)
    cloud.conditions.faults.plan([Fault(service="gcp", call=TOKEN, fault="silence")])
    with pytest.raises(ApiError, match="Google refused to sign in") as told:
        client(cloud).project()
    assert (told.value.status, cloud.conditions.faults.held) == (0, 1)
    cloud.conditions.faults.plan([])


def test_a_page_at_the_sign_in_is_no_refusal(cloud: Cloud) -> None:
    cloud.conditions.faults.plan([Fault(service="gcp", call=TOKEN, fault="status", times=9)])
    with pytest.raises(ApiError, match="Google answered the sign-in with a page: <html>") as told:
        client(cloud).project()
    assert "gcloud auth" not in str(told.value) and "Run it again; if it" in str(told.value)


def test_a_clock_that_is_wrong_is_named(cloud: Cloud) -> None:
    cloud.now += 7200
    with pytest.raises(ApiError, match="Set the clock of this machine"):
        client(cloud).project()
    cloud.now -= 7200


def test_plain_http_is_for_loopback_alone(cloud: Cloud) -> None:
    with pytest.raises(BadSetting, match="gcp:storageCustomEndpoint"):
        client(cloud, storageCustomEndpoint="http://storage.example.com").project()
