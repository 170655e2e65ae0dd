"""Errors of Palette that can be asked for."""

from palette_backup_provider.sandbox.proxy.known_error import KnownError

ERRORS = {
    "InternalServerError": KnownError(500, "Internal server error"),
    "OperationForbidden": KnownError(403, "Operation is forbidden"),
    "ProjectNotFoundInTenant": KnownError(404, "Project not found"),
    "ResourceAccessDenied": KnownError(403, "Access to the resource is denied"),
    "TooManyRequests": KnownError(429, "Too many requests"),
    "Unauthorized": KnownError(401, "Authorization is missing, wrong or expired"),
}
