"""What Palette's refusals mean, and what a person can do about them.

A bad API key comes as 401, but also as the very code that an absent object has, with the key in the
text. Taken for "gone", it would make the next `pulumi up` register every location a second time.
"""

import re
from typing import TYPE_CHECKING, Any

from palette_backup_provider.core.errors import ApiError, ApiKeyRejected, NotFound, sentence
from palette_backup_provider.core.own_settings import API_KEY
from palette_backup_provider.core.secrets import excerpt

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Answer, Service

LOCATIONS = "/v1/users/assets/locations"
KEY_VARIABLES = API_KEY.variables
KEY_ADVICE = (
    f"{API_KEY.name} (or {' or '.join(f'${name}' for name in KEY_VARIABLES)}). `pulumi refresh` "
    "and `pulumi destroy` use the config of the last `pulumi up`: after changing the key, run "
    "`pulumi up` first."
)
"""What to check where the API key is refused."""
FORBIDDEN = "OperationForbidden"
ADVICE = {
    "ProjectNotFoundInTenant": (
        "The project is gone, or is of another tenant than the API key. Check both."
    ),
    "ResourceAccessDenied": (
        "The owner of the API key has no access to the project. Give it to them."
    ),
    FORBIDDEN: (
        "The owner of the API key lacks the permission for this call. Give it to them: backup "
        "locations take location.create, .get, .list, .update and .delete, as Project Admin has "
        "them."
    ),
    "TooManyRequests": (
        "Something else at this address uses up Palette's rate limit. Run it again later."
    ),
}
FULL = "Delete locations that nobody needs, or have Palette's administrator raise the limit."
REPEATED = frozenset({429, 502, 503, 504})


def to_api_error(
    service: "Service",
    method: str,
    path: str,
    answer: "Answer",
    content: Any,
    key: str,
    advice: str,
) -> ApiError:
    """The error for an `answer` of status 400 or more, `content` being its JSON if it has any.

    `advice` says what to check where the key is refused.
    """
    status, problem = answer.status, content if isinstance(content, dict) else {}
    code, message = str(problem.get("code") or ""), str(problem.get("message") or "")
    absent = code == "ResourceNotFound"
    if status == 401 or (absent and (key in answer.text or _about_key(message))):
        text = f"{service} refused the API key. Check {sentence(advice)}"
        return ApiKeyRejected(text, status=status, code=code).see("palette.key")
    if not problem:
        text = f"{service} answered {method} {path} with {status} and no JSON"
        advice = f"{answer.effort} {service.reach}"
        return ApiError(f"{sentence(f'{text}: {excerpt(answer.text)}')} {advice}", status=status)
    label = excerpt(f"{status} {code}")
    quoted = sentence(excerpt(message or answer.text))
    text = f"Palette refused {method} {path} ({label}): {quoted}"
    if status in REPEATED:
        text = f"{text} {answer.effort}"
    elif method == "POST" and path.startswith(LOCATIONS) and _about_limit(f"{code} {message}"):
        text = f"{_limit_reached(message)} {text} {FULL}"
    if code in ADVICE:
        text = f"{text} {ADVICE[code]}"
    kind = NotFound if status == 404 and absent else ApiError
    error = kind(text, status=status, code=code)
    return error.see("palette.create") if code == FORBIDDEN else error


def _about_key(message: str) -> bool:
    return re.search(r"api[\s_-]?key", message, re.IGNORECASE) is not None


def _about_limit(text: str) -> bool:
    """Palette documents no code for this refusal, so it is known by its words."""
    speaks = re.search(r"limit(?!ed)|quota|maximum", text, re.IGNORECASE)
    return speaks is not None and not re.search(r"character|length|\brate\b", text, re.IGNORECASE)


def _limit_reached(message: str) -> str:
    number = re.search(r"\b\d{1,6}\b", message)
    limit = f" ({number[0]})" if number else ""
    return f"The tenant's limit of backup locations{limit} is reached."
