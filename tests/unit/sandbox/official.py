"""Stands in for Pulumi's official installer: a site on loopback with a script and a release.

The script does what that of get.pulumi.com does, where it matters here: its options and what it
refuses, `curl` with redirects, GitHub first and then its own site, temporary files, and a line in
the user's profile unless told otherwise.
"""

import io
import os
import ssl
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.sandbox.proxy.tls import LoopbackAuthority
from palette_backup_provider.sandbox.tools.pulumi_install import VERSION
from tests.unit.clients.loopback import listening

SCRIPT = """\
#!/bin/sh
set -e
export ARGUMENTS="$*"
VERSION="" ROOT="$HOME/.pulumi" EDIT=true
while [ $# -gt 0 ]; do
    case "$1" in
        --version) VERSION=$2; shift ;;
        --install-root) ROOT=$2; shift ;;
        --no-edit-path) EDIT=false ;;
        *) echo "error: unknown option '$1'" >&2; exit 1 ;;
    esac
    shift
done
FILE="pulumi-v$VERSION-linux-x64.tar.gz"
printf '\\033[34;1m=== Installing Pulumi %s ===\\033[0m\\n' "$VERSION"
TARBALL=$(mktemp -t pulumi.tar.gz.XXXXXXXXXX)
if ! curl --fail -L --header "Authorization: Bearer $GITHUB_TOKEN" -o "$TARBALL" \\
        "SITE/pulumi/pulumi/releases/download/v$VERSION/$FILE"; then
    if ! curl --retry 2 --fail -L -o "$TARBALL" "SITE/releases/sdk/$FILE"; then
        printf '\\033[31;1merror: failed to download %s\\033[0m\\n' "$FILE" >&2
        exit 1
    fi
fi
mkdir -p "$ROOT/bin"
EXTRACTED=$(mktemp -dt pulumi.XXXXXXXXXX)
tar zxf "$TARBALL" -C "$EXTRACTED"
cp -r "$EXTRACTED/pulumi/." "$ROOT/bin/"
env > "$ROOT/bin/environment"
rm -rf "$TARBALL" "$EXTRACTED"
if $EDIT; then echo "export PATH=\\$PATH:$ROOT/bin" >> "$HOME/.profile"; fi
"""
GITHUB = f"/pulumi/pulumi/releases/download/v{VERSION}/pulumi-v{VERSION}-linux-x64.tar.gz"
OWN = f"/releases/sdk/pulumi-v{VERSION}-linux-x64.tar.gz"
PROGRAMS = {
    "pulumi": f"#!/bin/sh\necho v{VERSION}\n",
    "pulumi-language-python": "#!/bin/sh\n",
}


def release(programs: Mapping[str, str]) -> bytes:
    """A release, as Pulumi packs it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in programs.items():
            member = tarfile.TarInfo(f"pulumi/{name}")
            member.size, member.mode = len(content), 0o755
            tar.addfile(member, io.BytesIO(content.encode()))
    return packed.getvalue()


class Site:
    """What the site answers, which a test may change, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.content = {
            "/install.sh": SCRIPT.replace("SITE", url).encode(),
            "/assets/release": release(PROGRAMS),
        }
        self.redirects = {GITHUB: f"{url}/assets/release"}
        self.missing = 0
        """Bytes by which the answers end too early."""
        self.held = threading.Event()
        """Set once an answer has come half-way."""
        self._halting, self._free = "", threading.Event()

    def hold(self, path: str) -> None:
        """Have answers to `path` come half-way, and no further for now."""
        self._free.clear()
        self._halting = path

    def resume(self) -> None:
        """Have all answers come whole."""
        self._halting = ""
        self._free.set()

    def answer(self, call: BaseHTTPRequestHandler) -> None:
        self.asked.append(call.path)
        if where := self.redirects.get(call.path):
            call.send_response(302)
            call.send_header("Location", where)
            call.send_header("Content-Length", "0")
            call.end_headers()
            return
        content = self.content.get(call.path)
        call.send_response(404 if content is None else 200)
        content = content or b""
        call.send_header("Content-Length", str(len(content) + self.missing))
        call.end_headers()
        half = len(content) // 2 if call.path == self._halting else len(content)
        call.wfile.write(content[:half])
        if half < len(content):
            call.wfile.flush()
            self.held.set()
            self._free.wait(30)
        call.wfile.write(content[half:])


@contextmanager
def official(authority: LoopbackAuthority) -> Iterator[Site]:
    """The site, over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

    context: ssl.SSLContext = authority.server_context()
    with listening(Handler, context) as url:
        site = Site(url)
        try:
            yield site
        finally:
            site.resume()


def environment(folder: Path, authority: LoopbackAuthority) -> dict[str, str]:
    """The environment of somebody who has a home, secrets, and `authority` among those trusted."""
    home, ca = folder / "home", folder / "ca.pem"
    home.mkdir()
    (folder / "tmp").mkdir()
    (home / ".curlrc").write_text("insecure\n")
    ca.write_bytes(authority.pem)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(folder / "tmp"),
        "CURL_CA_BUNDLE": str(ca),
        "GITHUB_TOKEN": "a-token-of-theirs",
        **{
            f"{one}_SECRET": "a-key-of-theirs"
            for cloud in CLOUDS.values()
            for one in cloud.variables
        },
    }
