"""Errors that can be asked for are read by MinIO's own clients as those of MinIO."""

import json

import pytest
from botocore.exceptions import ClientError
from minio.error import MinioAdminException

from palette_backup_provider.sandbox.minio.known_errors import ERRORS
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.minio.inspector import MinioInspector
from tests.unit.sandbox.minio import test_service

sandbox, minio = test_service.sandbox, test_service.minio


@pytest.mark.parametrize("code", ERRORS)
def test_each_is_told_by_both_apis(minio: MinioInspector, sandbox: Sandbox, code: str) -> None:
    known = ERRORS[code]
    sandbox.conditions.faults.plan([Fault(fault="error", error=code, times=99)])
    with pytest.raises(ClientError) as caught:
        minio.s3().list_buckets()
    told = caught.value.response
    assert told["Error"] == {"Code": code, "Message": known.message}
    assert told["ResponseMetadata"]["HTTPStatusCode"] == known.status
    if known.status == 503:  # which the client of the admin API repeats for long
        return
    with pytest.raises(MinioAdminException) as refused:
        minio.admin("user_list")
    assert str(refused.value._code) == str(known.status)
    assert json.loads(refused.value._body) == {"Code": code, "Message": known.message}
