"""The sandbox that runs: how commands find it, and how they ask it."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from palette_backup_provider.clients.rest.endpoint import this_machine
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.settings import SANDBOX, SANDBOX_PAGE

ENV_FILE = "sandbox.env"
"""The file of settings, unless another is named."""
TIMEOUT = 30
UNKNOWN = (
    "No sandbox is known here. Start one with `palette-backup sandbox start` in another shell. "
    "Then call this in the same folder, or after the line that it prints, or with --env FILE."
)
GONE = (
    "No sandbox runs at {url}, where {where} leads: it was stopped. Start one with "
    "`palette-backup sandbox start`, and use the line that it prints."
)
ELSEWHERE = (
    "$PALETTE_HOST is {url}, which is no sandbox of this machine. Use the line again that "
    "`palette-backup sandbox start` prints."
)


class Running:
    """A running sandbox, found by the settings that it gave."""

    def __init__(self, settings: Mapping[str, str], where: str) -> None:
        """`where` says where the settings are from."""
        self._url, self._where = settings.get("PALETTE_HOST", ""), where
        self._ca, self._token = settings.get("PALETTE_CA_CERT", ""), settings[SANDBOX]
        self.page = f"{settings.get(SANDBOX_PAGE, '')}/#{self._token}"
        """The address of its page, with what opens its controls."""
        if not this_machine(urlsplit(self._url).hostname or ""):
            raise ProviderError(ELSEWHERE.format(url=self._url or "not set"))

    def get(self, route: str) -> Any:
        """What a control route tells."""
        return self._ask("GET", route).json()

    def post(self, route: str, body: Any = None) -> None:
        """Have a control route do its work."""
        self._ask("POST", route, body)

    def _ask(self, method: str, route: str, body: Any = None) -> Any:
        import requests  # takes a third of what the rest of a command takes

        session = requests.Session()
        session.trust_env = False
        session.verify = self._ca
        try:
            answer = session.request(
                method,
                f"{self._url}/_sandbox/{route}",
                json=body,
                headers={"X-Sandbox-Token": self._token},
                timeout=TIMEOUT,
            )
        except OSError:  # nobody there, another sandbox with a CA of its own, or no file of the CA
            raise ProviderError(GONE.format(url=self._url, where=self._where)) from None
        if answer.status_code == 401:
            raise ProviderError(GONE.format(url=self._url, where=self._where))
        if not answer.ok:
            raise ProviderError(f"The sandbox refuses that: {answer.json()['message']}.")
        return answer


def running(command: Callable[..., None]) -> Callable[..., None]:
    """Gives `command` the sandbox that runs."""

    @click.option(
        "--env",
        "env_file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="The settings that `start` wrote. Default: those of this shell, else "
        f"{ENV_FILE} in this folder.",
    )
    @wraps(command)
    def with_sandbox(env_file: Path | None, **rest: Any) -> None:
        try:
            command(_found(env_file), **rest)
        except ProviderError as error:
            raise click.ClickException(str(error)) from None

    return with_sandbox


def _found(env_file: Path | None) -> Running:
    if env_file is None and SANDBOX in os.environ:
        return Running(os.environ, "this shell")
    if env_file is None and not Path(ENV_FILE).is_file():
        raise ProviderError(UNKNOWN)
    from palette_backup_provider.sandbox import env

    file = env_file or Path(ENV_FILE)
    return Running(env.read(file), str(file))
