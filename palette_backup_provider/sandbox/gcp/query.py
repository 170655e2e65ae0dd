"""The parameters and headers that this sandbox's Google Cloud knows, by call.

What is not listed here is refused by its name: what is ignored is believed to hold.
"""

from collections.abc import Mapping

from werkzeug.wrappers import Request

from palette_backup_provider.sandbox.gcp.rules import Refused

_OF_ANY_CALL = {"alt", "fields", "prettyPrint", "projection", "quotaUser"}
"""They change how an answer looks, which may tell more than was asked for."""
CONDITIONS = {
    "ifGenerationMatch",
    "ifGenerationNotMatch",
    "ifMetagenerationMatch",
    "ifMetagenerationNotMatch",
}
_UPLOAD = {"uploadType", "upload_id", "name", *CONDITIONS}
_PARAMETERS: Mapping[str, set[str]] = {
    "iam.projects.serviceAccounts.list": {"pageSize", "pageToken"},
    "iam.projects.serviceAccounts.keys.list": {"keyTypes"},
    "iam.projects.roles.list": {"pageSize", "pageToken"},
    "iam.projects.roles.patch": {"updateMask"},
    "storage.buckets.list": {"project", "prefix", "pageToken", "maxResults"},
    "storage.buckets.insert": {"project"},
    "storage.buckets.getIamPolicy": {"optionsRequestedPolicyVersion"},
    "storage.buckets.testIamPermissions": {"permissions"},
    "storage.objects.list": {
        "prefix",
        "delimiter",
        "startOffset",
        "endOffset",
        "versions",
        "pageToken",
        "maxResults",
    },
    "storage.objects.insert": _UPLOAD,
    "storage.objects.resume": _UPLOAD,
    "storage.objects.get": {"generation", *CONDITIONS},
    "storage.objects.delete": {"generation", *CONDITIONS},
    "xml.objects.get": {
        "generation",
        "response-content-type",
        "response-content-disposition",
    },
    "xml.objects.delete": {"generation"},
}
_FLAGS = {"versions", "softDeleted", "includeFoldersAsPrefixes", "includeTrailingDelimiter"}
"""Those that mean nothing when they are false."""
_TELL_NOTHING = {
    "x-goog-api-client",
    "x-goog-gcs-idempotency-token",
    "x-goog-request-params",
    "x-goog-user-project",
}
_HEADERS: Mapping[str, set[str]] = {
    "storage.objects.insert": {"x-goog-hash", "x-goog-resumable"},
    "storage.objects.resume": {"x-goog-hash"},
    "xml.objects.get": {"x-goog-if-generation-match"},
    "xml.objects.put": {"x-goog-if-generation-match", "x-goog-hash", "x-goog-content-sha256"},
    "xml.objects.delete": {"x-goog-if-generation-match"},
}
METADATA = "x-goog-meta-"


def known_query(
    call: str, request: Request, signed: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The parameters of a request, but those that are empty; `signed` are those of a signed URL."""
    parameters = {
        name: value for name, value in request.args.items() if value and name not in signed
    }
    parameters = {k: v for k, v in parameters.items() if not (k in _FLAGS and v.lower() == "false")}
    for name in parameters:
        if name not in _OF_ANY_CALL and name not in _PARAMETERS.get(call, ()):
            raise unknown(f"the parameter {name} of {call}")
    for name, _ in request.headers:
        header = name.lower()
        metadata = call == "xml.objects.put" and header.startswith(METADATA)
        ours = header in _TELL_NOTHING or header in _HEADERS.get(call, ()) or metadata
        condition = header in ("if-match", "if-none-match") and not call.startswith("iam")
        if condition or (header.startswith("x-goog-") and not ours):
            raise unknown(f"the header {header} of {call}")
    return parameters


def demand_conditions(query: Mapping[str, str], generation: int | None) -> None:
    """Refuse a call unless its conditions hold for the live object, which may not be there."""
    live = str(generation or 0)
    metageneration = "1" if generation else "0"
    expected = (query.get("ifGenerationMatch", live), query.get("ifMetagenerationMatch"))
    unwanted = (query.get("ifGenerationNotMatch"), query.get("ifMetagenerationNotMatch"))
    if (
        expected[0] != live
        or expected[1] not in (None, metageneration)
        or unwanted[0] == live
        or unwanted[1] == metageneration
    ):
        message = "At least one of the pre-conditions you specified did not hold."
        raise Refused(412, "FAILED_PRECONDITION", message, "conditionNotMet")


def unknown(what: str) -> Refused:
    """What Google knows, perhaps, and this sandbox does not."""
    message = f"This sandbox does not know {what}."
    return Refused(501, "UNIMPLEMENTED", message, "notImplemented")
