"""The settings of a sandbox as a file that a shell can read.

Programs that read it reach the sandbox and nothing else: settings of the real clouds are unset, and
the places where SDKs look for credentials on their own are pointed at nothing.
"""

import os
import re
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError

_MARK = "# Settings of a palette-backup sandbox; they work while it runs."

_REAL = re.compile("(AWS|ARM|AZURE|GOOGLE|GCLOUD|CLOUDSDK|GCE|MINIO|PALETTE|SPECTROCLOUD)_.*")
"""Variables that could lead to a real cloud or a real Palette."""

_UNSET = (
    "unset $(env | grep -E -o '^(AWS|ARM|AZURE|GOOGLE|GCLOUD|CLOUDSDK|GCE|MINIO|PALETTE|"
    "SPECTROCLOUD)_[A-Za-z0-9_]+=' | tr -d '=') 2>/dev/null || true"
)


def out_of_reach(nothing: Path) -> dict[str, str]:
    """Settings that keep SDKs from real credentials; `nothing` is a path that is not there."""
    return {
        "AWS_CONFIG_FILE": str(nothing),
        "AWS_SHARED_CREDENTIALS_FILE": str(nothing),
        "AWS_EC2_METADATA_DISABLED": "true",
        "GOOGLE_APPLICATION_CREDENTIALS": str(nothing),
        "CLOUDSDK_CONFIG": str(nothing),
        "NO_GCE_CHECK": "true",
        "AZURE_CONFIG_DIR": str(nothing),
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def cleared(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the settings of real clouds and Palettes."""
    return {name: value for name, value in environment.items() if not _REAL.fullmatch(name)}


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Write the file, for its owner's eyes only, in one step. Only a file of ours is replaced."""
    if path.is_symlink() or path.exists():
        _check_ours(path)
    lines = [_MARK, _UNSET, *(f"export {k}={shlex.quote(v)}" for k, v in settings.items())]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp opens with O_EXCL and mode 0600.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.replace(temporary, path)
    except OSError as error:
        raise ProviderError(f"Cannot write {path}: {error.strerror}.") from None


def remove(path: Path, token: str) -> None:
    """Remove the file, unless another sandbox has replaced it since."""
    if path.is_file() and token in path.read_text(encoding="utf-8"):
        path.unlink()


def _check_ours(path: Path) -> None:
    ours = False
    if path.is_file() and not path.is_symlink():
        with path.open("rb") as file:
            ours = file.read(len(_MARK)) == _MARK.encode()
    if not ours:
        raise ProviderError(
            f"{path} exists and was not written by a sandbox. Remove it, or give another path."
        )
