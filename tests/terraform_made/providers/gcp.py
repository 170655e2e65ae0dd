"""Locations on Google Cloud."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.private_key import armoured
from tests.terraform_made.s3 import scopes
from tests.terraform_made.secrets import SECRET

KEY = json.dumps(
    {
        "type": "service_account",
        "client_email": "velero@some-project.iam.gserviceaccount.com",
        "private_key": armoured(SECRET),
        "private_key_id": "0a1b2c3d4e5f",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
)
KIND, TYPED, APART = "gcp", True, 2
LEFT_OUT = {"projectId"}
SECRETS = {"gcp_json_credentials": KEY}
UNUSABLE: dict[str, tuple[str, dict[str, Any]]] = {}


def body(told: dict[str, Any]) -> dict[str, Any]:
    (gcp,) = told["gcp_storage_config"]
    return {
        "bucketName": told["bucket_name"],
        "credentials": {"jsonCredentials": gcp["gcp_json_credentials"]},
        "projectId": gcp["project_id"],
    }


def everything() -> Iterator[dict[str, Any]]:
    for project, scope in product(("some-project", "123456789012", ""), scopes()):
        gcp = {"project_id": project, "gcp_json_credentials": KEY}
        yield {"bucket_name": "b", "gcp_storage_config": [gcp], **scope}
