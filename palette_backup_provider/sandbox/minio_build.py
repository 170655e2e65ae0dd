"""Finds a MinIO server for the sandbox and the tests, or builds one from Go modules.

MinIO publishes no programs any more, so there is `minio` on PATH, which always wins; one built
earlier, in the user's cache folder; or, with Go on PATH, one built now, four minutes, once.

MinIO's licence is the AGPL: it runs as a program of its own, and no part of it is in this package.

`python -m palette_backup_provider.sandbox.minio_build` prints where the server is.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.sandbox import go_build
from palette_backup_provider.sandbox.cache import Cache
from palette_backup_provider.sandbox.go_build import SETTINGS, Run, Say, verified

VERSION = "v0.0.0-20260212201848-7aac2a2c5b7c"
"""The last commit of MinIO's repository, which is archived."""
GO_VERSION = "1.24.0"
"""The oldest Go that builds it."""

_MODULE = "github.com/minio/minio"
SUMS = {f"{_MODULE}@{VERSION}": "h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA="}
"""The module, with the hash of its contents."""

_GO_MOD = f"""\
module palette-backup/sandbox/minio

go {GO_VERSION}

require {_MODULE} {VERSION}
"""
_BUILT = f"minio-{VERSION}"


class NoMinio(ProviderError):
    """There is no MinIO server, and nothing to build one with."""


def build(go: str, folder: Path, say: Say, run: Run = go_build.run) -> None:
    """Puts `minio` into `folder`; `go` is the Go command."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)
        (work / "go.mod").write_text(_GO_MOD)
        say("1/2 Downloading MinIO's Go module")
        verified(run([go, "mod", "download", "-json", *SUMS], work, SETTINGS, say), SUMS)
        say("2/2 Building the MinIO server (about four minutes on two cores)")
        flags = ("-trimpath", "-ldflags", "-s -w")
        run([go, "build", *flags, "-o", f"{folder}/", _MODULE], work, SETTINGS, say)


@dataclass(frozen=True)
class Servers:
    """Where MinIO servers come from. Every part that touches the machine can be replaced."""

    cache: Cache
    """Where a server built earlier is kept."""
    path: str | None = None
    """Where to look for `minio` and `go`; PATH when None."""
    say: Say = print
    """Told what is being done."""
    run: Run = go_build.run
    """Runs the Go command."""

    def find(self) -> Path:
        """The server program."""
        if mine := shutil.which("minio", path=self.path):
            return Path(mine)
        if earlier := self.cache.find(_BUILT):
            return earlier / "minio"
        if go := shutil.which("go", path=self.path):
            return self._built(go)
        raise NoMinio(
            f"There is no `minio` on PATH, and no `go` to build one with. Install a MinIO server, "
            f"or Go {GO_VERSION} or newer, and try again."
        )

    def _built(self, go: str) -> Path:
        def fill(folder: Path) -> None:
            self.say("There is no MinIO server on PATH: building one from Go modules, once.")
            build(go, folder, self.say, self.run)
            self.say(f"The MinIO server is ready, in {self.cache.root}.")

        return self.cache.make(_BUILT, fill, self.say) / "minio"


def find_minio() -> Path:
    """The MinIO server of this machine; progress goes to stderr."""
    return Servers(Cache.of_user(), say=lambda text: click.echo(text, err=True)).find()


def main() -> None:
    """Prints where the server is."""
    try:
        click.echo(find_minio())
    except ProviderError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
