"""What makes a tape of MinIO's client: its answers are sealed with what is made up."""

from collections.abc import Callable
from typing import Any

import pytest
from minio import minioadmin


def record(patch: pytest.MonkeyPatch, opened: Callable[[bytes], None]) -> None:
    """Tells what the last answer says once it is opened."""
    decrypt = minioadmin.__dict__["decrypt"]

    def decrypted(answer: Any, secret: str) -> bytes:
        plain: bytes = decrypt(answer, secret)
        opened(plain)
        return plain

    patch.setattr(minioadmin, "decrypt", decrypted)


def play(patch: pytest.MonkeyPatch) -> None:
    """Answers are open."""
    patch.setattr(minioadmin, "decrypt", lambda answer, _: answer.read())
