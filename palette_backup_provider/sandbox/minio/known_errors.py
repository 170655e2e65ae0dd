"""Errors of MinIO that can be asked for."""

from palette_backup_provider.sandbox.proxy.known_error import KnownError

ERRORS = {
    "AccessDenied": KnownError(403, "Access Denied."),
    "InvalidAccessKeyId": KnownError(
        403, "The Access Key Id you provided does not exist in our records."
    ),
    "RequestTimeTooSkewed": KnownError(
        403, "The difference between the request time and the server's time is too large."
    ),
    "SignatureDoesNotMatch": KnownError(
        403,
        "The request signature we calculated does not match the signature you provided. Check "
        "your key and signing method.",
    ),
    "SlowDownWrite": KnownError(
        503, "Resource requested is unwritable, please reduce your request rate"
    ),
    "XMinioServerNotInitialized": KnownError(503, "Server not initialized yet, please try again."),
    "XMinioStorageFull": KnownError(
        507,
        "Storage backend has reached its minimum free drive threshold. Please delete a few "
        "objects to proceed.",
    ),
}
