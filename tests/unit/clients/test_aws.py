"""What AWS's answers become when they cannot be read."""

from typing import Any

import pytest
from botocore.parsers import ResponseParserError

from palette_backup_provider.clients.aws import AwsClient
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
