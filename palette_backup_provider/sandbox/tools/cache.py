"""The user's cache folder for programs that the sandbox builds or installs.

What lies there is executed, so the folder belongs to the user alone (mode 0700) and is refused when
another user could have put something into it. It may be a link of the user's to such a folder; the
folder that was checked is then used, wherever the link leads later. Each program has a versioned
sub-folder that appears in one rename: a sub-folder that is there is whole. One process makes things
at a time; whatever an interrupted one left behind is swept away by the next.

`python -m palette_backup_provider.sandbox.tools.cache` prints the folder, for scripts that keep
environments there.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError, sentence
from palette_backup_provider.sandbox.tools.step import show

_UNFINISHED = ".unfinished-"
_REMOVE = "Remove it and try again."
_MOVE = "set XDG_CACHE_HOME to a folder of your own."


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
        folder = self.own() / name
        return folder if folder.is_dir() else None

    def make(self, name: str, fill: Callable[[Path], None], say: Callable[[str], None]) -> Path:
        """The sub-folder `name`, filled by `fill` unless another process was faster."""
        folder = self.own() / name
        with self._lock(folder.parent, say):
            if not folder.is_dir():
                self._make(folder, fill)
        return folder

    def own(self) -> Path:
        """The folder, made if it is not there; where a link leads to it, what that leads to.

        Refuses one that is not the user's alone.
        """
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            path = Path(error.filename)
            what = "a link to no folder" if path.is_symlink() else "not a folder"
            raise UnsafeFolder(f"{path} is {what}. {_REMOVE}") from None
        except OSError as error:
            problem = f"{self.root} cannot be made: {sentence(str(error.strerror))}"
            raise UnsafeFolder(f"{problem} Correct that, or {_MOVE}") from None
        folder = self.root.resolve()
        for path in dict.fromkeys((self.root, folder)):
            owner = path.lstat().st_uid
            if owner != os.getuid():
                raise UnsafeFolder(
                    f"{path} belongs to another user (uid {owner}), who could put other programs "
                    f"there. Remove it, or {_MOVE}"
                )
        if folder.stat().st_mode & 0o022:
            raise UnsafeFolder(
                f"{folder} can be written by other users, so the programs in it cannot be "
                f"trusted. {_REMOVE}"
            )
        folder.chmod(0o700)
        return folder

    def _make(self, folder: Path, fill: Callable[[Path], None]) -> None:
        for leftover in folder.parent.glob(f"{_UNFINISHED}*"):
            # A step outlives a killed run for a moment, and still writes: then the next run sweeps.
            shutil.rmtree(leftover, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
        try:
            fill(unfinished)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise

    @contextmanager
    def _lock(self, root: Path, say: Callable[[str], None]) -> Iterator[None]:
        with (root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"Another process is filling {root}; waiting for it to finish.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


if __name__ == "__main__":
    show(Cache.of_user().own)
