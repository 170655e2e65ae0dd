"""actionlint, which judges workflows of GitHub, built from Go modules that are pinned.

To pin anew after a change of the version, see `sandbox/tools/go_build.py`.
"""

import tempfile
from pathlib import Path

from palette_backup_provider.sandbox.tools import go_build
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.go_build import SETTINGS, pin, verified

VERSION = "v1.7.12"
MODULE = "github.com/rhysd/actionlint"
SUMS = {f"{MODULE}@{VERSION}": "h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY="}
GO_MOD = f"""\
module palette-backup/tests/actionlint

go 1.25.0

require {MODULE} {VERSION}
"""


def program(go: str) -> Path:
    """The program, built once and kept."""

    def build(folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            work = Path(scratch)
            pin(work, GO_MOD, str(Path(__file__).with_name("actionlint.sum")))
            download = [go, "mod", "download", "-json", *SUMS]
            verified(go_build.run(download, work, SETTINGS, print), SUMS)
            flags = ("-trimpath", "-ldflags", "-s -w")
            command = [go, "build", *flags, "-o", f"{folder}/", f"{MODULE}/cmd/actionlint"]
            go_build.run(command, work, SETTINGS, print)

    return Cache.of_user().make(f"actionlint-{VERSION}", build, print) / "actionlint"
