"""Locations on MinIO of the time when Palette had the name and the own secret of the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from palette_backup_provider import MinioBackupLocation
from palette_backup_provider.resources import minio, palette
from palette_backup_provider.resources.minio import UserArgs
from tests.sandbox.crash.engine import Engine
from tests.sandbox.stack import PAST

OVER = {"retiring_until": PAST}


@contextmanager
def earlier() -> Iterator[None]:
    """The component as it was then, and the state that it leaves."""

    def own_secret(_: Any, name: str, args: Any, identity: Any, user: minio.User) -> Any:
        own = palette.StaticCredentials(
            access_key=user.access_key_id, secret_key=user.secret_access_key
        )
        return own, []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MinioBackupLocation, "_credentials", own_secret)
        patch.setattr(minio, "UserArgs", lambda keys_only, **how: UserArgs(**how))
        yield


def own_key(engine: Engine) -> tuple[str, str]:
    """The name and the own secret of the user, as state has them."""
    told = engine.one("minio:User").outputs
    return told["name"], told["secret_access_key"]


def over(engine: Engine) -> None:
    """Have the time be over until which that secret goes on working."""
    for at, thing in enumerate(engine.state):
        if thing.token == "minio:User" and thing.inputs["retiring_until"]:
            inputs, outputs = {**thing.inputs, **OVER}, {**thing.outputs, **OVER}
            engine.state[at] = replace(thing, inputs=inputs, outputs=outputs)
