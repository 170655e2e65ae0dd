"""Palette's validation of Google Cloud credentials: it looks into the bucket with them.

The request for a token is signed by hand, as an SDK would look for settings and credentials in
places that a sandbox must keep away from.
"""

import base64
import json
import time
from typing import Any
from urllib.parse import quote

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import not_valid

_TIMEOUT = 30
_SCOPE = "https://www.googleapis.com/auth/devstorage.full_control"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class GcpValidator:
    """Uses the credential of a validate call, as Palette would."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def __call__(self, body: Body) -> None:
        try:
            key = json.loads(body["credentials"]["jsonCredentials"])
            form = {"grant_type": _GRANT, "assertion": _signed(key)}
        except (ValueError, LookupError, TypeError):
            raise not_valid("jsonCredentials is not the key of a service account") from None
        token = self._send("POST", f"{self._endpoint}/token", data=form)["access_token"]
        url = f"{self._endpoint}/storage/v1/b/{quote(body['bucketName'], safe='')}/o?maxResults=1"
        self._send("GET", url, headers={"Authorization": f"Bearer {token}"})

    @staticmethod
    def _send(method: str, url: str, **how: Any) -> Body:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(method, url, timeout=_TIMEOUT, **how)
            body: Body = answer.json()
        except requests.RequestException:
            raise not_valid("Google Cloud gave no answer that can be read") from None
        if answer.ok:
            return body
        error = body["error"]
        text = body.get("error_description") if isinstance(error, str) else error["message"]
        raise not_valid(f"{error if isinstance(error, str) else error['code']}: {text}")


def _signed(key: Body) -> str:
    now = int(time.time())
    head = {"alg": "RS256", "typ": "JWT", "kid": key["private_key_id"]}
    audience = "https://oauth2.googleapis.com/token"
    claims = {"iss": key["client_email"], "aud": audience, "scope": _SCOPE}
    text = ".".join(
        _encoded(json.dumps(part).encode())
        for part in (head, {**claims, "iat": now, "exp": now + 600})
    )
    private = load_pem_private_key(key["private_key"].encode(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError
    signature = private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_encoded(signature)}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
