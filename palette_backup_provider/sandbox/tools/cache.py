"""The user's cache folder for programs that the sandbox builds or installs.

What lies there is executed, so the folder belongs to the user alone (mode 0700) and is refused when
another user could have put something into it. Each program has a versioned sub-folder that appears
in one rename: a sub-folder that is there is whole. One process makes things at a time; whatever an
interrupted one left behind is swept away by the next.

`python -m palette_backup_provider.sandbox.tools.cache` prints the folder, for scripts that keep
environments there.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from palette_backup_provider.core.errors import ProviderError

_UNFINISHED = ".unfinished-"


class UnsafeFolder(ProviderError):
    """A folder whose programs we would run can be changed by someone else."""


class Cache:
    """A private folder of versioned sub-folders, each made once and whole."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of_user(cls, environ: Mapping[str, str] = os.environ) -> "Cache":
        """The cache where the platform's convention has it, `~/.cache` unless told otherwise."""
        home = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(home) / "palette-backup")

    def find(self, name: str) -> Path | None:
        """The sub-folder `name`, if it has been made."""
        self.own()
        folder = self.root / name
        return folder if folder.is_dir() else None

    def make(self, name: str, fill: Callable[[Path], None], say: Callable[[str], None]) -> Path:
        """The sub-folder `name`, filled by `fill` unless another process was faster."""
        self.own()
        folder = self.root / name
        with self._lock(say):
            if not folder.is_dir():
                self._make(folder, fill)
        return folder

    def own(self) -> None:
        """Make the folder, or refuse one that is not the user's alone."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        self.root.mkdir(mode=0o700, exist_ok=True)
        found = self.root.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise UnsafeFolder(f"{self.root} is not a folder. Remove it and try again.")
        if found.st_uid != os.getuid():
            raise UnsafeFolder(
                f"{self.root} belongs to another user (uid {found.st_uid}), who could change the "
                f"programs in it. Remove it, or set XDG_CACHE_HOME to a folder of your own."
            )
        if found.st_mode & 0o022:
            raise UnsafeFolder(
                f"{self.root} can be written by other users, so the programs in it cannot be "
                f"trusted. Remove it and try again."
            )
        self.root.chmod(0o700)

    def _make(self, folder: Path, fill: Callable[[Path], None]) -> None:
        for leftover in self.root.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(leftover)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.root))
        try:
            fill(unfinished)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished)
            raise

    @contextmanager
    def _lock(self, say: Callable[[str], None]) -> Iterator[None]:
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"Another process is filling {self.root}; waiting for it to finish.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def main() -> None:
    """Prints the folder, once it is the user's alone."""
    cache = Cache.of_user()
    try:
        cache.own()
    except ProviderError as error:
        raise SystemExit(str(error)) from None
    click.echo(cache.root)


if __name__ == "__main__":
    main()
