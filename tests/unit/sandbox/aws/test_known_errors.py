"""Errors that can be asked for are read by AWS's own client as those of AWS."""

import pytest
from botocore.exceptions import ClientError

from palette_backup_provider.sandbox.aws.known_errors import ERRORS
from tests.unit.sandbox.aws.visitor import AwsVisitor

CALLS: dict[str, tuple[str, dict[str, str]]] = {
    "s3": ("list_buckets", {}),
    "iam": ("list_users", {}),
    "sts": ("get_caller_identity", {}),
    "ec2": ("describe_regions", {}),
}


@pytest.mark.parametrize("code", ERRORS)
def test_each_is_told_by_the_services_that_have_it(visitor: AwsVisitor, code: str) -> None:
    known = ERRORS[code]
    for service, (call, given) in CALLS.items():
        visitor.plan({"service": "aws", "fault": "error", "error": code, "times": 9})
        ask = getattr(visitor.aws(service), call)
        if known.of and service not in known.of.split():
            assert ask(**given)
            continue
        with pytest.raises(ClientError) as caught:
            ask(**given)
        told = caught.value.response
        assert told["Error"] | {"Type": ""} == {"Code": code, "Message": known.message, "Type": ""}
        assert told["ResponseMetadata"]["HTTPStatusCode"] == known.status
