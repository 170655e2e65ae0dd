"""What all resources of a run share."""

from typing import Self

import pytest

from palette_backup_provider.core.model import Model
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings


class Identity(Model):
    profile: str


class Client:
    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()

    def under(self, identity: Identity) -> "Client":
        return Client()


class Memory:
    def __init__(self) -> None:
        self.ids: set[str] = set()


class OtherClient(Client):
    pass


@pytest.fixture
def run() -> Run:
    return Run(Settings(lambda _: None, {}))


def test_one_client_a_kind_and_identity(run: Run) -> None:
    a, b = Identity(profile="a"), Identity(profile="b")
    assert run.client(Client) is run.client(Client)
    assert run.client(Client) is not run.client(OtherClient)
    assert run.client(Client, a) is run.client(Client, a)
    assert run.client(Client, a) is not run.client(Client, b)


def test_a_memory_is_made_once(run: Run) -> None:
    run.once(Memory).ids.add("x")
    assert run.once(Memory).ids == {"x"}


def test_a_line_is_told_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for message in ("a", "b", "a"):
        run.announce_once(message)
    assert capsys.readouterr().out == "a\nb\n"


def test_a_failed_step_is_recorded(run: Run) -> None:
    with run.recording_failure():
        pass
    assert not run.failed
    with pytest.raises(KeyError), run.recording_failure():
        raise KeyError
    assert run.failed
