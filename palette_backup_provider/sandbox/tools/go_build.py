"""Steps with the Go command, for programs that are built on this machine.

`go install` refuses modules whose go.mod has `replace` lines, and pins nothing but a version. So
each program is built from a go.mod and a go.sum of ours. The go.sum, in `go_sums`, pins the
contents of every module that takes part: what is built runs with the operator's credentials. Of
Go's own settings those count that say where things are, and none that says what is checked.

To pin anew after a change of a version: in an empty folder with the go.mod,
`GOFLAGS=-mod=mod go list -deps PACKAGE`, and take the go.sum that this leaves.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from palette_backup_provider.sandbox.tools import step
from palette_backup_provider.sandbox.tools.step import Say, StepFailed

SETTINGS = {
    "GOFLAGS": "-mod=readonly",
    "GOWORK": "off",
    "CGO_ENABLED": "0",
    **dict.fromkeys(("GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"), "none"),
}
"""What a build is told, whatever the environment or `go env -w` says."""
WHERE = {
    *("GOPROXY", "GOAUTH", "GOROOT", "GOTOOLCHAIN"),
    *("GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR"),
}
"""Go's settings that are taken from the environment."""
_SUMS = Path(__file__).with_name("go_sums")

Run = Callable[[Sequence[str], Path, Mapping[str, str], Say], str]
"""Runs a command in a folder, with settings on top of the environment; answers its stdout."""


def pin(folder: Path, go_mod: str, sums: str) -> None:
    """Have builds in `folder` be of `go_mod`, with the contents that the file `sums` pins."""
    (folder / "go.mod").write_text(go_mod)
    (folder / "go.sum").write_bytes((_SUMS / sums).read_bytes())


def run(command: Sequence[str], folder: Path, settings: Mapping[str, str], say: Say) -> str:
    """Runs one step, with `settings` on top of what counts of the environment."""
    return step.run(command, folder, {**_environment(), **settings}, say)


def _environment() -> dict[str, str]:
    of_go = {name for name in os.environ if name.startswith(("GO", "CGO_"))}
    return {name: value for name, value in os.environ.items() if name not in of_go - WHERE}


def verified(downloaded: str, sums: Mapping[str, str]) -> dict[str, Path]:
    """Where Go put each module, once all have the contents that `sums` pins them to."""
    sources: dict[str, Path] = {}
    decoder, rest = json.JSONDecoder(), downloaded.strip()
    while rest:  # Go prints one object after the other, not a list.
        module, end = decoder.raw_decode(rest)
        rest = rest[end:].lstrip()
        name = f"{module['Path']}@{module['Version']}"
        if module["Sum"] != sums[name]:
            raise StepFailed(
                f"{name} is not the module it was when its version was pinned: its hash is "
                f"{module['Sum']}, not {sums[name]}. Do not use it; look at where Go gets its "
                f"modules (go env GOPROXY)."
            )
        sources[name] = Path(module["Dir"])
    if missing := sums.keys() - sources.keys():
        raise StepFailed(f"Go did not download {', '.join(sorted(missing))}.")
    return sources
