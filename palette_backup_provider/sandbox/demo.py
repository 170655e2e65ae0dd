"""`make demo`: one `pulumi up`, from nothing to a backup location, on this machine alone.

It does what a person would do: starts the sandbox, gives Pulumi its settings, brings the project
up, looks into Palette, and takes everything down. Pulumi's home, state and passphrase are its own.
"""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.rule import Rule
from rich.table import Column, Table

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.cloud import usual
from palette_backup_provider.sandbox.tools.pulumi import find_engine

ROOT = Path(__file__).parents[2]
"""The project that is brought up: the checkout this file is in."""

_STACK = "demo"
_LOCATIONS = "/v1/users/assets/locations"
_GRACE = 60.0
"""How long a program may take to stop: Pulumi waits for creates that are under way."""

console = Console(highlight=False)


class DemoFailed(ProviderError):
    """A step of the demo ended with an error."""


def main() -> None:
    """Runs the demo; the exit code says whether all of it worked."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not (ROOT / "Pulumi.yaml").is_file():
            raise DemoFailed(f"There is no Pulumi.yaml in {ROOT}: run the demo from a checkout.")
        with tempfile.TemporaryDirectory(prefix="palette-backup-demo-") as folder:
            _demo(Path(folder))
    except KeyboardInterrupt:
        console.print("\nStopped; nothing is left behind.")
        raise SystemExit(130) from None
    except ProviderError as error:
        console.print(f"\n{error}", style="red", markup=False)
        raise SystemExit(1) from None


def _demo(folder: Path) -> None:
    _step("A Pulumi engine")
    engine = find_engine()
    console.print(f"Using {engine}", soft_wrap=True)

    simulated = " and ".join(["Palette", *(cloud.title for cloud in usual().values())])
    _step(f"A sandbox: {simulated}, simulated on this machine")
    with _sandbox(folder / "sandbox.env") as settings:
        environment = {**env.cleared(os.environ), **settings, **_pulumi_settings(folder, engine)}
        _pulumi(environment, "stack", "init", _STACK, "--no-select")

        _step("pulumi up: bucket, policy, user, access key, and the location in Palette")
        _pulumi(environment, "up", "--yes", "--stack", _STACK)

        _step("What Palette lists now")
        palette = _Palette(settings)
        if not (listed := palette.locations()):
            raise DemoFailed("`pulumi up` went through, but Palette lists no backup location.")
        console.print(_table(listed))

        _step("pulumi destroy: everything goes, in the right order")
        _pulumi(environment, "destroy", "--yes", "--stack", _STACK)
        if left := palette.locations():
            raise DemoFailed(f"Palette still lists {len(left)} backup locations.")
        console.print("\nPalette lists no backup location any more.")


def _step(title: str) -> None:
    console.print()
    console.print(Rule(f"[bold]{title}[/]", align="left", style="dim"))


def _pulumi_settings(folder: Path, engine: Path) -> dict[str, str]:
    """Everything Pulumi keeps goes into the folder; its programs run in this environment."""
    state = folder / "state"
    state.mkdir()
    return {
        "PATH": os.pathsep.join(
            (str(engine), str(Path(sys.executable).parent), os.environ["PATH"])
        ),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "demo",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def _pulumi(environment: Mapping[str, str], *arguments: str) -> None:
    console.print(f"$ pulumi {shlex.join(arguments)}", style="bold")
    with _running(["pulumi", *arguments], environment) as process:
        if process.wait():
            raise DemoFailed(f"`pulumi {arguments[0]}` failed; its own words are above.")


@contextmanager
def _sandbox(env_file: Path) -> Iterator[dict[str, str]]:
    """Runs the sandbox as people do, and answers the settings it writes."""
    command = ["palette-backup", "sandbox", "start", "--env", str(env_file)]
    console.print(f"$ {shlex.join(command)}", style="bold", soft_wrap=True)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"}
    with _running(command, environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            console.print(f"  {line.rstrip()}", markup=False, soft_wrap=True)
            if line.startswith("Running."):
                break
        else:
            raise DemoFailed("The sandbox did not start; its own words are above.")
        yield env.read(env_file)


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """A program in a session of its own: Ctrl-C reaches it when we pass it on, not before.

    Otherwise the sandbox would be gone while Pulumi still saves what it made.
    """
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        **options,
    )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    """Asks a program to stop, then ends whatever is left of its session."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_GRACE)
    finally:
        # A provider can outlive the engine that started it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class _Palette:
    """Palette's API, asked as anyone who has the key can ask it."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._host = settings["PALETTE_HOST"]
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = settings["PALETTE_CA_CERT"]
        self._session.headers["ApiKey"] = settings["PALETTE_API_KEY"]
        projects = self._get("/v1/dashboard/projects/metadata")["items"]
        uids = {each["metadata"]["name"]: each["metadata"]["uid"] for each in projects}
        self._session.headers["ProjectUid"] = uids[settings["PALETTE_PROJECT"]]

    def locations(self) -> list[dict[str, Any]]:
        """The project's locations: metadata from the list, the rest from each."""
        return [
            {**each["metadata"], **self._config(each["spec"]["storage"], each["metadata"]["uid"])}
            for each in self._get(_LOCATIONS)["items"]
        ]

    def _config(self, kind: str, uid: str) -> dict[str, Any]:
        config: dict[str, Any] = self._get(f"{_LOCATIONS}/{kind}/{uid}")["spec"]["config"]
        return config

    def _get(self, path: str) -> Any:
        answer = self._session.get(self._host + path, timeout=30)
        answer.raise_for_status()
        return answer.json()


def _table(locations: list[dict[str, Any]]) -> Table:
    table = Table(*(Column(title, overflow="fold") for title in ("Name", "Bucket", "Uid")))
    for location in locations:
        table.add_row(*(location[key] for key in ("name", "bucketName", "uid")))
    return table


if __name__ == "__main__":
    main()
