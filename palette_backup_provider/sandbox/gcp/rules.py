"""How Google Cloud refuses, and what its roles allow, as far as a sandbox needs them."""

import json
from typing import Any

from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.gcp.known_errors import ERRORS, NOT_ENABLED, POLICY

ADMIN_ROLES = (
    "roles/storage.admin",
    "roles/iam.serviceAccountAdmin",
    "roles/iam.serviceAccountKeyAdmin",
    "roles/iam.roleAdmin",
    "roles/resourcemanager.projectIamAdmin",
)
"""What the person who runs a program has: all that a backup location takes, and no more."""

_OBJECTS = {f"storage.objects.{verb}" for verb in ("create", "delete", "get", "list", "update")}
_BUCKET = {f"storage.buckets.{v}" for v in ("get", "update", "getIamPolicy", "setIamPolicy")}
_ACCOUNTS = {
    f"iam.serviceAccounts.{v}"
    for v in ("create", "delete", "disable", "enable", "get", "list", "update")
}
_KEYS = {f"iam.serviceAccountKeys.{v}" for v in ("create", "delete", "get", "list", "enable")}
_ROLES = {f"iam.roles.{v}" for v in ("create", "delete", "get", "list", "update", "undelete")}
_POLICY = {"resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"}

PERMISSIONS: dict[str, set[str]] = {
    "roles/storage.admin": {
        "resourcemanager.projects.get",
        "storage.buckets.create",
        "storage.buckets.delete",
        "storage.buckets.list",
        *_BUCKET,
        *_OBJECTS,
    },
    "roles/storage.objectAdmin": _OBJECTS,
    "roles/storage.objectViewer": {"storage.objects.get", "storage.objects.list"},
    "roles/storage.legacyBucketOwner": {*_BUCKET, *_OBJECTS} - {"storage.objects.get"},
    "roles/storage.legacyBucketReader": {"storage.buckets.get", "storage.objects.list"},
    "roles/iam.serviceAccountAdmin": {"resourcemanager.projects.get", *_ACCOUNTS},
    "roles/iam.serviceAccountKeyAdmin": {"iam.serviceAccounts.get", *_KEYS},
    "roles/iam.serviceAccountTokenCreator": {"iam.serviceAccounts.getAccessToken"},
    "roles/iam.roleAdmin": {"resourcemanager.projects.get", *_ROLES},
    "roles/resourcemanager.projectIamAdmin": {"resourcemanager.projects.get", *_POLICY},
}

_NO_ACCESS = "accessNotConfigured"
_REASONS = {401: "authError", 403: "forbidden", 429: "rateLimitExceeded", 503: "backendError"}
"""What Cloud Storage calls an error of that status."""
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class Refused(Exception):
    """An answer of Google's that is an error."""

    def __init__(
        self, status: int, code: str, message: str, reason: str = "", details: Any = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.reason, self.details = reason or code, details or []

    def response(self, *, storage: bool) -> Response:
        """The answer as it goes over the wire; Cloud Storage has a shape of its own."""
        error: dict[str, Any] = {"code": self.status, "message": self.message}
        if storage:
            domain = "usageLimits" if self.reason == _NO_ACCESS else "global"
            detail = {"message": self.message, "domain": domain, "reason": self.reason}
            error["errors"] = [detail]
        else:
            error["status"] = self.code
            if self.details:
                error["details"] = self.details
        body = json.dumps({"error": error})
        return Response(body, self.status, content_type="application/json; charset=UTF-8")


def invalid(message: str) -> Refused:
    """The request is wrong in itself."""
    return Refused(400, "INVALID_ARGUMENT", message, "invalid")


def absent(message: str) -> Refused:
    """There is no such thing."""
    return Refused(404, "NOT_FOUND", message, "notFound")


def denied(permission: str, member: str) -> Refused:
    """The caller has no role with that permission."""
    who = member.partition(":")[2]
    if permission.startswith("storage."):
        what = "object" if ".objects." in permission else "bucket"
        message = f"{who} does not have {permission} access to the Google Cloud Storage {what}. "
    else:
        message = ""
    message += f"Permission '{permission}' denied on resource (or it may not exist)."
    info = {
        "@type": _ERROR_INFO,
        "reason": "IAM_PERMISSION_DENIED",
        "domain": "iam.googleapis.com",
        "metadata": {"permission": permission},
    }
    return Refused(403, "PERMISSION_DENIED", message, "forbidden", [info])


def disabled(service: str) -> Refused:
    """The project has not enabled the API."""
    message = (
        f"{service} has not been used in project 123 before or it is disabled. Enable it by "
        f"visiting https://console.developers.google.com/apis/api/{service}/overview?project=123 "
        f"then retry. If you enabled this API recently, wait a few minutes for the action to "
        f"propagate to our systems and retry."
    )
    info = {
        "@type": _ERROR_INFO,
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {"service": service, "consumer": "projects/123"},
    }
    return Refused(403, "PERMISSION_DENIED", message, _NO_ACCESS, [info])


def violated(constraint: str, message: str) -> Refused:
    """An organisation policy forbids it."""
    failure = {
        "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
        "violations": [{"type": constraint, "subject": "", "description": message}],
    }
    return Refused(400, "FAILED_PRECONDITION", message, details=[failure])


def known(call: str, code: str) -> Refused | None:
    """The error of that code; None for a call that does not end so."""
    error = ERRORS[code]
    if not call.startswith(error.of):
        return None
    if code == NOT_ENABLED:
        return disabled(f"{call.partition('.')[0]}.googleapis.com")
    if code == POLICY:
        return violated(error.kind, error.message)
    reason = code if error.kind else _REASONS[error.status]
    return Refused(error.status, error.kind or code, error.message, reason)


def unauthenticated() -> Refused:
    """No token, or one that is not known."""
    message = "Request had invalid authentication credentials."
    return Refused(401, "UNAUTHENTICATED", message, "authError")


def invalid_grant(message: str) -> Response:
    """How the token endpoint refuses."""
    body = json.dumps({"error": "invalid_grant", "error_description": message})
    return Response(body, 400, content_type="application/json; charset=utf-8")
