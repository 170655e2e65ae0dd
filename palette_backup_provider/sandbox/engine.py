"""Finds a Pulumi engine for the demo and the tests, or gets one.

The first that is there, in this order:

1. `pulumi` on PATH with its Python language host: yours always wins;
2. one got earlier, in the user's cache folder;
3. with Go on PATH, one built from Go modules (`engine_build`), five minutes, once;
4. Pulumi's official installer, only when asked for: PALETTE_BACKUP_INSTALL_PULUMI=1, or
   a yes at the terminal.

`python -m palette_backup_provider.sandbox.engine` prints the folder to put on PATH.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox import engine_build, go_build
from palette_backup_provider.sandbox.cache import Cache
from palette_backup_provider.sandbox.go_build import Run, Say

INSTALL_SWITCH = "PALETTE_BACKUP_INSTALL_PULUMI"
INSTALLED = "3.272.0"
"""The version the official installer is asked for: that of the SDK we are locked to."""

_BUILT = "-".join(("pulumi", engine_build.CLI, engine_build.LANGUAGE_HOST, engine_build.SCRIPTS))
_INSTALLED = f"pulumi-official-v{INSTALLED}"


class NoEngine(ProviderError):
    """There is no Pulumi engine, and nothing to get one with."""


def official_installer(root: Path) -> None:
    """Runs Pulumi's installer with a folder of ours as its root."""
    from pulumi.automation import PulumiCommand
    from semver import VersionInfo

    try:
        PulumiCommand.install(root=str(root), version=VersionInfo.parse(INSTALLED))
    except Exception as error:
        raise NoEngine(
            f"Pulumi's official installer did not work ({type(error).__name__}: {error}). "
            f"Install Pulumi by hand, or install Go and try again."
        ) from None


def no_consent() -> bool:
    """For callers that may not ask: tests, pipes."""
    return False


@dataclass(frozen=True)
class Engines:
    """Where engines come from. Every part that touches the machine can be replaced."""

    cache: Cache
    """Where engines we got are kept."""
    path: str | None = None
    """Where to look for `pulumi` and `go`; PATH when None."""
    consent: Callable[[], bool] = no_consent
    """Whether the official installer may run; asked only when nothing else is left."""
    say: Say = print
    """Told what is being done."""
    run: Run = go_build.run
    """Runs the Go command."""
    install: Callable[[Path], None] = official_installer
    """Installs the official engine below a folder."""

    def find(self) -> Path:
        """The folder to put on PATH, with an engine in it."""
        if mine := self._on_path():
            return mine
        if earlier := self.cache.find(_BUILT) or self.cache.find(_INSTALLED):
            return earlier / "bin"
        if go := self._which("go"):
            return self._built(go)
        if self.consent():
            return self._installed()
        raise NoEngine(
            "There is no `pulumi` on PATH, and no `go` to build one with. Install either Pulumi "
            f"(with its Python language host) or Go {engine_build.GO_VERSION} or newer, or let "
            f"Pulumi's official installer put Pulumi {INSTALLED} into {self.cache.root}: set "
            f"{INSTALL_SWITCH}=1. Then try again."
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
                f"There is no Pulumi and no Go on PATH: running Pulumi's official installer "
                f"for {INSTALLED} into {self.cache.root}."
            )
            self.install(folder)

        return self.cache.make(_INSTALLED, fill, self.say) / "bin"


def to_stderr(text: str) -> None:
    """Progress, kept apart from the one line of output."""
    click.echo(text, err=True)


def consent_of_user() -> bool:
    """The installer is someone else's program: it runs when the user said so, and only then."""
    if os.environ.get(INSTALL_SWITCH) == "1":
        return True
    if not sys.stdin.isatty():
        return False
    return click.confirm(
        f"There is no Pulumi and no Go on PATH. Run Pulumi's official installer for {INSTALLED}, "
        f"into the cache folder of this user?",
        err=True,
    )


def find_engine() -> Path:
    """The engine of this machine, as a person at a terminal or a test run gets it."""
    return Engines(Cache.of_user(), consent=consent_of_user, say=to_stderr).find()


def main() -> None:
    """Prints the folder to put on PATH."""
    try:
        click.echo(find_engine())
    except ProviderError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
