"""The settings of a sandbox as a file that a shell can read.

Programs that read it reach the sandbox and nothing else. Settings of the real clouds are unset, and
the places where SDKs look for credentials on their own are pointed at nothing.
"""

import fcntl
import os
import re
import shlex
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.settings import PALETTE
from palette_backup_provider.sandbox.cloud import clouds

_MARK = "# Settings of a palette-backup sandbox; they work while it runs."

_NAMES = "[A-Za-z0-9_]+"


def out_of_reach(nothing: Path) -> dict[str, str]:
    """Settings that keep SDKs from real credentials; `nothing` is a path that is not there."""
    variables = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
    for cloud in clouds().values():
        variables |= dict.fromkeys(cloud.nowhere, str(nothing)) | cloud.out_of_reach
    return variables


def cleared(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the settings of real clouds and Palettes."""
    real = re.compile(f"{_real()}_.*")
    return {name: value for name, value in environment.items() if not real.fullmatch(name)}


def _real() -> str:
    """A pattern of how the variables begin that could lead to a real cloud or a real Palette."""
    of_clouds = [name for cloud in CLOUDS.values() for name in cloud.variables]
    return f"({'|'.join([*of_clouds, *PALETTE])})"


def _unset() -> str:
    """The line of a shell that forgets those variables."""
    named = f"^{_real()}_{_NAMES}="
    return f"unset $(env | grep -E -o '{named}' | tr -d '=') 2>/dev/null || true"


def write(path: Path, settings: Mapping[str, str]) -> IO[str]:
    """Write the file, for its owner's eyes only, in one step. Only a file of ours is replaced, and
    none of a sandbox that runs: one holds the file, which is returned, open until its end."""
    if path.is_symlink() or path.exists():
        _check_ours(path)
    lines = [_MARK, _unset(), *(f"export {k}={shlex.quote(v)}" for k, v in settings.items())]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp opens with O_EXCL and mode 0600.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with ExitStack() as opened:
            file = opened.enter_context(os.fdopen(handle, "w", encoding="utf-8"))
            file.write("\n".join(lines) + "\n")
            file.flush()
            _locked(file)
            os.replace(temporary, path)
            opened.pop_all()
    except OSError as error:
        raise ProviderError(f"Cannot write {path}: {error.strerror}.") from None
    return file


def read(path: Path) -> dict[str, str]:
    """The settings in a file that a sandbox wrote."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        raise ProviderError(
            f"{path} cannot be read. A sandbox writes it as it starts, and removes it as it stops."
        ) from None
    if not text.startswith(_MARK):
        raise ProviderError(f"{path} was not written by a sandbox.")
    words = shlex.split(text, comments=True)
    exports = (word for before, word in pairwise(words) if before == "export")
    return {name: value for name, _, value in (word.partition("=") for word in exports)}


def remove(path: Path, token: str) -> None:
    """Remove the file, unless another sandbox has replaced it since."""
    if path.is_file() and token in path.read_text(encoding="utf-8"):
        path.unlink()


def _check_ours(path: Path) -> None:
    ours = False
    if path.is_file() and not path.is_symlink():
        with path.open("rb") as file:
            ours = file.read(len(_MARK)) == _MARK.encode()
            if ours and not _locked(file):
                raise ProviderError(
                    f"{path} has the settings of a sandbox that is running, which would be lost. "
                    "Give another path with --env, or stop that one."
                )
    if not ours:
        raise ProviderError(
            f"{path} exists and was not written by a sandbox. Remove it, or give another path with "
            "--env."
        )


def _locked(file: IO[Any]) -> bool:
    """Lock the file until it is closed; whether nobody else has. The lock ends with its process."""
    with suppress(OSError):  # a file system without locks has none to respect
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
