"""Whole programs on the real Pulumi engine, against a sandbox that enforces what clouds enforce."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from palette_backup_provider.sandbox.cloud import clouds
from palette_backup_provider.sandbox.run import Sandbox
from palette_backup_provider.sandbox.tools.pulumi import find_engine
from tests import live
from tests.sandbox import fork_server, vault, wheelhouse
from tests.sandbox.component import Component
from tests.sandbox.components import COMPONENTS
from tests.sandbox.control import Control
from tests.sandbox.folders import in_each_folder
from tests.sandbox.palette.inspector import Palette, PaletteInspector
from tests.sandbox.stack import Stack, settings

SECRETS = ("SECRET_ACCESS_KEY", "SESSION_TOKEN", "API_KEY", "CLIENT_SECRET", "PASSWORD")
"""How settings of a sandbox that are secret end."""


@pytest.fixture(scope="session")
def engine() -> Path:
    """The folder of the Pulumi engine."""
    return find_engine()


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This package as it is released, and all that is installed along with it."""
    house = tmp_path_factory.mktemp("wheels")
    wheelhouse.fill(house, "all")
    return house


@pytest.fixture(scope="session")
def real(pytestconfig: pytest.Config) -> tuple[str, ...]:
    """The services that are real, as `--live` says; none without it."""
    found: tuple[str, ...] = pytestconfig.getoption("live")
    return found


@pytest.fixture
def own(real: tuple[str, ...]) -> str:
    """How the names of all begin that a test makes on real services."""
    return f"live{token_hex(3)}-" if real else ""


@pytest.fixture(scope="package")
def running(real: tuple[str, ...]) -> Iterator[Sandbox]:
    """One for all: it judges every call to moto in this process while it runs."""
    with Sandbox([cloud for cloud in clouds() if cloud not in real]) as sandbox:
        for cloud in {*real} & {*clouds()}:  # its Palette cannot see a real one
            sandbox.validation.validators[cloud] = lambda body: None
        yield sandbox


@pytest.fixture(scope="package")
def secrets(running: Sandbox, real: tuple[str, ...]) -> Iterator[set[str]]:
    """Every secret that the sandbox has given out, also those deleted since."""
    own = {v for k, v in live.settings(running.env, real).items() if k.endswith(SECRETS)}
    with pytest.MonkeyPatch.context() as patch:
        for each in in_each_folder("given_out").values():
            each.remember(own, patch)
        yield own


@pytest.fixture
def control(running: Sandbox) -> Iterator[Control]:
    """A sandbox in which nothing happened yet."""
    control = Control(running)
    control.post("reset")
    yield control
    control.post("faults", [])


@pytest.fixture
def env(running: Sandbox, control: Control, real: tuple[str, ...]) -> dict[str, str]:
    """The settings that lead to every service."""
    return live.settings(running.env, real)


def _seen_from_outside(component: Component) -> Any:
    """The fixture, named after a cloud, that is its inspector."""

    @pytest.fixture(name=component.cloud)
    def inspector(env: dict[str, str], own: str) -> Any:
        return component.inspector(env, own)

    return inspector


for _component in COMPONENTS:
    globals()[f"_see_{_component.cloud}"] = _seen_from_outside(_component)


@pytest.fixture
def palette(
    control: Control, env: dict[str, str], stack: Stack, own: str, real: tuple[str, ...]
) -> Palette:
    """Palette, seen from outside."""
    return PaletteInspector(env, stack, own) if "palette" in real else control


@pytest.fixture(scope="session")
def python() -> Iterator[Path]:
    """The folder of a Python that begins at once."""
    with TemporaryDirectory() as folder, fork_server.serving(Path(folder)) as path:
        yield path


@pytest.fixture(scope="session")
def keys() -> Iterator[dict[str, str]]:
    """The environment of a Vault that opens the stacks' secrets."""
    with vault.serving() as found:
        yield found


@pytest.fixture
def environment(
    running: Sandbox,
    control: Control,
    engine: Path,
    python: Path,
    keys: dict[str, str],
    tmp_path: Path,
    real: tuple[str, ...],
) -> dict[str, str]:
    """The environment that programs run in."""
    found = live.settings(settings(running, engine, tmp_path / "backend"), real)
    return {**found, **keys, "PATH": os.pathsep.join((str(python), found["PATH"]))}


@pytest.fixture
def new_stack(
    environment: dict[str, str], secrets: set[str], tmp_path: Path, own: str
) -> Iterator[Callable[..., Stack]]:
    """Makes stacks. Afterwards nothing that they printed or stored may hold a secret in clear."""
    made: list[Stack] = []

    def make(name: str = "stack", *, own_backend: bool = False, **how: Any) -> Stack:
        where = dict(environment)
        if own_backend:
            (tmp_path / f"{name}-state").mkdir()
            where["PULUMI_BACKEND_URL"] = f"file://{tmp_path / f'{name}-state'}"
        made.append(Stack(tmp_path / name, where, own=own, secrets=vault.SECRETS, **how))
        return made[-1]

    yield make
    for stack in made:
        if own:  # a test that failed has left real things behind
            stack.destroy()
        for place, text in stack.stored():
            for secret in secrets:
                assert secret not in text, f"{place} holds a secret in clear"


@pytest.fixture
def stack(new_stack: Callable[..., Stack]) -> Stack:
    """One stack."""
    return new_stack()
