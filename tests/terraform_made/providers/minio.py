"""Locations on MinIO."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.terraform_made import s3
from tests.terraform_made.s3 import body, scopes
from tests.terraform_made.secrets import CA, SECRET

__all__ = ["body"]
KIND, TYPED, APART = "minio", False, 3
LEFT_OUT = {"caCert"}
SECRETS = {"secret_key": SECRET}


def everything() -> Iterator[dict[str, Any]]:
    url = "https://minio.example.com:9000"
    for ca, style, scope in product(("", CA), (False, True), scopes()):
        yield {**s3.attributes(url, ca, style, "us-east-1", **s3.keys()), **scope}


def _unusable() -> dict[str, tuple[str, dict[str, Any]]]:
    common = {"context": "project", "is_default": False}
    role = {"credential_type": "sts", "arn": "arn:minio:iam:::role/r"}
    url = "https://minio.example.com:9000"
    nobody = {**s3.keys(), "access_key": ""}
    return {
        "url": ("no-url", {**s3.attributes("", "", True, "r1", **s3.keys()), **common}),
        "credentials.access_key": (
            "no-key",
            {**s3.attributes(url, "", True, "r1", **nobody), **common},
        ),
        r"credentials.kind that is known here \(sts\)": (
            "a-role",
            {**s3.attributes(url, "", True, "r1", **role), **common},
        ),
    }


UNUSABLE = _unusable()
