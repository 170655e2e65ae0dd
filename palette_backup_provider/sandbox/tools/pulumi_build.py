"""Builds a Pulumi engine from Go modules, for places that reach nothing but package registries.

The versions are pinned, and so are the contents of all modules (`go_build`). Three releases of
Pulumi take part:

- the CLI;
- the language host for Python, from the last release in which it was part of a published module;
- the two scripts that start Python, taken as they are from the module of the SDK we are locked to.

Pulumi's go.mod files have `replace` lines; ours repeat those that matter.
"""

import shutil
import tempfile
from pathlib import Path

from palette_backup_provider.sandbox.tools.go_build import SETTINGS, Run, pin, run, verified
from palette_backup_provider.sandbox.tools.step import Say

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
_CLI_SUMS, _HOST_SUMS = "pulumi.sum", "pulumi-language-python.sum"


def build(go: str, folder: Path, say: Say, run: Run = run) -> None:
    """Fills `folder` with all that belongs on PATH; `go` is the Go command."""
    folder.mkdir()
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)

        def step(text: str, go_mod: str, sums: str, *arguments: str) -> str:
            pin(work, go_mod, sums)
            say(text)
            return run([go, *arguments], work, SETTINGS, say)

        download = ("mod", "download", "-json", *SUMS)
        sources = verified(
            step("1/3 Downloading Pulumi's Go modules", _CLI_GO_MOD, _CLI_SUMS, *download), SUMS
        )
        step(
            f"2/3 Building the language host for Python {LANGUAGE_HOST} (about a minute)",
            _HOST_GO_MOD,
            _HOST_SUMS,
            *_build(folder, f"{_SDK}/python/cmd/pulumi-language-python", LANGUAGE_HOST),
        )
        step(
            f"3/3 Building the Pulumi CLI {CLI} (about four minutes on two cores)",
            _CLI_GO_MOD,
            _CLI_SUMS,
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
