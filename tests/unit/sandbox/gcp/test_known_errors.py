"""Errors that can be asked for are read by Google's own clients as those of Google."""

from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError

from palette_backup_provider.sandbox.gcp.known_errors import ERRORS, NOT_ENABLED, SIGN_IN
from palette_backup_provider.sandbox.gcp.service import PROJECT
from palette_backup_provider.sandbox.proxy.faults import Fault
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp_server import Cloud

one, cloud = gcp_server.one, gcp_server.cloud
ACCOUNT = f"projects/{PROJECT}/serviceAccounts/operator@{PROJECT}.iam.gserviceaccount.com"


def calls(cloud: Cloud) -> dict[str, Any]:
    accounts = cloud.api("iam").projects().serviceAccounts()
    return {
        "iam.projects.serviceAccounts.list": accounts.list(name=f"projects/{PROJECT}"),
        "iam.projects.serviceAccounts.keys.create": accounts.keys().create(name=ACCOUNT, body={}),
        "cloudresourcemanager.projects.get": (
            cloud.api("cloudresourcemanager").projects().get(projectId=PROJECT)
        ),
    }


@pytest.mark.parametrize("code", [code for code in ERRORS if code != SIGN_IN])
def test_each_is_told_by_the_calls_that_end_in_it(cloud: Cloud, code: str) -> None:
    known = ERRORS[code]
    for name, call in calls(cloud).items():
        cloud.conditions.faults.plan([Fault(fault="error", error=code, times=9)])
        if not name.startswith(known.of):
            assert call.execute()
            continue
        with pytest.raises(HttpError) as caught:
            call.execute()
        assert caught.value.status_code == known.status
        assert known.message in caught.value.reason
        assert code in caught.value.content.decode()


@pytest.mark.parametrize("code", [code for code in ERRORS if ERRORS[code].of in ("", "storage.")])
def test_cloud_storage_has_a_shape_of_its_own(cloud: Cloud, code: str) -> None:
    cloud.conditions.faults.plan([Fault(fault="error", error=code, times=9)])
    with pytest.raises(GoogleAPICallError) as caught:
        [*cloud.storage().list_buckets(retry=None)]
    (told,) = caught.value.errors
    assert caught.value.code == ERRORS[code].status
    assert told["reason"] == {NOT_ENABLED: "accessNotConfigured"}.get(code, told["reason"])
    assert (told["domain"] == "usageLimits") is (code == NOT_ENABLED)


def test_the_sign_in_has_one_of_its_own(cloud: Cloud) -> None:
    cloud.conditions.faults.plan([Fault(fault="error", error=SIGN_IN)])
    with pytest.raises(RefreshError, match=f"{SIGN_IN}: Invalid JWT Signature"):
        next(iter(calls(cloud).values())).execute()
