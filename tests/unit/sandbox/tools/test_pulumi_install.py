"""Pulumi's official installer: when it runs, within which limits, and what is left if it fails.

The installer is a stand-in on this machine (`official`); the real one has not been run by a test.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.sandbox.proxy.tls import LoopbackAuthority
from palette_backup_provider.sandbox.tools.cache import Cache
from palette_backup_provider.sandbox.tools.pulumi import Engines, NoEngine, may_install
from palette_backup_provider.sandbox.tools.pulumi_install import VERSION, Installer
from tests.unit.clients.loopback import Reply, serve
from tests.unit.sandbox.official import (
    GITHUB,
    OWN,
    PROGRAMS,
    Site,
    environment,
    official,
    release,
)

ROOT = Path(__file__).parents[4]
NOTHING = {"lock"}
"""What is in the cache when no program is."""


@pytest.fixture(scope="module")
def authority() -> LoopbackAuthority:
    return LoopbackAuthority()


@pytest.fixture
def site(authority: LoopbackAuthority) -> Iterator[Site]:
    with official(authority) as site:
        yield site


@pytest.fixture
def environ(tmp_path: Path, authority: LoopbackAuthority) -> dict[str, str]:
    return environment(tmp_path, authority)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def engines(site: Site, environ: dict[str, str], tmp_path: Path, said: list[str]) -> Engines:
    """Those of somebody with neither Pulumi nor Go on PATH."""
    if not shutil.which("curl"):
        pytest.skip("curl, which the installer works with, is not here")
    installer = Installer(site.url, environ)
    return Engines(Cache(tmp_path / "cache"), path="", say=said.append, installer=installer)


def limited(engines: Engines, **limits: float) -> Engines:
    return replace(engines, installer=replace(engines.installer, **limits))  # type: ignore[arg-type]


def refused(engines: Engines) -> str:
    """Why there is no engine; nothing is left of the attempt."""
    with pytest.raises(NoEngine) as caught:
        engines.find()
    assert {each.name for each in engines.cache.root.iterdir()} <= NOTHING
    assert "Install Pulumi, with its Python language host, or Go 1." in str(caught.value)
    return str(caught.value)


def test_with_neither_pulumi_nor_go_it_runs_once(engines: Engines, site: Site) -> None:
    found = engines.find()
    assert found.is_relative_to(engines.cache.root) and VERSION in str(found)
    assert {*PROGRAMS} <= {each.name for each in found.iterdir()}
    assert site.asked == ["/install.sh", GITHUB, "/assets/release"]
    assert engines.find() == found
    assert len(site.asked) == 3


def test_it_is_announced_before_it_begins(engines: Engines, site: Site, said: list[str]) -> None:
    announced: list[tuple[str, list[str]]] = []
    replace(engines, say=lambda text: announced.append((text, [*site.asked]))).find()
    text, asked_by_then = announced[0]
    assert text.startswith("==> ") and asked_by_then == []
    for part in (VERSION, f"{site.url}/install.sh", str(engines.cache.root), "=false"):
        assert part in text


def test_it_leaves_its_folder_and_nothing_else(
    engines: Engines, environ: dict[str, str], tmp_path: Path
) -> None:
    found = engines.find()
    assert [each.name for each in found.parent.iterdir()] == ["bin"]
    assert "--no-edit-path" in (found / "environment").read_text()
    assert [each.name for each in Path(environ["HOME"]).iterdir()] == [".curlrc"]
    assert not [*(tmp_path / "tmp").iterdir()]


def test_it_sees_no_credential(engines: Engines, environ: dict[str, str]) -> None:
    seen = (engines.find() / "environment").read_text()
    assert environ["CURL_CA_BUNDLE"] in seen
    assert "theirs" not in seen


def test_the_switch_forbids_it(engines: Engines, site: Site) -> None:
    message = refused(replace(engines, may_install=False))
    assert "PALETTE_BACKUP_INSTALL_PULUMI" in message
    assert site.asked == []


@pytest.mark.parametrize(
    ("value", "may"), [(None, True), ("", True), ("true", True), ("False", False), ("0", False)]
)
def test_how_the_switch_is_set(value: str | None, may: bool) -> None:
    assert may_install({} if value is None else {"PALETTE_BACKUP_INSTALL_PULUMI": value}) is may


def test_a_switch_that_says_neither_is_refused() -> None:
    with pytest.raises(BadSetting, match=r"PALETTE_BACKUP_INSTALL_PULUMI is 'never'; it takes"):
        may_install({"PALETTE_BACKUP_INSTALL_PULUMI": "never"})


def test_the_command_that_make_runs_obeys_the_switch(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "palette_backup_provider.sandbox.tools.pulumi"],
        cwd=ROOT,
        env={
            "PATH": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path),
            "PALETTE_BACKUP_INSTALL_PULUMI": "false",
        },
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "forbids Pulumi's official installer" in done.stderr
    assert "==>" not in done.stderr and "Traceback" not in done.stderr


def test_an_address_where_nobody_is(engines: Engines) -> None:
    with serve() as gone:
        url = gone.url.replace("http:", "https:")
    message = refused(limited(engines, site=url))  # type: ignore[arg-type]
    assert f"{url}/install.sh cannot be had: curl: (7)" in message


def test_an_address_that_is_slow_is_given_up(engines: Engines, site: Site) -> None:
    site.hold("/install.sh")
    message = refused(limited(engines, probe=0.3))
    assert "install.sh cannot be had: It did not end within 0.3 s." in message


def test_the_time_that_an_address_has() -> None:
    assert Installer().probe == 10
    assert Installer().site == "https://get.pulumi.com"


def test_without_curl_it_says_so(engines: Engines, environ: dict[str, str], site: Site) -> None:
    environ["PATH"] = "/nowhere"
    assert "needs `curl`" in refused(engines)
    assert site.asked == []


def test_a_certificate_that_nobody_vouches_for(
    engines: Engines, environ: dict[str, str], site: Site
) -> None:
    """Not even where a .curlrc at home says that any will do."""
    del environ["CURL_CA_BUNDLE"]
    assert "curl: (60)" in refused(engines)
    assert site.asked == []


@pytest.mark.parametrize("path", ["/install.sh", GITHUB])
def test_no_redirect_leads_away_from_https(engines: Engines, site: Site, path: str) -> None:
    with serve() as plain:
        plain.otherwise = Reply(200, "exit 0\n")
        site.redirects[path] = f"{plain.url}/x"
        message = refused(engines)
        assert plain.requests == []
    assert 'Protocol "http" not supported or disabled' in message


def test_where_github_has_no_release_its_own_site_has(engines: Engines, site: Site) -> None:
    del site.redirects[GITHUB]
    site.content[OWN] = release(PROGRAMS)
    assert (engines.find() / "pulumi").exists()


def test_a_release_that_is_nowhere(engines: Engines, site: Site) -> None:
    del site.redirects[GITHUB]
    message = refused(engines)
    assert "install.sh failed: curl: (22)" in message
    assert f"error: failed to download pulumi-v{VERSION}-linux-x64.tar.gz" in message
    assert "[31" not in message, "colours are left out"


def test_the_proxy_of_the_environment_is_asked(engines: Engines, environ: dict[str, str]) -> None:
    """By the address of the real installer, which no test reaches."""
    with serve() as proxy:
        environ["HTTPS_PROXY"] = proxy.url
        refused(replace(engines, installer=Installer(environ=environ)))
        assert proxy.calls() == ["CONNECT get.pulumi.com:443"]


@pytest.mark.parametrize(
    ("programs", "told"),
    [
        ({**PROGRAMS, "pulumi": "#!/bin/sh\necho v3.1.0\n"}, f"v3.1.0, not v{VERSION}"),
        ({**PROGRAMS, "pulumi": "#!/bin/sh\necho killed >&2; exit 9\n"}, "does not run: killed"),
        ({"pulumi": PROGRAMS["pulumi"]}, "no language host for Python"),
    ],
    ids=["another version", "does not run", "no host"],
)
def test_what_is_no_engine_is_not_used(
    engines: Engines, site: Site, programs: dict[str, str], told: str
) -> None:
    site.content["/assets/release"] = release(programs)
    assert told in refused(engines)


def test_what_was_cut_off_is_not_used(engines: Engines, site: Site) -> None:
    site.missing = 1
    assert "install.sh cannot be had: curl: (18)" in refused(engines)


def test_a_download_that_is_too_large(engines: Engines, site: Site) -> None:
    site.content["/assets/release"] = bytes(64 * 1024)
    assert "install.sh failed" in refused(limited(engines, largest=16 * 1024))
    assert OWN in site.asked, "GitHub's was given up"


def test_an_installation_that_does_not_end(engines: Engines, site: Site) -> None:
    site.hold("/assets/release")
    assert "install.sh failed: It did not end within 1 s." in refused(limited(engines, limit=1))


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_installation_that_is_ended_half_way(
    engines: Engines, site: Site, environ: dict[str, str], tmp_path: Path, end: signal.Signals
) -> None:
    """What is left of it is swept away, and the next run gets a whole engine."""
    site.hold("/assets/release")
    root = engines.cache.root
    program = (
        "from pathlib import Path\n"
        "from palette_backup_provider.sandbox.tools import pulumi as engine\n"
        f"cache, site = engine.Cache(Path({str(root)!r})), engine.Installer({site.url!r})\n"
        "engine.find_engine = engine.Engines(cache, path='', installer=site).find\n"
        "engine.main()\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True
    )
    assert site.held.wait(120)
    running.send_signal(end)
    _, errors = running.communicate(timeout=120)
    assert running.returncode == (-end if end == signal.SIGKILL else 130)
    assert "Traceback" not in errors
    left = {each.name for each in root.iterdir() if not each.name.startswith(".unfinished-")}
    assert left == NOTHING
    assert not [*(tmp_path / "tmp").iterdir()]
    site.resume()
    assert (engines.find() / "pulumi").exists()
