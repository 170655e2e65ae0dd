"""Whole programs on the real Pulumi engine, against a sandbox that enforces what clouds enforce."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import requests
from moto.iam.models import AccessKey
from werkzeug.wrappers import Request

from palette_backup_provider.sandbox import gcp_keys
from palette_backup_provider.sandbox.azure_entra import Secret
from palette_backup_provider.sandbox.azure_storage import Account
from palette_backup_provider.sandbox.engine import find_engine
from palette_backup_provider.sandbox.minio import Minio
from palette_backup_provider.sandbox.run import CLOUDS, Sandbox
from tests import live
from tests.sandbox.azure_cloud import AzureEyes
from tests.sandbox.cloud import AwsEyes
from tests.sandbox.gcp_cloud import GcpEyes
from tests.sandbox.minio_cloud import MinioEyes, Overheard
from tests.sandbox.palette_cloud import Palette, PaletteEyes
from tests.sandbox.stack import Stack, settings

SECRETS = ("SECRET_ACCESS_KEY", "SESSION_TOKEN", "API_KEY", "CLIENT_SECRET", "PASSWORD")
"""How settings of a sandbox that are secret end."""


class Control:
    """The control routes of a running sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._url, self._ca = sandbox.url, sandbox.env["PALETTE_CA_CERT"]
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["X-Sandbox-Token"] = sandbox.token

    def get(self, route: str) -> Any:
        answer = self._session.get(f"{self._url}/_sandbox/{route}", verify=self._ca, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, route: str, body: Any = None) -> None:
        url = f"{self._url}/_sandbox/{route}"
        answer = self._session.post(url, json=body, verify=self._ca, timeout=30)
        answer.raise_for_status()

    def locations(self) -> list[dict[str, Any]]:
        """What Palette stores, secrets in clear."""
        found: list[dict[str, Any]] = self.get("state")["locations"]
        return found


@pytest.fixture(scope="session")
def engine() -> Path:
    """The folder of the Pulumi engine."""
    return find_engine()


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
    with Sandbox([cloud for cloud in CLOUDS if cloud not in real]) as sandbox:
        for cloud in {*real} & {*CLOUDS}:  # its Palette cannot see a real one
            sandbox.validation.validators[cloud] = lambda body: None
        yield sandbox


@pytest.fixture(scope="package")
def secrets(running: Sandbox, real: tuple[str, ...]) -> Iterator[set[str]]:
    """Every secret that the sandbox has given out, also those deleted since."""
    own = {v for k, v in live.settings(running.env, real).items() if k.endswith(SECRETS)}
    create = AccessKey.__init__

    def noted(self: AccessKey, *arguments: Any, **how: Any) -> None:
        create(self, *arguments, **how)
        own.add(self.secret_access_key)

    make, new_secret, new_account = gcp_keys.make, Secret.__init__, Account.__init__

    def noted_key(*arguments: Any) -> tuple[gcp_keys.Key, str]:
        key, text = make(*arguments)
        own.add(json.loads(text)["private_key"].splitlines()[2])
        return key, text

    def noted_secret(self: Secret, *arguments: Any, **how: Any) -> None:
        new_secret(self, *arguments, **how)
        own.add(self.text)

    def noted_account(self: Account, *arguments: Any, **how: Any) -> None:
        new_account(self, *arguments, **how)
        own.update(self.keys)

    note, heard = Minio._note, Overheard()

    def overheard(self: Minio, request: Request) -> None:
        note(self, request)
        own.update(heard.secrets(self, request))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AccessKey, "__init__", noted)
        patch.setattr(gcp_keys, "make", noted_key)
        patch.setattr(Secret, "__init__", noted_secret)
        patch.setattr(Account, "__init__", noted_account)
        patch.setattr(Minio, "_note", overheard)
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


@pytest.fixture
def aws(env: dict[str, str], own: str) -> AwsEyes:
    """AWS, seen from outside."""
    return AwsEyes(env, own)


@pytest.fixture
def gcp(env: dict[str, str], own: str) -> GcpEyes:
    """Google Cloud, seen from outside."""
    return GcpEyes(env, own)


@pytest.fixture
def azure(env: dict[str, str], own: str) -> AzureEyes:
    """Azure, seen from outside."""
    return AzureEyes(env, own)


@pytest.fixture
def minio(env: dict[str, str], own: str) -> MinioEyes:
    """MinIO, seen from outside."""
    return MinioEyes(env, own)


@pytest.fixture
def palette(
    control: Control, env: dict[str, str], stack: Stack, own: str, real: tuple[str, ...]
) -> Palette:
    """Palette, seen from outside."""
    return PaletteEyes(env, stack, own) if "palette" in real else control


@pytest.fixture
def environment(
    running: Sandbox, control: Control, engine: Path, tmp_path: Path, real: tuple[str, ...]
) -> dict[str, str]:
    """The environment that programs run in."""
    return live.settings(settings(running, engine, tmp_path / "backend"), real)


@pytest.fixture
def new_stack(
    environment: dict[str, str], secrets: set[str], tmp_path: Path, own: str
) -> Iterator[Callable[..., Stack]]:
    """Makes stacks. Afterwards nothing that they printed or stored may hold a secret in clear."""
    made: list[Stack] = []

    def make(name: str = "stack", **how: Any) -> Stack:
        made.append(Stack(tmp_path / name, environment, own=own, **how))
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
