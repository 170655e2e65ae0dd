"""boto3's client, by which anybody would look at a store that speaks S3."""

from typing import Any

import boto3
from botocore.config import Config


def client(
    url: str, key: tuple[str, str], region: str = "us-east-1", ca: str | None = None, **how: Any
) -> Any:
    """A client with an access key and its secret; `ca` is the file of a CA, None for the usual."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        verify=ca,
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}, **how),
    )
