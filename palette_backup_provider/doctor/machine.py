"""What is asked of this machine."""

import os
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from palette_backup_provider.clients.palette.settings import server_url
from palette_backup_provider.clients.rest.trust import own_ca
from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.errors import BadSetting
from palette_backup_provider.core.own_settings import CA_CERT
from palette_backup_provider.core.packages import ALWAYS, OLDEST, demand_visible
from palette_backup_provider.doctor import clouds
from palette_backup_provider.doctor.advice import parted
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Check, Finding, fault, good, skipped, warning
from palette_backup_provider.doctor.stack import pulumi
from palette_backup_provider.engine.tokens import handler_of

PACKAGE = "palette-backup-provider"
HOST = "pulumi-language-python"
SLOW, WRONG = 30, 240
"""Seconds that a clock may be off: unnoticed by Palette, and before a cloud refuses signatures."""
ALLOWED = ", ".join(f"{each.name} beyond {each.skew} minutes" for each in clouds.CLOUDS)
BUNDLES = (
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"),
    *(cloud.bundle for cloud in CLOUDS.values() if cloud.bundle),
)
CA_SETTINGS = [CA_CERT, *(cloud.ca_cert for cloud in CLOUDS.values() if cloud.ca_cert)]


def python(case: Case) -> Finding:
    running = f"{sys.version.split()[0]} in {sys.prefix}"
    virtualenv = case.stack.virtualenv if case.stack else None
    if virtualenv and virtualenv.resolve() != Path(sys.prefix).resolve():
        return warning(
            f"{running}, and the program runs in {virtualenv}",
            f"ask there: {virtualenv}/bin/palette-backup doctor",
        )
    return good(running)


def package(case: Case) -> Finding:
    demand_visible(*ALWAYS)
    try:
        return good(f"{PACKAGE} {version(PACKAGE)}, pulumi {version('pulumi')}")
    except PackageNotFoundError as error:
        return fault(f"{error.name} is not installed in {sys.prefix}")


def engine(case: Case) -> Finding:
    path = shutil.which("pulumi")
    if path is None:
        return fault("there is no `pulumi` on PATH")
    printed = pulumi(["version"], Path.cwd(), case.timeout).strip()
    number = re.match(r"v?(\d+)\.(\d+)", printed)
    if number is None:
        return fault(f"`{path} version` prints no version")
    if (int(number[1]), int(number[2])) < OLDEST:
        return warning(f"{printed} at {path} is older than 3.{OLDEST[1]}")
    return good(f"{printed} at {path}")


def host(case: Case) -> Finding:
    own = str(Path(shutil.which("pulumi") or "").parent)
    beside = os.pathsep.join([own, os.environ.get("PATH", "")])
    for name in (HOST, f"{HOST}-exec"):
        if shutil.which(name, path=beside) is None:
            return fault(f"there is no {name} beside `pulumi`, nor on PATH")
    return good(f"{shutil.which(HOST, path=beside)}")


def stack(case: Case) -> Finding:
    if case.unread:
        return fault(*parted(case.unread))
    if case.stack is None:
        return good("none; the settings are those of the environment")
    for token in {resource.token for resource in case.stack.resources}:
        handler_of(token)  # which refuses a type of another version
    count = len(case.stack.resources)
    noun = "resource" if count == 1 else "resources"
    return good(f"{case.stack.name}, {count} {noun} of this package")


def proxy(case: Case) -> Finding:
    from palette_backup_provider.clients.rest.proxies import proxy, variable

    try:
        url = server_url(case.settings)
    except BadSetting:
        return skipped("palette:host is no address")  # which palette.reachable tells
    address = proxy(url)
    if address is None:
        return good("none on the way to Palette")
    through = urlsplit(address if "://" in address else f"//{address}").netloc.rpartition("@")[2]
    return good(f"{through} on the way to Palette, from ${variable(urlsplit(url).scheme)}")


def certificates(case: Case) -> Finding:
    bundles = [(f"${name}", os.environ.get(name)) for name in BUNDLES]
    bundles += [(key.name, case.settings.get(*key.places)) for key in CA_SETTINGS]
    named = [(where, value) for where, value in bundles if value]
    for where, value in named:
        if ended := own_ca(where, value).expired:
            return fault(f"the CA in {where} expired on {ended}")
    return good(f"CAs of {', '.join(w for w, _ in named)}" if named else "the public CAs")


def clock(case: Case) -> Finding:
    if case.skew is None:
        return skipped("Palette does not tell the time")
    off = round(case.skew.total_seconds())
    difference = f"{abs(off)} s {'ahead of' if off > 0 else 'behind'} Palette's"
    if abs(off) > WRONG:
        return fault(difference)
    return warning(difference) if abs(off) > SLOW else good(difference if off else "as Palette's")


CHECKS = (
    Check(
        "machine.python",
        "Does the command run in the Python that the program runs in?",
        "The project names a virtual environment, and the command is installed elsewhere: "
        "what it sees there is not what `pulumi up` sees.",
        "run `palette-backup` of the project's virtual environment",
        python,
    ),
    Check(
        "machine.package",
        "Are this package and Pulumi's SDK installed, and does no file of the program hide one?",
        "A file such as `requests.py` beside the program is imported instead of the package of "
        "that name. Or the environment is broken.",
        "rename the file, or install anew: pip install --force-reinstall palette-backup-provider",
        package,
    ),
    Check(
        "machine.engine",
        "Is there a `pulumi`, and is it new enough?",
        "Pulumi is not installed, not on PATH, or older than its SDK for Python.",
        "install it: https://www.pulumi.com/docs/install/",
        engine,
    ),
    Check(
        "machine.host",
        "Is the host there that runs Python programs for `pulumi`?",
        "Some packages of `pulumi` come without the language hosts, or `pulumi` alone was copied.",
        "install Pulumi as a whole: https://www.pulumi.com/docs/install/",
        host,
        needs=("machine.engine",),
    ),
    Check(
        "machine.stack",
        "Can the settings and the state of the stack be read?",
        "No stack is selected, its passphrase is not set, nobody is signed in to the backend, or "
        "an ESC environment cannot be opened. Or a newer version of this package made the stack.",
        "see what `pulumi config --show-secrets` says; --no-stack asks by the environment alone",
        stack,
    ),
    Check(
        "machine.proxy",
        "Which proxy is on the way to Palette?",
        "A variable such as `HTTPS_PROXY` holds what is no address of a proxy.",
        "correct or unset the variable",
        proxy,
    ),
    Check(
        "machine.certificates",
        "Can the CAs be read that settings name, and are they valid today?",
        "A path is wrong, a file is no PEM, or the CA in it has expired.",
        "correct the path, get the CA that follows, or unset it for the public CAs",
        certificates,
    ),
    Check(
        "machine.clock",
        "Does the clock of this machine agree with Palette's?",
        f"Clouds refuse signatures of another time: {ALLOWED}.",
        "set the clock: `sudo timedatectl set-ntp true`",
        clock,
        needs=("palette.reachable",),
    ),
)
