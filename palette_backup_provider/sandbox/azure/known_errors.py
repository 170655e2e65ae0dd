"""Errors of Azure that can be asked for. `of` names who says so: the sign-in, Graph or ARM."""

from palette_backup_provider.sandbox.proxy.known_error import KnownError

SIGN_IN, GRAPH, ARM = "sign-in", "graph", "arm"
_CLIENT, _UNAUTHORIZED = "invalid_client", "unauthorized_client"
_APP = "00000000-1111-2222-3333-444444444444"

ERRORS = {
    "AADSTS7000112": KnownError(
        400, f"Application '{_APP}'(velero) is disabled.", SIGN_IN, _UNAUTHORIZED
    ),
    "AADSTS7000215": KnownError(
        401,
        "Invalid client secret provided. Ensure the secret being sent in the request is the "
        f"client secret value, not the client secret ID, for a secret added to app '{_APP}'.",
        SIGN_IN,
        _CLIENT,
    ),
    "AADSTS7000222": KnownError(
        401, f"The provided client secret keys for app '{_APP}' are expired.", SIGN_IN, _CLIENT
    ),
    "AADSTS700016": KnownError(
        400,
        f"Application with identifier '{_APP}' was not found in the directory.",
        SIGN_IN,
        _UNAUTHORIZED,
    ),
    "AADSTS90002": KnownError(400, "Tenant not found.", SIGN_IN, "invalid_request"),
    "Authorization_RequestDenied": KnownError(
        403, "Insufficient privileges to complete the operation.", GRAPH
    ),
    "CredentialTypeNotAllowedAsPerAppPolicy": KnownError(
        400,
        "Credential type not allowed as per assigned policy.",
        GRAPH,
    ),
    "AuthorizationFailed": KnownError(
        403,
        "The client does not have authorization to perform the action over the scope or the "
        "scope is invalid. If access was recently granted, please refresh your credentials.",
        ARM,
    ),
    "InvalidAuthenticationTokenTenant": KnownError(
        401, "The access token is from the wrong issuer.", ARM
    ),
    "MissingSubscriptionRegistration": KnownError(
        409,
        "The subscription is not registered to use namespace 'Microsoft.Storage'. See "
        "https://aka.ms/rps-not-found for how to register subscriptions.",
        ARM,
    ),
    "RequestDisallowedByPolicy": KnownError(
        403, "Resource was disallowed by policy. Policy identifiers: 'no-public-storage'.", ARM
    ),
    "SubscriptionNotFound": KnownError(404, "The subscription could not be found.", ARM),
    "TooManyRequests": KnownError(
        429, "The request is being throttled as the limit has been reached.", ARM
    ),
}
BLOB_ERRORS = {
    "AccountIsDisabled": KnownError(403, "The specified account is disabled."),
    "AuthenticationFailed": KnownError(
        403,
        "Server failed to authenticate the request. Make sure the value of Authorization header "
        "is formed correctly including the signature.",
    ),
    "AuthorizationFailure": KnownError(
        403, "This request is not authorized to perform this operation."
    ),
    "ContainerNotFound": KnownError(404, "The specified container does not exist."),
    "KeyBasedAuthenticationNotPermitted": KnownError(
        403, "Key based authentication is not permitted on this storage account."
    ),
    "ServerBusy": KnownError(503, "The server is busy."),
}
