"""Where MinIO is told an address, and what it takes to ask there once."""

import pytest

CONFIG = {"minio:minioUser": "root", "minio:minioPassword": "s3cr3t-of-minio"}
ADDRESSES = ("MINIO_ENDPOINT",)
ELSEWHERE = {"minio:minioServer": "https://127.0.0.2:1"}
"""A server, where it is not the address that is looked at."""


def asked_once(patch: pytest.MonkeyPatch) -> None:
    """Nothing repeats a call."""
