"""Finds a Pulumi engine for the demo and the tests, or gets one.

The first that is there, in this order:

1. `pulumi` on PATH with its Python language host: yours always wins;
2. one got earlier, in the user's cache folder;
3. with Go on PATH, one built from Go modules (`engine_build`), five minutes, once;
4. one that Pulumi's official installer gets (`engine_install`), once. Nobody is asked, and
   PALETTE_BACKUP_INSTALL_PULUMI=false forbids it.

`python -m palette_backup_provider.sandbox.tools.pulumi` prints the folder to put on PATH.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from palette_backup_provider.core.errors import BadSetting, ProviderError
from palette_backup_provider.sandbox.tools import go_build
from palette_backup_provider.sandbox.tools import pulumi_build as engine_build
from palette_backup_provider.sandbox.tools import pulumi_install as engine_install
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.go_build import Run
from palette_backup_provider.sandbox.tools.pulumi_install import Installer, NotInstalled
from palette_backup_provider.sandbox.tools.step import Say, show, to_stderr

SWITCH = "PALETTE_BACKUP_INSTALL_PULUMI"
"""The variable that forbids the official installer with the value `false`."""
WAYS_OUT = (
    f"Install Pulumi, with its Python language host, or Go {engine_build.GO_VERSION} or newer, "
    f"and try again with it on PATH."
)

_BUILT = "-".join(("pulumi", engine_build.CLI, engine_build.LANGUAGE_HOST, engine_build.SCRIPTS))
_INSTALLED = f"pulumi-official-v{engine_install.VERSION}"


class NoEngine(ProviderError):
    """There is no Pulumi engine, and nothing to get one with."""


@dataclass(frozen=True)
class Engines:
    """Where engines come from. Every part that touches the machine can be replaced."""

    cache: Cache
    """Where built and installed engines are kept."""
    path: str | None = None
    """Where to look for `pulumi` and `go`; PATH when None."""
    may_install: bool = True
    """Whether Pulumi's official installer may run, when nothing else is left."""
    say: Say = print
    """Told what is being done."""
    run: Run = go_build.run
    """Runs the Go command."""
    installer: Installer = field(default_factory=Installer)
    """Pulumi's official installer."""

    def find(self) -> Path:
        """The folder to put on PATH, with an engine in it."""
        if mine := self._on_path():
            return mine
        if earlier := self.cache.find(_BUILT) or self.cache.find(_INSTALLED):
            return earlier / "bin"
        if go := self._which("go"):
            return self._built(go)
        if self.may_install:
            return self._installed()
        raise NoEngine(
            f"There is no `pulumi` on PATH and no `go` to build one with, and {SWITCH} forbids "
            f"Pulumi's official installer. {WAYS_OUT}"
        )

    def _which(self, command: str) -> str | None:
        return shutil.which(command, path=self.path)

    def _on_path(self) -> Path | None:
        """An engine needs its language host, on PATH or, as Pulumi ships it, beside the CLI."""
        if not (pulumi := self._which("pulumi")):
            return None
        folder = Path(pulumi).parent
        host = "pulumi-language-python"
        beside = Path(pulumi).resolve().parent / host
        return folder if beside.exists() or self._which(host) else None

    def _built(self, go: str) -> Path:
        def fill(folder: Path) -> None:
            self.say("There is no Pulumi on PATH: building one from Go modules, once.")
            engine_build.build(go, folder / "bin", self.say, self.run)
            self.say(f"The Pulumi engine is ready, in {self.cache.root}.")

        return self.cache.make(_BUILT, fill, self.say) / "bin"

    def _installed(self) -> Path:
        def fill(folder: Path) -> None:
            self.say(
                f"==> No `pulumi` that runs Python, and no `go`, is on PATH.\n"
                f"    Running Pulumi's official installer, once. To forbid it: {SWITCH}=false\n"
                f"    what  sh install.sh --version {engine_install.VERSION} --no-edit-path\n"
                f"    from  {self.installer.script}; it gets the release from GitHub,\n"
                f"          or else from get.pulumi.com\n"
                f"    into  {self.cache.root / _INSTALLED}"
            )
            self.installer.install(folder, self.say)
            self.say(f"Pulumi {engine_install.VERSION} is ready, in {self.cache.root}.")

        try:
            return self.cache.make(_INSTALLED, fill, self.say) / "bin"
        except NotInstalled as error:
            raise NoEngine(f"{error} {WAYS_OUT}") from None


def may_install(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the user lets Pulumi's official installer run."""
    value = environ.get(SWITCH) or "true"
    if value.lower() not in ("true", "false", "1", "0"):
        raise BadSetting(f"${SWITCH} is {value!r}; it takes true or false.")
    return value.lower() in ("true", "1")


def find_engine() -> Path:
    """The engine of this machine, as a person at a terminal or a test run gets it."""
    return Engines(Cache.of_user(), may_install=may_install(), say=to_stderr).find()


def main() -> None:
    """Prints the folder to put on PATH."""
    show(find_engine)


if __name__ == "__main__":
    main()
