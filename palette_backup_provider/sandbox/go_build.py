"""Steps with the Go command, for programs that are built on this machine.

`go install` refuses modules whose go.mod has `replace` lines, and pins nothing but a version. So
each program is built from a go.mod of ours, after Go has told the hash of every module we name:
theirs pin everything below them.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError

SETTINGS = {"GOFLAGS": "-mod=mod", "GOWORK": "off", "CGO_ENABLED": "0"}
_SIGN_OF_LIFE = 20.0

Say = Callable[[str], None]
Run = Callable[[Sequence[str], Path, Mapping[str, str], Say], str]
"""Runs a command in a folder, with settings on top of the environment; answers its stdout."""


class BuildFailed(ProviderError):
    """A step of the build ended with an error."""


def run(command: Sequence[str], folder: Path, settings: Mapping[str, str], say: Say) -> str:
    """Runs one step, with a sign of life while it works."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **settings}, stdout=out, stderr=err
        )
        try:
            while process.poll() is None:
                try:
                    process.wait(_SIGN_OF_LIFE)
                except subprocess.TimeoutExpired:
                    say(f"    still at it, {time.monotonic() - begun:.0f} s")
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        out.seek(0)
        err.seek(0)
        if process.returncode:
            last = "\n".join(err.read().strip().splitlines()[-12:])
            raise BuildFailed(f"`{' '.join(command[:3])}` failed:\n{last}")
        return out.read()


def verified(downloaded: str, sums: Mapping[str, str]) -> dict[str, Path]:
    """Where Go put each module, once all have the contents that `sums` pins them to."""
    sources: dict[str, Path] = {}
    decoder, rest = json.JSONDecoder(), downloaded.strip()
    while rest:  # Go prints one object after the other, not a list.
        module, end = decoder.raw_decode(rest)
        rest = rest[end:].lstrip()
        name = f"{module['Path']}@{module['Version']}"
        if module["Sum"] != sums[name]:
            raise BuildFailed(
                f"{name} is not the module it was when its version was pinned: its hash is "
                f"{module['Sum']}, not {sums[name]}. Do not use it; look at where Go gets its "
                f"modules (go env GOPROXY)."
            )
        sources[name] = Path(module["Dir"])
    if missing := sums.keys() - sources.keys():
        raise BuildFailed(f"Go did not download {', '.join(sorted(missing))}.")
    return sources
