"""What is asked of Palette."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from palette_backup_provider.clients.palette.client import LOCATIONS, joined
from palette_backup_provider.clients.palette.connection import clock
from palette_backup_provider.clients.palette.settings import server_url
from palette_backup_provider.clients.rest.trust import UNTRUSTED
from palette_backup_provider.core.errors import ApiError, ApiKeyRejected
from palette_backup_provider.core.own_settings import API_KEY, HOST, PALETTE, PROJECT
from palette_backup_provider.doctor.case import Case
from palette_backup_provider.doctor.check import Check, Finding, fault, good, skipped, warning

FORBIDDEN = 403
SET_KEY = f"give the right key: pulumi config set --secret {API_KEY.name}"
NO_PROJECT = "no project is set"


def reachable(case: Case) -> Finding:
    begun = datetime.now(UTC)
    try:
        theirs = clock(case.settings)
    except ApiError as error:
        if error.code != UNTRUSTED:
            raise
        return good(f"something answers at {_address(case)}")
    if theirs and theirs.tzinfo:
        ours = datetime.now(UTC)
        middle = begun + (ours - begun) / 2
        case.skew = middle.replace(microsecond=0) - theirs
    return good(f"{_address(case)}, from {case.origin(HOST) or 'the default'}")


def certificate(case: Case) -> Finding:
    if server_url(case.settings).startswith("http:"):
        return skipped("plain http")
    clock(case.settings)
    return good(f"that of {_address(case)} is trusted")


def key(case: Case) -> Finding:
    try:
        tenant = case.palette.tenant()
    except ApiKeyRejected:
        return fault(f"Palette at {_address(case)} refused the API key of {case.origin(API_KEY)}")
    organization = case.palette.organization()
    named = f"{organization} ({tenant})" if organization else tenant
    return good(f"accepted, tenant {named}; from {case.origin(API_KEY)}")


def tenant(case: Case) -> Finding:
    made_in = {
        str(resource.props.get("__made_under") or "") for resource in case.resources("palette")
    }
    expected, actual = made_in - {""}, case.palette.tenant()
    if others := sorted(expected - {actual}):
        return fault(f"the stack is in the tenant {', '.join(others)}, and the key in {actual}")
    return good(actual) if expected else skipped("no resource of the stack expects one")


def settings(case: Case) -> Finding:
    PALETTE.demand_known(case.settings)
    return good("every key is one of palette:")


def key_twice(case: Case) -> Finding:
    (first, counts), *others = case.origins(API_KEY) or [("", "")]
    differing = [place for place, value in others if value != counts]
    if not differing:
        return good(f"given by {first}" if first else "given nowhere")
    return warning(
        f"{', '.join(differing)} differs from {first}, which wins",
        f"remove the wrong key: `pulumi config rm {API_KEY.name}` or "
        f"`unset {API_KEY.variables[0]}`",
    )


def project(case: Case) -> Finding:
    if case.tenant:
        return good("the tenant's own locations are asked about")
    if not case.has_scope:
        return warning(f"none is set; the API key can see {case.palette.project_names()}")
    name = case.palette.project_name(case.scope)
    return good(f"{name} ({case.scope}), from {_scope_origin(case)}")


def may_list(case: Case) -> Finding:
    if not case.has_scope:
        return skipped(NO_PROJECT)
    count = len(case.palette.locations(case.scope))
    return good(f"{count} {'location' if count == 1 else 'locations'}")


def may_create(case: Case) -> Finding:
    """By a request that lacks all that Palette demands, so that nothing can come of it."""
    if not case.has_scope:
        return skipped(NO_PROJECT)
    try:
        location = case.palette.call("POST", f"{LOCATIONS}/s3", {}, project=case.scope)
        case.palette.call("DELETE", joined(LOCATIONS, "s3", location["uid"]), project=case.scope)
    except ApiError as error:
        if error.status == FORBIDDEN or error.unclear:
            raise
    return good("nothing forbids it")


def _address(case: Case) -> str:
    return urlsplit(server_url(case.settings)).netloc


def _scope_origin(case: Case) -> str:
    return "--project" if case.project else case.origin(PROJECT)


CHECKS = (
    Check(
        "palette.reachable",
        "Does Palette answer at its address?",
        "The address is wrong, the network or a proxy is in the way, or Palette is down.",
        f"check {HOST.name}, the network and the proxy ($HTTPS_PROXY, $NO_PROXY)",
        reachable,
        needs=("machine.stack", "machine.proxy", "machine.certificates"),
    ),
    Check(
        "palette.certificate",
        "Is the certificate trusted that Palette shows?",
        "A CA of your own signed it, a proxy signs with its own CA, it has expired, or it is made "
        "out to another name.",
        "set palette:caCert to the path of the CA's PEM file",
        certificate,
        needs=("palette.reachable",),
    ),
    Check(
        "palette.key",
        "Does Palette accept the API key, and whose is it?",
        "The key is missing, mistyped, expired or deleted. `pulumi refresh` and `pulumi destroy` "
        "use the key of the last `pulumi up`.",
        SET_KEY,
        key,
        needs=("palette.certificate",),
    ),
    Check(
        "palette.tenant",
        "Does the key belong to the tenant that the stack's locations are in?",
        "A key of another tenant is given, or another stack is selected. There, every location "
        "would seem to be gone.",
        "give a key of that tenant, or select the stack of this one",
        tenant,
        needs=("palette.key",),
    ),
    Check(
        "palette.settings",
        "Is every key of `palette:` a setting?",
        "A key is misspelt. `pulumi up` refuses it, too.",
        "correct or remove it (`pulumi config rm`): docs/settings.md has all",
        settings,
        needs=("machine.stack",),
    ),
    Check(
        "palette.key-twice",
        "Do all places that give an API key give the same one?",
        "Stack config wins over variables. An old key in one place hides a new one in another.",
        "remove the wrong key",
        key_twice,
        needs=("machine.stack",),
    ),
    Check(
        "palette.project",
        "Is there the project that locations go into?",
        "The project is not set, mistyped, gone, or hidden from the owner of the key.",
        "set it: pulumi config set palette:project NAME; or ask about the tenant with --tenant",
        project,
        needs=("palette.key",),
    ),
    Check(
        "palette.list",
        "May the key list the backup locations there?",
        "Its owner lacks `location.list` and `location.get`.",
        "have the owner of the key given a role with location.list and location.get",
        may_list,
        needs=("palette.project",),
    ),
    Check(
        "palette.create",
        "May the key create backup locations there?",
        "Its owner lacks `location.create`, `.update` or `.delete`, which Project Admin has. The "
        "question is a request that lacks all that Palette demands, so that nothing comes of it.",
        "have the owner of the key given the role Project Admin",
        may_create,
        needs=("palette.project",),
    ),
)
