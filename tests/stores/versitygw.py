"""versitygw: S3 in front of a file system (Apache 2.0), built from Go modules that are pinned.

To pin anew after a change of the version, see `sandbox/tools/go_build.py`.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from palette_backup_provider.sandbox.tools import go_build
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.go_build import SETTINGS, pin, verified
from tests.stores.store import HOST, KEY, REGION, Certificate, Kind, Launch

VERSION = "v1.8.0"
MODULE = "github.com/versity/versitygw"
SUMS = {f"{MODULE}@{VERSION}": "h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc="}
GO_MOD = f"""\
module palette-backup/tests/versitygw

go 1.25.0

require {MODULE} {VERSION}
"""
_BUILT = f"versitygw-{VERSION}"


def _build(folder: Path) -> None:
    go = shutil.which("go")
    assert go, "Install Go 1.25 or newer: there is no `go` on PATH to build versitygw with."
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)
        pin(work, GO_MOD, str(Path(__file__).with_name("versitygw.sum")))
        download = [go, "mod", "download", "-json", *SUMS]
        verified(go_build.run(download, work, SETTINGS, print), SUMS)
        flags = ("-trimpath", "-ldflags", "-s -w")
        build = [go, "build", *flags, "-o", f"{folder}/", f"{MODULE}/cmd/versitygw"]
        go_build.run(build, work, SETTINGS, print)


@cache
def program() -> Path:
    """The server program, built once and kept."""
    return Cache.of_user().make(_BUILT, _build, print) / "versitygw"


def _prepare(folder: Path, port: int, certificate: Certificate | None) -> Launch:
    for each in ("data", "sidecar"):
        (folder / each).mkdir()
    tls = []
    if certificate:
        (folder / "chain.pem").write_bytes(certificate.chain)
        (folder / "key.pem").write_bytes(certificate.key)
        tls = ["--cert", str(folder / "chain.pem"), "--key", str(folder / "key.pem")]
    command = [
        *(str(program()), "--port", f"{HOST}:{port}", "--region", REGION, "--quiet", *tls),
        *("posix", "--sidecar", str(folder / "sidecar"), str(folder / "data")),
    ]
    return Launch(command, {"ROOT_ACCESS_KEY": KEY[0], "ROOT_SECRET_KEY": KEY[1]})


VERSITYGW = Kind("versitygw", _prepare, checks_region=True, knows_checksums=True)
