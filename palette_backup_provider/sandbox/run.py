"""Puts a sandbox together: Palette, the clouds asked for, and the settings that lead to them."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from flask import Flask

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.settings import SANDBOX, SANDBOX_PAGE
from palette_backup_provider.sandbox import env
from palette_backup_provider.sandbox.backing import Inspector
from palette_backup_provider.sandbox.cloud import clouds as every_cloud
from palette_backup_provider.sandbox.control import control
from palette_backup_provider.sandbox.host import Host
from palette_backup_provider.sandbox.page.app import page
from palette_backup_provider.sandbox.page.state import State
from palette_backup_provider.sandbox.palette.access import Access
from palette_backup_provider.sandbox.palette.api import Palette
from palette_backup_provider.sandbox.palette.store import PROJECTS, Store
from palette_backup_provider.sandbox.palette.validation import Validation
from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.tls import LoopbackAuthority

_Service = TypeVar("_Service")


class Sandbox:
    """A running sandbox. Use it as a context manager, or call `start` and `stop`."""

    def __init__(
        self,
        clouds: Iterable[str] = (),
        env_file: Path | None = None,
        projects: Iterable[str] = PROJECTS,
    ) -> None:
        self.clouds = tuple(dict.fromkeys(clouds))
        """The clouds it runs besides Palette."""
        if unknown := [cloud for cloud in self.clouds if cloud not in every_cloud()]:
            raise ProviderError(
                f"No sandbox for {', '.join(unknown)}; the clouds are: {', '.join(every_cloud())}."
            )
        self.token = secrets.token_hex(16)
        """Opens the control routes."""
        self.env: dict[str, str] = {}
        """Every setting that a program needs; filled by `start`."""
        self._services: list[object] = []
        self.conditions = Conditions()
        self.store = Store(projects=projects)
        self.access = Access(self.conditions.clock)
        self.validation = Validation(self.store, self.conditions.clock)
        self.app = Flask(__name__, static_folder=None)
        """Palette's routes, and ours beside them."""
        self._env_file = env_file
        self._running = ExitStack()

    @property
    def url(self) -> str:
        """Where Palette is, without a trailing slash."""
        return self.env["PALETTE_HOST"]

    @property
    def page(self) -> str:
        """Where the page for people is, without a trailing slash."""
        return self.env[SANDBOX_PAGE]

    def service(self, kind: type[_Service]) -> _Service:
        """The simulator of that class, for tests that look into a cloud."""
        return next(service for service in self._services if isinstance(service, kind))

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """An environment for a program: `base` without real clouds, and with this sandbox."""
        return env.cleared(base) | self.env

    def start(self) -> Self:
        """Start every server and write the settings."""
        with ExitStack() as starting:
            self._start(starting)
            self._running = starting.pop_all()
        return self

    def stop(self) -> None:
        """Stop every server and remove every file."""
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, running: ExitStack) -> None:
        folder = Path(tempfile.mkdtemp(prefix="palette-backup-sandbox-"))
        running.callback(shutil.rmtree, folder, ignore_errors=True)
        host = Host(folder, self.conditions, LoopbackAuthority(), running)
        ca_file = host.write(host.ca_file.name, host.authority.pem)

        self.env = env.out_of_reach(folder / "nothing")
        inspectors: dict[str, Inspector] = {}
        resets = [self.conditions.reset, self.store.reset, self.validation.reset]
        for name in self.clouds:
            started = every_cloud()[name].start(host)
            self._services.append(started.service)
            self.env |= started.env
            resets.append(started.reset)
            inspectors[name] = started.inspector
            if started.validator:
                self.validation.validators[name] = started.validator

        palette = Palette(self.store, self.access, self.validation, self.app)

        def reset() -> None:
            for each in resets:
                each()

        controls = control(self.conditions, self.store, self.token, reset)
        self.app.register_blueprint(controls)
        state = State(self.store, self.validation, self.conditions, inspectors)
        url = host.serve(palette, tls=True)
        # Answers that are held back would keep their threads waiting.
        running.callback(self.conditions.faults.plan, [])
        self.env |= {
            "PALETTE_HOST": url,
            "PALETTE_API_KEY": self.access.api_key,
            "PALETTE_CA_CERT": str(ca_file),
            "PALETTE_PROJECT": next(iter(self.store.projects)),
            SANDBOX: self.token,
            SANDBOX_PAGE: host.serve_undisturbed(page(state, controls, self.conditions)),
        }
        if self._env_file:
            running.enter_context(env.write(self._env_file, self.env))
            running.callback(env.remove, self._env_file, self.token)
