"""Errors of Google Cloud's APIs and of its sign-in, as ours."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from palette_backup_provider.clients.rest import deadline
from palette_backup_provider.clients.rest.causes import chain, reason
from palette_backup_provider.clients.rest.trust import CA_BUNDLES, distrust, of_environment
from palette_backup_provider.clients.rest.trust import advice as ca_advice
from palette_backup_provider.core.errors import (
    ApiError,
    NotFound,
    UnreadableAnswer,
    again,
    sentence,
)
from palette_backup_provider.core.secrets import excerpt

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Answer

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
SIGNED_BY_A_PROXY = "If a proxy signs with its own CA, set REQUESTS_CA_BUNDLE."
ADVICE = {
    "RESOURCE_EXHAUSTED": "Run it again in a minute, or have the quota of the project raised.",
    "accountDisabled": "Enable billing for the project.",
}
"""What to do, by Google's reason or status, where its own words do not say so."""


def to_api_error(call: str, answer: "Answer") -> ApiError:
    """Google's error as ours; `code` is its reason, else its status, as FAILED_PRECONDITION."""
    from palette_backup_provider.clients.gcp.answers import Refusal
    from palette_backup_provider.clients.rest.answers import UNPARSED, judged

    try:
        problem = judged(json.loads(answer.body), Refusal)["error"]
    except UNPARSED:
        text = f"Google answered {call} with {answer.status}: {sentence(excerpt(answer.text))}"
        return ApiError(f"{text} {answer.effort} {again('Google')}", status=answer.status)
    code = _reason(problem) or problem.get("status") or ""
    violations = [
        violation.get("type") or ""
        for detail in problem.get("details") or []
        for violation in detail.get("violations") or []
    ]
    also = f" ({excerpt(', '.join(violations))})" if violations else ""
    kind = NotFound if answer.status == 404 else ApiError
    message = " ".join(problem["message"].split())
    text = f"Google refused {call} ({excerpt(f'{answer.status} {code}')}): {message}{also}"
    if advice := ADVICE.get(code):
        text = f"{sentence(text)} {advice}"
    return kind(text, status=answer.status, code=code)


def _reason(problem: Mapping[str, Any]) -> str:
    infos = [detail for detail in problem.get("details") or [] if detail.get("@type") == ERROR_INFO]
    reasons = (detail.get("reason") or "" for detail in [*infos, *(problem.get("errors") or [])])
    return next(filter(None, reasons), "")


def not_signed_in(error: Any, program: str, advice: str) -> ApiError | None:
    """google-auth's error as ours; None for an error that is not google-auth's.

    A token endpoint answers `invalid_grant` for a credential that it does not know.
    """
    from google.auth.exceptions import GoogleAuthError

    from palette_backup_provider.clients.rest.answers import UNPARSED

    if isinstance(error, UNPARSED):  # some are google-auth's own too, and quote the answer
        answered = f"what {program} printed" if program else "the answer"
        return UnreadableAnswer("Google", "sign-in", "", answered)
    if root := distrust(error):
        return ApiError(
            f"Google shows at sign-in a certificate that is not trusted ({root.verify_message}). "
            f"{ca_advice(root, of_environment(*CA_BUNDLES), SIGNED_BY_A_PROXY)}",
            status=0,
        )
    if not isinstance(error, GoogleAuthError):
        return None
    details = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code = str(details.get("error", "")) if isinstance(details.get("error"), str) else ""
    text = str(error.args[0]) if error.args else type(error).__name__
    if "reasonable timeframe" in text:
        return ApiError(
            f"Google refused to sign in: {text} Set the clock of this machine.", status=400
        )
    if where := _unreached(error):
        line = f"Google at {where} gave no answer to the sign-in: {reason(error)}. {deadline.REACH}"
        return ApiError(line, status=0)
    if text.lstrip().startswith("<"):
        page = f"Google answered the sign-in with a page: {sentence(excerpt(text))}"
        return ApiError(f"{page} {again('Google')}", status=0)
    status = 0 if type(error).__name__ == "TransportError" else 401
    after = f", after it ran {program}" if program else ""
    line = f"Google refused to sign in{after}: {sentence(excerpt(text))} {advice}".rstrip()
    return ApiError(line, status=status, code=code)


def _unreached(error: BaseException) -> str:
    """The server that could not be reached; empty where something answered."""
    *_, root = causes = list(chain(error))
    requests = (getattr(one, "request", None) for one in causes)
    url = next((str(one.url) for one in requests if one is not None), "")
    return urlsplit(url).netloc if isinstance(root, OSError) and root.strerror else ""
