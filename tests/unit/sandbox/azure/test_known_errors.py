"""Errors that can be asked for are read by Microsoft's own clients as those of Azure."""

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.storage.blob import BlobServiceClient

from palette_backup_provider.sandbox.azure.known_errors import (
    ARM,
    BLOB_ERRORS,
    ERRORS,
    GRAPH,
    SIGN_IN,
)
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.run import Sandbox
from tests.azure_sdk import Sdk
from tests.unit.sandbox.azure import test_blob, test_service

sandbox, operator, account = test_service.sandbox, test_service.operator, test_service.account
service = test_blob.service


def plan(sandbox: Sandbox, code: str) -> None:
    sandbox.conditions.faults.plan([Fault(fault="error", error=code, times=9)])


def of(part: str) -> list[str]:
    return [code for code, known in ERRORS.items() if known.of == part]


def test_each_is_of_one_part() -> None:
    assert {*of(SIGN_IN), *of(GRAPH), *of(ARM)} == {*ERRORS}


@pytest.mark.parametrize("code", of(SIGN_IN))
def test_of_the_sign_in(operator: Sdk, sandbox: Sandbox, code: str) -> None:
    plan(sandbox, code)
    with pytest.raises(ClientAuthenticationError, match=f"{code}: {ERRORS[code].message[:20]}"):
        [*operator.groups.list()]


@pytest.mark.parametrize("code", of(ARM))
def test_of_the_resource_manager(operator: Sdk, sandbox: Sandbox, code: str) -> None:
    plan(sandbox, code)
    with pytest.raises(HttpResponseError) as caught:
        [*operator.groups.list()]
    error, known = caught.value.error, ERRORS[code]
    assert error and (error.code, error.message) == (code, known.message)
    assert caught.value.status_code == known.status


@pytest.mark.parametrize("code", of(GRAPH))
def test_of_graph(operator: Sdk, sandbox: Sandbox, code: str) -> None:
    """Microsoft's client of Graph is not used here; it reads just these fields."""
    plan(sandbox, code)
    url = f"{operator.graph_url}/v1.0/applications"
    answer = requests.get(url, verify=operator.ca, timeout=10)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (ERRORS[code].status, code)
    assert error["message"] == ERRORS[code].message and error["innerError"]["request-id"]


@pytest.mark.parametrize("code", BLOB_ERRORS)
def test_of_storage(service: BlobServiceClient, sandbox: Sandbox, code: str) -> None:
    plan(sandbox, code)
    with pytest.raises(HttpResponseError) as caught:
        [*service.get_container_client("backups").list_blobs()]
    known = BLOB_ERRORS[code]
    assert caught.value.status_code == known.status
    assert getattr(caught.value, "error_code", None) == code
    assert known.message in str(caught.value.message)
