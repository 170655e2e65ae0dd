"""What Azure's refusals mean, and what a person can do about them.

ARM and Graph answer `{"error": {"code", "message"}}`, the sign-in `{"error",
"error_description": "AADSTS7000215: …"}`, storage XML with `<Code>` and `<Message>`. For much that
is wrong with a request Graph has one code, and tells in the error's `details` which it is.
"""

import json
import re
from collections.abc import Callable, Mapping
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from palette_backup_provider.clients.rest.trust import distrust
from palette_backup_provider.core.errors import (
    ApiError,
    ApiKeyRejected,
    NotFound,
    again,
    sentence,
)
from palette_backup_provider.core.secrets import excerpt

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Answer, Service

WAYS = (
    "Set azure-native:clientId, clientSecret and tenantId (or $ARM_CLIENT_ID, $ARM_CLIENT_SECRET "
    "and $ARM_TENANT_ID), or sign in with `az login`."
)
"""How to sign in."""
GONE = frozenset(
    {
        "ContainerNotFound",
        "BlobNotFound",
        "ParentResourceNotFound",
        "Request_ResourceNotFound",
        "ResourceGroupNotFound",
        "ResourceNotFound",
        "RoleAssignmentNotFound",
        "RoleDefinitionDoesNotExist",
    }
)
GENERIC = "Request_BadRequest"
"""Graph's code for what its details tell better."""
UNKNOWN_SECRET = frozenset({"AADSTS7000215", "AADSTS700016"})
"""A secret or an application that the sign-in does not know, or not yet."""
REFUSED = frozenset(
    {"AuthorizationFailed", "Authorization_RequestDenied", "AuthorizationPermissionMismatch"}
)
REGISTER = "Register the subscription for storage: `az provider register -n Microsoft.Storage`."
ADVICE = {
    "AADSTS7000215": (
        "The client secret is wrong, or too new to be known everywhere. Correct it, or wait."
    ),
    "AADSTS700016": "The tenant has no such application. Check the client id and the tenant.",
    "AADSTS7000112": (
        "Somebody disabled its sign-in in Entra ID, or deactivated it. If this stack made it, "
        "`pulumi up --refresh` enables it again."
    ),
    "AADSTS7000222": "The client secret has expired. Renew it.",
    "AADSTS90002": (
        "There is no such tenant in this cloud. Check the tenant and azure-native:environment."
    ),
    "InvalidAuthenticationTokenTenant": (
        "The subscription belongs to another tenant than the credentials. Set "
        "azure-native:tenantId (or $ARM_TENANT_ID) to the subscription's tenant."
    ),
    "SubscriptionNotFound": (
        "Check azure-native:subscriptionId (or $ARM_SUBSCRIPTION_ID), and that the credentials "
        "have a role in that subscription."
    ),
    "MissingSubscriptionRegistration": REGISTER,
    "Authorization_RequestDenied": (
        "The operator needs the Graph application permission Application.ReadWrite.OwnedBy (or "
        "the Entra role Application Developer)."
    ),
    "RequestDisallowedByPolicy": (
        "An Azure Policy forbids it, as it says. Ask for what the policy allows, have it "
        "exempted, or use an existing account that complies. Shared keys have to work there in "
        "any case: Velero signs in with them."
    ),
    "KeyBasedAuthenticationNotPermitted": (
        "The storage account forbids shared keys (allowSharedKeyAccess), which Velero signs in "
        "with. Allow them, or use another account."
    ),
    "AuthorizationFailure": (
        "The storage account's network rules do not let this machine in. Add its address to "
        "allowed_ips, or set probe=False if only the clusters shall reach it. If its public "
        "endpoint was switched off, `pulumi up --refresh` puts it back."
    ),
    "CredentialTypeNotAllowedAsPerAppPolicy": (
        "An app management policy of the tenant forbids client secrets. Have the application "
        "exempted; Palette knows no other way to sign in."
    ),
    "CredentialInvalidLifetimeAsPerAppPolicy": (
        "An app management policy of the tenant limits how long a client secret lives. Set a "
        "smaller valid_days."
    ),
}


def to_api_error(service: "Service", what: str, answer: "Answer") -> ApiError:
    """The error for an `answer` of status 400 or more to the call `what`."""
    status = answer.status
    code, message = understood(answer.text)
    if not code:
        quoted = sentence(excerpt(answer.text))
        line = f"{service} answered {what} with {status}: {quoted} {answer.effort} {again(service)}"
        return ApiError(line, status=status)
    text = f"Azure refused {what} ({excerpt(code)}): {excerpt(message)}"
    if code in ADVICE:
        text = f"{sentence(text)} {ADVICE[code]}"
    if code == "SubscriptionNotFound" and "/Microsoft.Storage/" in what:  # says so of this, too
        text = f"{text} If it is there and never had a storage account: {REGISTER}"
    if code.startswith("AADSTS"):
        return ApiKeyRejected(text, status=status, code=code)
    kind = NotFound if status == 404 and code in GONE else ApiError
    return kind(text, status=status, code=code)


def understood(body: str) -> tuple[str, str]:
    """Code and message of an error; both empty if it is not Azure's."""
    if body.lstrip("\ufeff").startswith("<"):
        return _from_xml(body.lstrip("\ufeff"))
    from palette_backup_provider.clients.rest.answers import UNPARSED

    try:
        parsed = json.loads(body)
        problem = parsed["error"]
        if isinstance(problem, str):
            message = str(parsed.get("error_description", ""))
            code = re.match(r"AADSTS\d+", message)
            return (code[0] if code else problem), message.removeprefix(f"{code and code[0]}: ")
        return _code(problem), str(problem.get("message", ""))
    except UNPARSED:
        return "", ""


def _code(problem: Mapping[str, Any]) -> str:
    code = str(problem["code"])
    details = problem.get("details") if code == GENERIC else None
    return next((str(detail["code"]) for detail in details or () if detail.get("code")), code)


def _from_xml(body: str) -> tuple[str, str]:
    try:
        error = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return "", ""
    message = error.findtext("Message", "").partition("\n")[0]
    return error.findtext("Code", ""), message


def not_signed_in(
    error: Exception, advice: Callable[[SSLCertVerificationError], str]
) -> ApiError | None:
    """azure-identity's error as ours; None for an error that is not azure-identity's.

    `advice` says what to do about a certificate that is not trusted.
    """
    from azure.core.exceptions import ClientAuthenticationError

    if root := distrust(error):
        line = f"Azure shows at sign-in a certificate that is not trusted ({root.verify_message})."
        return ApiError(f"{line} {advice(root)}", status=0)
    if not isinstance(error, ClientAuthenticationError):
        return None
    message = " ".join(str(error.message or error).split())
    code = next((code for code in ADVICE if f"{code}:" in message), "")
    hint = WAYS if not code or code in UNKNOWN_SECRET else ADVICE[code]
    return ApiError(f"Azure did not let us sign in: {message} {hint}", status=401, code=code)
