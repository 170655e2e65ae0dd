"""Runs Pulumi's official installer, for people who have neither a Pulumi nor a Go.

The installer is a script of Pulumi's, https://get.pulumi.com/install.sh. It downloads one release,
from GitHub or else from get.pulumi.com, with `curl`. Only the version is pinned: script and release
are trusted by TLS alone. So nothing but HTTPS is spoken, redirects included. Of the environment
the script gets what says how to reach the network, and no credential; its home is a folder that
goes afterwards.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from palette_backup_provider.core.errors import ProviderError, sentence
from palette_backup_provider.sandbox.tools import pulumi_build as engine_build
from palette_backup_provider.sandbox.tools.step import Say, StepFailed, run

VERSION = engine_build.CLI.removeprefix("v")
"""The release that is installed. If Go is there, the same release is built instead."""

_PASSED = re.compile(
    "PATH|LANG|LC_ALL|(https?|all|no)_proxy|curl_ca_bundle|ssl_cert_(file|dir)", re.IGNORECASE
)
"""What the installer gets of the environment."""
_CURLRC = """\
proto = "=https"
connect-timeout = 10
silent
show-error
"""
"""For each `curl` of the script too. `proto` holds for redirects as well."""
_BLOCK = 512


class NotInstalled(ProviderError):
    """Pulumi's official installer cannot be reached, or did not do its work."""


@dataclass(frozen=True)
class Installer:
    """The installer, and the limits that it runs in."""

    site: str = "https://get.pulumi.com"
    """Where it is."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """The environment, of which it gets the part that leads to the network."""
    probe: float = 10
    """Seconds within which the script has to be here."""
    limit: float = 1800
    """Seconds within which it has to end."""
    largest: int = 2**30
    """Bytes that a file may have which it writes; the download is one."""

    @property
    def script(self) -> str:
        """The address of the script."""
        return f"{self.site}/install.sh"

    def install(self, root: Path, say: Say) -> None:
        """Puts Pulumi, with its language hosts, into `root`/bin."""
        with tempfile.TemporaryDirectory(dir=root) as scratch:
            home = Path(scratch)
            (home / ".curlrc").write_text(_CURLRC)
            self._probe(home, say)
            arguments = ("--version", VERSION, "--install-root", str(root), "--no-edit-path")
            try:
                self._run(["sh", "install.sh", *arguments], home, say, self.limit)
            except StepFailed as error:
                raise NotInstalled(f"{self.script} failed: {_words(error)}") from None
            self._check(root / "bin", home, say)

    def _probe(self, home: Path, say: Say) -> None:
        """Fetches the script, which also tells whether its address can be reached."""
        if not shutil.which("curl", path=self.environ.get("PATH")):
            raise NotInstalled("Pulumi's official installer needs `curl`, which is not on PATH.")
        fetch = ["curl", "--fail", "--location", "--output", "install.sh", self.script]
        try:
            self._run(fetch, home, say, self.probe)
        except StepFailed as error:
            raise NotInstalled(f"{self.script} cannot be had: {_words(error)}") from None

    def _check(self, folder: Path, home: Path, say: Say) -> None:
        if not os.access(folder / "pulumi-language-python", os.X_OK):
            raise NotInstalled(f"{self.script} installed no language host for Python.")
        try:
            version = self._run([str(folder / "pulumi"), "version"], home, say, self.limit).strip()
        except StepFailed as error:
            raise NotInstalled(f"The Pulumi installed does not run: {_words(error)}") from None
        if version != f"v{VERSION}":
            raise NotInstalled(f"{self.script} installed Pulumi {version}, not v{VERSION}.")

    def _run(self, command: Sequence[str], home: Path, say: Say, limit: float) -> str:
        passed = {name: value for name, value in self.environ.items() if _PASSED.fullmatch(name)}
        own = dict.fromkeys(("HOME", "TMPDIR", "PULUMI_HOME"), str(home))
        bounded = ["sh", "-c", f'ulimit -f {self.largest // _BLOCK} && exec "$@"', "sh", *command]
        environment = {**passed, **own, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        return run(bounded, home, environment, say, limit)


def _words(error: StepFailed) -> str:
    """What the command said last, without its colours."""
    return sentence(click.unstyle(error.last) or "it gave no reason")
