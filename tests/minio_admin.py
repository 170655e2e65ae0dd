"""MinIO's admin calls, sealed with keys that are made at once.

The library makes the key of each call of 64 MB of memory, and so does MinIO when it reads the call.
MinIO takes a key of PBKDF2 just as well. Its answers are sealed in the costly way all the same.
"""

import io
from hashlib import pbkdf2_hmac
from types import FunctionType
from typing import Any

from minio import crypto, minioadmin

SALT = 32
AES_GCM, PBKDF2 = b"\x00", b"\x02"
"""What stands behind the salt: how a call is sealed, with the library's key and with this one."""


def _key(secret: bytes, salt: bytes) -> bytes:
    return pbkdf2_hmac("sha256", secret, salt, 8192, 32)


def _quick(function: Any) -> Any:
    """A function of the library, with that key."""
    return FunctionType(function.__code__, {**vars(crypto), "_generate_key": _key})


class _Reader(crypto.DecryptReader):
    __init__ = _quick(crypto.DecryptReader.__init__)


class _Body(io.BytesIO):
    """A request's body, for what takes an answer."""

    def release_conn(self) -> None:
        """There is no connection."""


def encrypt(payload: bytes, password: str) -> bytes:
    """As the library's own function."""
    sealed: bytes = _quick(crypto.encrypt)(payload, password)
    return sealed[:SALT] + PBKDF2 + sealed[SALT + 1 :]


def decrypt(body: bytes, password: str) -> bytes:
    """What a call says, with either key."""
    reader = crypto.DecryptReader
    if body[SALT : SALT + 1] == PBKDF2:
        reader, body = _Reader, body[:SALT] + AES_GCM + body[SALT + 1 :]
    sealed: Any = _Body(body)
    opened: Any = reader(sealed, password.encode())
    return b"".join(opened.stream())


def hurry() -> None:
    """Have this process seal its calls so."""
    vars(minioadmin)["encrypt"] = encrypt
