"""A program that is on PATH, or is built from one Go module, once, into the user's cache folder."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox.tools import go_build
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.go_build import SETTINGS, Run, pin, verified
from palette_backup_provider.sandbox.tools.step import Say, to_stderr


class NoProgram(ProviderError):
    """The program is not there, and there is nothing to build it with."""


@dataclass(frozen=True)
class GoProgram:
    """What is built, and of what."""

    command: str
    called: str
    """In words, such as "Pulumi engine"."""
    module: str
    version: str
    hash: str
    """The hash of the module's contents."""
    sums: str
    """The file that pins the contents of every module that takes part (`go_build`)."""
    go: str
    """The oldest Go that builds it."""
    takes: str
    """How long that takes, in words."""
    package: str = ""
    """The package within the module."""

    def build(self, go: str, folder: Path, say: Say, run: Run) -> None:
        """Puts the program into `folder`; `go` is the Go command."""
        go_mod = (
            f"module palette-backup/{self.command}\n\ngo {self.go}\n\n"
            f"require {self.module} {self.version}\n"
        )
        pinned = {f"{self.module}@{self.version}": self.hash}
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            work = Path(scratch)
            pin(work, go_mod, self.sums)
            say(f"1/2 Downloading the Go module of the {self.called}")
            verified(run([go, "mod", "download", "-json", *pinned], work, SETTINGS, say), pinned)
            say(f"2/2 Building the {self.called} ({self.takes} on two cores)")
            flags = ("-trimpath", "-ldflags", "-s -w")
            built = [go, "build", *flags, "-o", f"{folder}/", self.module + self.package]
            run(built, work, SETTINGS, say)


@dataclass(frozen=True)
class Programs:
    """Where such programs come from. Every part that touches the machine can be replaced."""

    cache: Cache
    """Where a program built earlier is kept."""
    path: str | None = None
    """Where to look for the program and `go`; PATH when None."""
    say: Say = print
    """Told what is being done."""
    run: Run = go_build.run
    """Runs the Go command."""

    def find(self, program: GoProgram) -> Path:
        """The program: yours on PATH always wins."""
        if mine := shutil.which(program.command, path=self.path):
            return Path(mine)
        name = f"{program.command}-{program.version}"
        if earlier := self.cache.find(name):
            return earlier / program.command
        if go := shutil.which("go", path=self.path):
            return self._built(program, name, go) / program.command
        raise NoProgram(
            f"There is no `{program.command}` on PATH, and no `go` to build one with. Install a "
            f"{program.called}, or Go {program.go} or newer, and try again."
        )

    def _built(self, program: GoProgram, name: str, go: str) -> Path:
        def fill(folder: Path) -> None:
            self.say(f"There is no {program.called} on PATH: building one from Go modules, once.")
            program.build(go, folder, self.say, self.run)
            self.say(f"The {program.called} is ready, in {self.cache.root}.")

        return self.cache.make(name, fill, self.say)


def find(program: GoProgram) -> Path:
    """The program of this machine; progress goes to stderr."""
    return Programs(Cache.of_user(), say=to_stderr).find(program)
