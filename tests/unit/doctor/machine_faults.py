"""Faults of this machine and of Palette."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from tempfile import mkdtemp

from tests.unit.clients.authority import Authority
from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.ward import Ward

CLOCK = "palette_backup_provider.doctor.palette.clock"
VERSION = "palette_backup_provider.doctor.machine.version"
LOCATIONS = "/v1/users/assets/locations"
NEW, OLD = "v3.259.0", "v3.100.0"


def folder(ward: Ward) -> Path:
    made = Path(mkdtemp(dir=ward.folder))
    return made


@yellow("machine.python", "the program runs in /elsewhere")
def another_virtual_environment(ward: Ward) -> None:
    ward.stack["virtualenv"] = Path("/elsewhere")


@red("machine.package", "requests.py hides the package requests")
def a_file_that_hides_a_package(ward: Ward) -> None:
    place = folder(ward)
    (place / "requests.py").touch()
    ward.patch.syspath_prepend(place)


@red("machine.package", "pulumi is not installed in")
def a_package_that_is_absent(ward: Ward) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError("pulumi")

    ward.patch.setattr(VERSION, absent)


@red("machine.engine", "no `pulumi` on PATH")
def no_engine(ward: Ward) -> None:
    ward.programs(folder(ward))


@red("machine.engine", "prints no version")
def something_else_that_is_called_so(ward: Ward) -> None:
    ward.programs(folder(ward), pulumi="hello")


@red("machine.engine", "`pulumi version` failed: exit code 3")
def something_that_fails(ward: Ward) -> None:
    ward.programs(folder(ward), does="exit 3", pulumi=NEW)


@red("machine.engine", "`pulumi version` did not end within 1 s")
def an_engine_that_hangs(ward: Ward) -> None:
    ward.programs(folder(ward), does="kill -STOP $$", pulumi=NEW)
    ward.changes["timeout"] = 1.0


@yellow("machine.engine", "v3.100.0 at")
def an_old_engine(ward: Ward) -> None:
    ward.programs(folder(ward), pulumi=OLD)


@red("machine.host", "no pulumi-language-python beside")
def an_engine_alone(ward: Ward) -> None:
    ward.programs(folder(ward), pulumi=NEW)


@red("machine.host", "no pulumi-language-python-exec beside")
def half_a_host(ward: Ward) -> None:
    ward.programs(folder(ward), pulumi=NEW, pulumi_language_python="")


@red("machine.stack", "no stack selected")
def a_stack_that_cannot_be_read(ward: Ward) -> None:
    ward.changes["unread"] = "no stack selected"


@red("machine.stack", "resource type 'palette:Volume', which this version")
def a_stack_of_a_newer_version(ward: Ward) -> None:
    ward.record("palette:Volume", "id")


@red("machine.proxy", "is not the address of a proxy")
def no_proxy(ward: Ward) -> None:
    ward.patch.setenv("PALETTE_HOST", "https://palette.example.com")
    ward.patch.setenv("HTTPS_PROXY", "http://")


@red("machine.certificates", "/no/such cannot be read")
def no_file_of_cas(ward: Ward) -> None:
    ward.patch.setenv("PALETTE_CA_CERT", "/no/such")


@red("machine.certificates", "expired on")
def cas_of_yesterday(ward: Ward) -> None:
    ward.patch.setattr("palette_backup_provider.clients.rest.trust.time.time", lambda: 1e12)
    ward.patch.setenv("CURL_CA_BUNDLE", str(Authority(folder(ward)).path))


def later(ward: Ward, seconds: int) -> None:
    ward.patch.setattr(CLOCK, lambda _: datetime.now(UTC) - timedelta(seconds=seconds))


@red("machine.clock", "s ahead of Palette's")
def a_clock_that_is_wrong(ward: Ward) -> None:
    later(ward, 600)


@yellow("machine.clock", "s behind Palette's")
def a_clock_that_is_slow(ward: Ward) -> None:
    later(ward, -60)


@red("palette.reachable", "127.0.0.1:9 gave no answer to GET /v1/users/info")
def nobody_there(ward: Ward) -> None:
    ward.patch.setenv("PALETTE_HOST", "https://127.0.0.1:9")
    ward.changes["timeout"] = 0.4  # it is tried once


@red("palette.reachable", "palette:host is not usable")
def no_address(ward: Ward) -> None:
    ward.config["palette:host"] = "https://palette.example.com/path"


@red("palette.certificate", "shows a certificate that is not trusted")
def a_ca_of_its_own(ward: Ward) -> None:
    ward.patch.delenv("PALETTE_CA_CERT")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        ward.patch.delenv(name, raising=False)


@red("palette.key", "palette:apiKey is not set")
def no_key(ward: Ward) -> None:
    ward.patch.delenv("PALETTE_API_KEY")


@red("palette.key", "refused the API key of $PALETTE_API_KEY")
def a_wrong_key(ward: Ward) -> None:
    ward.patch.setenv("PALETTE_API_KEY", "a-key-of-nobody")


@red("palette.tenant", "the stack is in the tenant another, and the key in ")
def a_key_of_another_tenant(ward: Ward) -> None:
    ward.record("palette:BackupLocation", "uid", __made_under="another")


@red("palette.settings", "palette:hots is no setting: do you mean palette:host?")
def a_misspelt_setting(ward: Ward) -> None:
    ward.config["palette:hots"] = "palette.example.com"


@yellow("palette.key-twice", "$SPECTROCLOUD_APIKEY differs from $PALETTE_API_KEY, which wins")
def two_keys(ward: Ward) -> None:
    ward.patch.setenv("SPECTROCLOUD_APIKEY", "an-old-key")


@yellow("palette.key-twice", "differs from palette:apiKey of Pulumi.dev.yaml, which wins")
def another_key_in_the_stack(ward: Ward) -> None:
    ward.config["palette:apiKey"] = "an-old-key"


@yellow("palette.project", "none is set; the API key can see Default, team-a")
def no_project(ward: Ward) -> None:
    ward.patch.delenv("PALETTE_PROJECT")


@red("palette.project", "no project 'Prod' that the API key can see")
def another_project(ward: Ward) -> None:
    ward.changes["project"] = "Prod"


@red("palette.list", "403")
def no_right_to_list(ward: Ward) -> None:
    ward.refuse(f"GET {LOCATIONS}")


@red("palette.create", "403")
def no_right_to_create(ward: Ward) -> None:
    ward.refuse(f"POST {LOCATIONS}/s3")
