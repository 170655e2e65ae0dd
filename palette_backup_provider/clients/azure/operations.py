"""Long-running operations of Azure Resource Manager, followed to their end.

ARM answers 201 or 202 and names, in `Azure-AsyncOperation` or `Location`, where to ask how it goes.
It may also say in `Retry-After` when to ask next.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from palette_backup_provider.core.errors import ApiError, WaitTimedOut, again, sentence
from palette_backup_provider.core.retry import Patience, Wait
from palette_backup_provider.core.secrets import excerpt

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Answer

SLOWEST = 10.0
"""Seconds between two questions, where ARM does not say when to ask."""


def finished(
    what: str, answer: "Answer", ask: Callable[[str], "Answer"], arm: str, patience: Patience
) -> "Answer":
    """The last answer about the operation that `answer` began; `answer` if it began none.

    `ask` fetches a path of ARM, which is at `arm`, and raises on a refusal.
    """
    wait = Wait(patience, f"{what}: waiting for Azure to finish")
    while where := _where(answer, arm):
        if wait.over:
            raise WaitTimedOut(
                f"{what}: Azure has not finished after {wait.waited:.0f} s. Run it again: it goes "
                f"on with what is there by then."
            )
        wait.pause(_retry_after(answer.headers, min(wait.pace, SLOWEST)))
        followed = ask(where)
        if _is_async(answer):
            status, problem = _status(followed, what)
            if status in ("failed", "canceled"):
                text = f"Azure did not {what}: {sentence(problem)} Correct that, and run it again."
                raise ApiError(text, status=followed.status)
            if status == "succeeded":
                return followed
            continue
        answer = followed
    return answer


def _where(answer: "Answer", arm: str) -> str | None:
    """Where to ask next; a path, as the token must not go to another host."""
    url = answer.headers.get("Azure-AsyncOperation")
    if url is None and answer.status == 202:
        url = answer.headers.get("Location")
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if f"{parts.scheme}://{parts.netloc}" != arm:
        raise ApiError(
            f"Azure sends us to {excerpt(parts.netloc) or 'no host'} for the outcome, which is not "
            f"followed: the token would go there. {again('Azure')}",
            status=0,
        )
    return f"{parts.path}?{parts.query}"


def _is_async(answer: "Answer") -> bool:
    return "Azure-AsyncOperation" in answer.headers


def _status(answer: "Answer", what: str) -> tuple[str, str]:
    from palette_backup_provider.clients.azure.answers import OperationStatus
    from palette_backup_provider.clients.rest.answers import checked, decoded

    api, call = "Azure Resource Manager", f"the state of {what}"
    operation = checked(decoded(answer.body, api, call), OperationStatus, api, call)
    problem = operation.get("error") or {}
    return operation["status"].lower(), f"{problem.get('code')}: {problem.get('message')}"


def _retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    seconds = headers.get("Retry-After", "")
    return min(float(seconds), 30.0) if seconds.isdecimal() else otherwise
