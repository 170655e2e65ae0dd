"""Keys of service accounts: real RSA keys, and the signed requests for tokens made with them."""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

AUDIENCES = "https://oauth2.googleapis.com/token"
LONGEST = 3600 + 60
"""Seconds that a signed request may be good for."""
SKEW = 300
SIZE = 2048
"""Bits of a key."""


@dataclass
class Key:
    """A key as Google keeps it: the public half."""

    id: str
    email: str
    made: float
    ends: float | None
    public: rsa.RSAPublicKey
    disabled: bool = False


@dataclass(frozen=True)
class Assertion:
    """A signed request for a token, read but not judged."""

    key_id: str
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def signed_with(self, key: Key) -> bool:
        """Whether the signature is of that key."""
        try:
            key.public.verify(self.signature, self.signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def timely(self, now: float) -> bool:
        """Whether its times are as Google asks for."""
        start, end = float(self.claims.get("iat", 0)), float(self.claims.get("exp", 0))
        return start - SKEW <= now <= end + SKEW and 0 < end - start <= LONGEST


def make(
    email: str, client_id: str, token_uri: str, now: float, ends: float | None
) -> tuple[Key, str]:
    """A new key, and the JSON of its private half as Google shows it once."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=SIZE)
    key = Key(secrets.token_hex(20), email, now, ends, private.public_key())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    project = email.partition("@")[2].partition(".")[0]
    certs = "https://www.googleapis.com"
    shown = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": key.id,
        "private_key": pem,
        "client_email": email,
        "client_id": client_id,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "auth_provider_x509_cert_url": f"{certs}/oauth2/v1/certs",
        "client_x509_cert_url": f"{certs}/robot/v1/metadata/x509/{email.replace('@', '%40')}",
        "universe_domain": "googleapis.com",
    }
    return key, json.dumps(shown, indent=2) + "\n"


def read(assertion: str) -> Assertion | None:
    """What a JWT says; None if it is not a JWT."""
    try:
        head, body, signature = assertion.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        if header["alg"] != "RS256":
            return None
        signed = f"{head}.{body}".encode()
        return Assertion(str(header["kid"]), dict(claims), signed, _decoded(signature))
    except (ValueError, LookupError, TypeError):
        return None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
