"""A folder of wheels from which pip and uv install this package without a network.

The package is built as it is released. What it requires is packed again from the environment that
runs the tests, which has it in the pinned versions.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from itertools import product
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
_SEED = ("pip", "setuptools", "wheel")
"""What `uv venv --seed` puts into an environment."""
_LEFT_OUT = {"INSTALLER", "REQUESTED", "direct_url.json"}
"""What an installation adds."""


def fill(house: Path, *extras: str) -> None:
    """Put the package's wheel into `house`, and those of all that it needs with `extras`."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(house), str(ROOT)], check=True, cwd=house)
    for needed in [*_needed("palette-backup-provider", extras), *map(distribution, _SEED)]:
        _pack(needed, house)


def _needed(name: str, extras: Iterable[str]) -> Iterator[Distribution]:
    seen: set[tuple[str, str]] = set()
    asked = [(name, extra) for extra in ("", *extras)]
    found: dict[str, Distribution] = {}
    while asked:
        one = asked.pop()
        if one in seen:
            continue
        seen.add(one)
        there = found.setdefault(one[0], distribution(one[0]))
        for text in there.requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": one[1]}):
                asked += product([wanted.name], ["", *wanted.extras])
    del found[name]
    yield from found.values()


def _pack(installed: Distribution, house: Path) -> None:
    text = installed.read_text("WHEEL") or ""
    tags = [line.split(": ")[1].split("-") for line in text.splitlines() if line[:5] == "Tag: "]
    tag = "-".join(".".join(sorted(set(part))) for part in zip(*tags, strict=True))
    files = [
        file
        for file in installed.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in _LEFT_OUT
    ]
    (metadata,) = {file.parts[0] for file in files if file.parts[0].endswith(".dist-info")}
    with ZipFile(house / f"{metadata.removesuffix('.dist-info')}-{tag}.whl", "w") as wheel:
        for file in files:
            wheel.write(str(file.locate()), str(file))
