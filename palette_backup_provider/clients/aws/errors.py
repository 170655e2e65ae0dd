"""AWS's refusals, and botocore's own errors, as ours: what failed, why, and what to do."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from palette_backup_provider.clients.rest import deadline, trust
from palette_backup_provider.clients.rest.causes import reason
from palette_backup_provider.core.errors import (
    ApiError,
    NotFound,
    UnreadableAnswer,
    again,
    sentence,
)

GONE = {"NoSuchBucket", "NoSuchEntity", "404"}
"""The answer to a HEAD has no body, so botocore gives its status as the code."""
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
WAYS = (
    "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `pulumi config set "
    "aws:profile`, or give the resource an aws.Identity."
)
"""How to sign in."""
ADVICE = {
    ("NoCredentialsError",): WAYS,
    ("ProfileNotFound",): "Check AWS_PROFILE, aws:profile or the resource's aws.Identity.",
    ("SSOTokenLoadError", "TokenRetrievalError", "UnauthorizedSSOTokenError"): (
        "Sign in before: `aws sso login`, with --profile if it has one."
    ),
    ("SignatureDoesNotMatch",): "Correct the secret access key.",
    ("InvalidAccessKeyId",): "Check that the access key is of this store, and active.",
    ("InvalidClientTokenId",): "Check the AWS credentials in use: `aws sts get-caller-identity`.",
    ("ExpiredToken", "ExpiredTokenException"): "Sign in to AWS again.",
    ("RequestTimeTooSkewed",): "Set the clock of this machine.",
    ("Invalid principal in policy",): (
        "Every user and role that a policy names has to exist. Correct its ARN, or make it first."
    ),
}
"""What to do, by AWS's code or words for its refusal or the name of botocore's error."""
UNKNOWN = {
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "ExpiredToken",
    "ExpiredTokenException",
}
"""The codes with which AWS refuses credentials."""
UNREACHED = {"EndpointConnectionError", "ConnectTimeoutError"}
SIGNED_BY_A_PROXY = "If a proxy signs with its own CA, set AWS_CA_BUNDLE."
SKEWED = re.compile("Signature (expired|not yet current)")
"""How all services but S3 say RequestTimeTooSkewed; their code is that of a wrong secret."""
MALFORMED = {"MalformedPolicy", "MalformedPolicyDocument"}
"""How S3 and IAM refuse a document, for many reasons that only their words tell."""


def to_api_error(what: str, error: Any, who: str = "AWS") -> ApiError:
    """botocore's ClientError as ours; `who` refused it."""
    problem, meta = error.response.get("Error") or {}, error.response["ResponseMetadata"]
    code, status = str(problem.get("Code") or ""), meta["HTTPStatusCode"]
    if _foreign(code, status, error.operation_name):
        return UnreadableAnswer(who, what, "", f"the answer (status {status})")
    message = " ".join(str(problem.get("Message") or "").split())
    text = f"{who} refused {what} ({' '.join(code.split())}): {message}".removesuffix(": ")
    kind = NotFound if code in GONE else ApiError
    cause = "RequestTimeTooSkewed" if SKEWED.match(message) else code
    if code in MALFORMED:
        cause = message.partition(":")[0]
    advised = _advised(text, cause)
    return kind(f"{advised} {again(who)}" if status >= 500 else advised, status=status, code=code)


def pointed(error: ApiError) -> ApiError:
    """The error of an operator's call, which names the check of doctor that finds out more."""
    unknown = error.code in UNKNOWN
    return error.see_cloud("aws", unknown=unknown, denied=error.code in REFUSED)


def _foreign(code: str, status: int, operation: str) -> bool:
    """Whether a refusal is not AWS's own, such as a proxy's page: botocore found no code in it, or
    gives the status as the code, which an answer to a HEAD excuses, or a server in trouble."""
    made_up = code == str(status) and status < 500
    return not code or (made_up and not operation.startswith("Head"))


def unanswered(what: str, error: Any, given: Callable[[], trust.Authorities | None]) -> ApiError:
    """botocore's own error as ours; `given` tells the CAs that were given, if any."""
    text = " ".join(f"{what}: {error}".split())
    if root := trust.distrust(error):
        advice = trust.advice(root, given(), SIGNED_BY_A_PROXY)
        return ApiError(f"{sentence(text)} {advice}", status=0)
    if type(error).__name__ in UNREACHED and (url := error.kwargs.get("endpoint_url")):
        who, _, call = what.partition(" ")
        where = f"{who} at {urlsplit(url).netloc}"
        message = f"{where} gave no answer to {call}: {reason(error)}. {deadline.REACH}"
        return ApiError(message, status=0)
    return ApiError(_advised(text, type(error).__name__), status=0)


def _advised(text: str, kind: str) -> str:
    """`text`, and what to do about an error of that kind."""
    advice = next((says for kinds, says in ADVICE.items() if kind in kinds), "")
    return f"{sentence(text)} {advice}".rstrip()
