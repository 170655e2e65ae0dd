"""Builds a Pulumi engine from Go modules, for places that reach nothing but package registries.

The versions are pinned, and so are the contents of the modules we name: Go tells each module's
hash, and theirs pin everything below them. Three releases of Pulumi take part:

- the CLI;
- the language host for Python, from the last release in which it was part of a published module;
- the two scripts that start Python, taken as they are from the module of the SDK we are locked to.

`go install` refuses modules whose go.mod has `replace` lines, as Pulumi's have, so each program is
built from a go.mod of ours that repeats the lines that matter.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from palette_backup_provider.core.errors import ProviderError

CLI = "v3.259.0"
LANGUAGE_HOST = "v3.79.0"
SCRIPTS = "v3.272.0"
GO_VERSION = "1.25.11"
"""The oldest Go that builds this CLI."""

_PKG = "github.com/pulumi/pulumi/pkg/v3"
_SDK = "github.com/pulumi/pulumi/sdk/v3"

SUMS = {
    f"{_PKG}@{CLI}": "h1:Zf4wiLmgdhTAyq5dtTVnNY26BjtGrJ85ZQYut2qG6xM=",
    f"{_SDK}@{CLI}": "h1:mJP9tXF9oxcfwidBgteXkUUchIz2L59SbGS5byZBo1w=",
    f"{_SDK}@{LANGUAGE_HOST}": "h1:GJ46WDwJ78jQ9qJW0nI1WdnypjCNkRQG9rVymw0go9A=",
    f"{_SDK}@{SCRIPTS}": "h1:MoJElH3Y/VwV1tfTVNCh2BJuc3HxB7OPmvvYzaDe89c=",
}
"""Every module named here, with the hash of its contents."""

_CLI_GO_MOD = f"""\
module palette-backup/engine/cli

go {GO_VERSION}

require {_PKG} {CLI}

replace {_SDK} => {_SDK} {CLI}

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard \
v0.0.0-20241001131231-d02d263e614e
"""
_HOST_GO_MOD = f"""\
module palette-backup/engine/host

go {GO_VERSION}

require {_SDK} {LANGUAGE_HOST}
"""

_GO_SETTINGS = {"GOFLAGS": "-mod=mod", "GOWORK": "off", "CGO_ENABLED": "0"}
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


def build(go: str, folder: Path, say: Say, run: Run = run) -> None:
    """Fills `folder` with all that belongs on PATH; `go` is the Go command."""
    folder.mkdir()
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)

        def step(text: str, go_mod: str, *arguments: str) -> str:
            (work / "go.mod").write_text(go_mod)
            say(text)
            return run([go, *arguments], work, _GO_SETTINGS, say)

        download = ("mod", "download", "-json", *SUMS)
        sources = _verified(step("1/3 Downloading Pulumi's Go modules", _CLI_GO_MOD, *download))
        step(
            f"2/3 Building the language host for Python {LANGUAGE_HOST} (about a minute)",
            _HOST_GO_MOD,
            *_build(folder, f"{_SDK}/python/cmd/pulumi-language-python", LANGUAGE_HOST),
        )
        step(
            f"3/3 Building the Pulumi CLI {CLI} (about four minutes on two cores)",
            _CLI_GO_MOD,
            *_build(folder, f"{_PKG}/cmd/pulumi", CLI),
        )
    scripts = sources[f"{_SDK}@{SCRIPTS}"] / "python"
    for script in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
        copy = folder / Path(script).name
        shutil.copyfile(scripts / script, copy)
        copy.chmod(0o755)


def _build(folder: Path, package: str, version: str) -> list[str]:
    """Arguments for `go`. Without its version linked in, the Automation API refuses the CLI."""
    flags = f"-X {_SDK}/go/common/version.Version={version}"
    return ["build", "-trimpath", "-ldflags", flags, "-o", f"{folder}/", package]


def _verified(downloaded: str) -> dict[str, Path]:
    """Where Go put each module, once all have the contents they are pinned to."""
    sources: dict[str, Path] = {}
    decoder, rest = json.JSONDecoder(), downloaded.strip()
    while rest:  # Go prints one object after the other, not a list.
        module, end = decoder.raw_decode(rest)
        rest = rest[end:].lstrip()
        name = f"{module['Path']}@{module['Version']}"
        if module["Sum"] != SUMS[name]:
            raise BuildFailed(
                f"{name} is not the module it was when its version was pinned: its hash is "
                f"{module['Sum']}, not {SUMS[name]}. Do not use it; look at where Go gets its "
                f"modules (go env GOPROXY)."
            )
        sources[name] = Path(module["Dir"])
    if missing := SUMS.keys() - sources.keys():
        raise BuildFailed(f"Go did not download {', '.join(sorted(missing))}.")
    return sources
