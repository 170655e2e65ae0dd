"""What makes a tape of AWS's client."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest


def record(patch: pytest.MonkeyPatch, opened: Callable[[bytes], None]) -> None:
    """Answers are kept as they come."""


def play(patch: pytest.MonkeyPatch) -> None:
    """One client a service, region and key: making one costs more than a step."""
    real, made = boto3.Session.client, dict[Any, Any]()

    def client(session: Any, service: str, **how: Any) -> Any:
        key = (service, how["region_name"], how.get("aws_access_key_id"), how.get("endpoint_url"))
        if key not in made:
            made[key] = real(session, service, **how)
        return made[key]

    patch.setattr(boto3.Session, "client", client)
