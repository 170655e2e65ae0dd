"""What AWS's answers become when they cannot be read."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from palette_backup_provider.clients.aws import AwsClient, refused
from palette_backup_provider.core.errors import ApiError

BROKEN_OFF = "<SecretAccessKey>wSxkrB2pEMBNAAE9lD4oi6uA"


class Broken:
    """A client of boto3 whose answers break off."""

    def create_access_key(self, **params: Any) -> Any:
        raise ResponseParserError(f"Unable to parse response, invalid XML received: {BROKEN_OFF}")


def test_an_answer_that_broke_off_does_not_show_the_secret_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws = AwsClient(region="us-east-1", profile=None)
    monkeypatch.setattr(aws, "_client", lambda service, region: Broken())
    with pytest.raises(ApiError, match="could not be read") as found:
        aws.call("iam", "create_access_key", UserName="u")
    assert found.value.unclear
    assert BROKEN_OFF not in str(found.value)
    assert found.value.__cause__ is None and found.value.__suppress_context__


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("MalformedPolicy", "Invalid principal in policy"),
        ("MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"arn:aws:iam::1:role/r"'),
    ],
)
def test_a_principal_that_is_not_there_is_told_with_what_to_do(code: str, message: str) -> None:
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    told = str(refused("iam:create_role", ClientError(answer, "CreateRole")))
    assert message in told and told.endswith("correct its ARN, or make it first.")
