"""Locations on AWS."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.terraform_made import s3
from tests.terraform_made.s3 import body, scopes
from tests.terraform_made.secrets import CA, SECRET

__all__ = ["body"]
KIND, TYPED, APART = "s3", False, 7
LEFT_OUT = {"s3Url", "caCert"}
SECRETS = {"secret_key": SECRET}
UNUSABLE: dict[str, tuple[str, dict[str, Any]]] = {}


def everything() -> Iterator[dict[str, Any]]:
    urls = ("", "https://s3.example.com")
    for url, ca, style, scope in product(urls, ("", CA), (False, True), scopes()):
        yield {**s3.attributes(url, ca, style, "eu-west-1", **s3.keys()), **scope}
    for external, style, part in product(("", "ext-1"), (False, True), ("aws", "aws-us-gov")):
        region = "us-gov-west-1" if part == "aws-us-gov" else "us-east-1"
        arn = f"arn:{part}:iam::123456789012:role/backup"
        keys = {"credential_type": "sts", "arn": arn, "external_id": external}
        yield {
            **s3.attributes("", "", style, region, **keys),
            "context": "project",
            "is_default": False,
        }
    yield {
        **s3.attributes("", "", False, "us-gov-west-1", **s3.keys()),
        "context": "project",
        "is_default": True,
    }
