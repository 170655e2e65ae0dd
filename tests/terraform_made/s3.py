"""Locations that speak S3."""

from collections.abc import Iterator
from typing import Any

from tests.terraform_made.secrets import SECRET


def body(told: dict[str, Any]) -> dict[str, Any]:
    (s3,) = told["s3"]
    if s3["credential_type"] == "sts":
        role = {"arn": s3["arn"], "externalId": s3["external_id"]}
        credentials: dict[str, Any] = {"credentialType": "sts", "sts": role}
    else:
        keys = {"accessKey": s3["access_key"], "secretKey": s3["secret_key"]}
        credentials = {"credentialType": "secret", **keys}
    return {
        "bucketName": told["bucket_name"],
        "caCert": told["ca_cert"],
        "credentials": credentials,
        "region": told["region"],
        "s3ForcePathStyle": s3["s3_force_path_style"],
        "s3Url": s3["s3_url"],
    }


def attributes(url: str, ca: str, path_style: bool, region: str, **keys: str) -> dict[str, Any]:
    every = ("access_key", "secret_key", "arn", "external_id")
    s3 = {**dict.fromkeys(every, ""), "s3_url": url, "s3_force_path_style": path_style, **keys}
    return {"bucket_name": "b", "region": region, "ca_cert": ca, "s3": [s3]}


def keys() -> dict[str, str]:
    return {"credential_type": "secret", "access_key": "AKIATHEIRS", "secret_key": SECRET}


def scopes() -> Iterator[dict[str, Any]]:
    for context, is_default in (("project", False), ("tenant", False)):
        yield {"context": context, "is_default": is_default}
