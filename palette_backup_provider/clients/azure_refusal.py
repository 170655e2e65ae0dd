"""What Azure's refusals mean, and what a person can do about them.

ARM and Graph answer `{"error": {"code", "message"}}`, the sign-in `{"error",
"error_description": "AADSTS7000215: …"}`, storage XML with `<Code>` and `<Message>`. For much that
is wrong with a request Graph has one code, and tells in the error's `details` which it is.
"""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from palette_backup_provider.core.errors import ApiError, KeyRefused, NotFound
from palette_backup_provider.core.secrets import excerpt

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Answer, Service

GONE = frozenset(
    {
        "ContainerNotFound",
        "BlobNotFound",
        "ParentResourceNotFound",
        "Request_ResourceNotFound",
        "ResourceGroupNotFound",
        "ResourceNotFound",
        "RoleAssignmentNotFound",
    }
)
GENERIC = "Request_BadRequest"
"""Graph's code for what its details tell better."""
UNKNOWN_SECRET = frozenset({"AADSTS7000215", "AADSTS700016"})
"""A secret or an application that the sign-in does not know, or not yet."""
REFUSED = frozenset(
    {"AuthorizationFailed", "Authorization_RequestDenied", "AuthorizationPermissionMismatch"}
)
HINTS = {
    "AADSTS7000215": "The client secret is wrong, or too new to be known everywhere.",
    "AADSTS700016": "The tenant has no such application; check the client id and the tenant.",
    "AADSTS7000112": "Somebody disabled its sign-in in Entra ID, or deactivated it. If this stack "
    "made it, `pulumi up --refresh` enables it again.",
    "AADSTS7000222": "The client secret has expired.",
    "AADSTS90002": "There is no such tenant in this cloud; check the tenant and "
    "azure-native:environment.",
    "InvalidAuthenticationTokenTenant": "The subscription belongs to another tenant than the "
    "credentials. Set azure-native:tenantId (or $ARM_TENANT_ID) to the subscription's tenant.",
    "SubscriptionNotFound": "Check azure-native:subscriptionId (or $ARM_SUBSCRIPTION_ID), and "
    "that the credentials have a role in that subscription.",
    "Authorization_RequestDenied": "The operator needs the Graph application permission "
    "Application.ReadWrite.OwnedBy (or the Entra role Application Developer).",
    "RequestDisallowedByPolicy": "An Azure Policy forbids it. Backup locations need a storage "
    "account whose shared keys work, as Velero lists them: have it exempted, or bring an account "
    "that is (existing_storage_account).",
    "KeyBasedAuthenticationNotPermitted": "The storage account forbids shared keys "
    "(allowSharedKeyAccess), which Velero signs in with. Allow them, or use another account.",
    "AuthorizationFailure": "The storage account's network rules do not let this machine in. Add "
    "its address to allowed_ips, or set probe=False if only the clusters shall reach it. If its "
    "public endpoint was switched off, `pulumi up --refresh` puts it back.",
    "CredentialTypeNotAllowedAsPerAppPolicy": "An app management policy of the tenant forbids "
    "client secrets. Have the application exempted; Palette knows no other way to sign in.",
    "CredentialInvalidLifetimeAsPerAppPolicy": "An app management policy of the tenant limits how "
    "long a client secret lives: set a smaller valid_days.",
}


def refusal(service: "Service", what: str, answer: "Answer") -> ApiError:
    """The error for an `answer` of status 400 or more to the call `what`."""
    status = answer.status
    code, message = understood(answer.text)
    if not code:
        text = f"{service} answered {what} with {status}: {excerpt(answer.text)} {answer.effort}"
        return ApiError(text, status=status)
    text = f"Azure refused {what} ({code}): {excerpt(message)}"
    if code in HINTS:
        text = f"{text} {HINTS[code]}"
    if code.startswith("AADSTS"):
        return KeyRefused(text, status=status, code=code)
    kind = NotFound if status == 404 and code in GONE else ApiError
    return kind(text, status=status, code=code)


def understood(body: str) -> tuple[str, str]:
    """Code and message of an error; both empty if it is none of Azure's."""
    if body.lstrip("\ufeff").startswith("<"):
        return _from_xml(body.lstrip("\ufeff"))
    try:
        found = json.loads(body)
        problem = found["error"]
        if isinstance(problem, str):
            message = str(found.get("error_description", ""))
            code = re.match(r"AADSTS\d+", message)
            return (code[0] if code else problem), message.removeprefix(f"{code and code[0]}: ")
        return _code(problem), str(problem.get("message", ""))
    except (AttributeError, KeyError, TypeError, ValueError):
        return "", ""


def _code(problem: Mapping[str, Any]) -> str:
    code = str(problem["code"])
    details = problem.get("details") if code == GENERIC else None
    return next((str(one["code"]) for one in details or () if one.get("code")), code)


def _from_xml(body: str) -> tuple[str, str]:
    try:
        error = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return "", ""
    message = error.findtext("Message", "").partition("\n")[0]
    return error.findtext("Code", ""), message
