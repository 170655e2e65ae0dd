"""Locations on MinIO of the time when Palette had the name and the own secret of the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from palette_backup_provider import MinioBackupLocation
from palette_backup_provider.resources import minio, palette
from palette_backup_provider.resources.minio import UserArgs
from tests.sandbox.crash.engine import Engine
from tests.sandbox.crash.scenario import Scenario, Trial
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


@dataclass(frozen=True)
class Upgrade(Scenario):
    """A location on MinIO, of a time when Palette had the user's own secret, gets an access key."""

    only: str = "MinioBackupLocation"
    ends: bool = False
    """Whether it is the end of the secret that is killed."""

    def prepare(self, trial: Trial) -> None:
        trial.reset()
        arguments = trial.component.made
        with earlier():
            trial.up(arguments)
        trial.own = own_key(trial.engine)
        if self.ends:
            trial.up(arguments)
            over(trial.engine)

    def mend(self, trial: Trial, refresh: bool) -> None:
        if refresh:
            trial.refresh()
        trial.converged(trial.component.made)
        if not self.ends:
            over(trial.engine)
            trial.up(trial.component.made)
        eyes = trial.component.inspector(trial.sandbox.env)
        assert not eyes.signs_in(*trial.own) and eyes.signs_in(*own_key(trial.engine))
        trial.converged(trial.component.made)
        trial.gone()


SCENARIOS = {
    "upgrade": Upgrade((), "made", "made"),
    "end of the user's own secret": Upgrade((), "made", "made", ends=True),
}
