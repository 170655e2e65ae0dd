"""Errors of Google Cloud that can be asked for. `of` is how the names of the calls begin."""

from palette_backup_provider.sandbox.proxy.known_error import KnownError

NOT_ENABLED = "SERVICE_DISABLED"
"""The error's message names the API of the call."""
POLICY = "FAILED_PRECONDITION"
"""The error names the constraint in `kind`."""
SIGN_IN = "invalid_grant"

ERRORS = {
    NOT_ENABLED: KnownError(403, "", kind="PERMISSION_DENIED"),
    "PERMISSION_DENIED": KnownError(403, "The caller does not have permission"),
    POLICY: KnownError(
        400,
        "Key creation is not allowed on this service account.",
        "iam.projects.serviceAccounts.keys.create",
        "constraints/iam.disableServiceAccountKeyCreation",
    ),
    "RESOURCE_EXHAUSTED": KnownError(429, "Quota exceeded for quota metric 'Requests'."),
    "UNAUTHENTICATED": KnownError(401, "Request had invalid authentication credentials."),
    "UNAVAILABLE": KnownError(503, "The service is currently unavailable."),
    "accountDisabled": KnownError(
        403,
        "The billing account for the owning project is disabled in state absent",
        "storage.",
        "PERMISSION_DENIED",
    ),
    SIGN_IN: KnownError(400, "Invalid JWT Signature.", "oauth2."),
}
