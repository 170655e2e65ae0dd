"""Long-running operations of Azure Resource Manager, followed to their end.

ARM answers 201 or 202 and names, in `Azure-AsyncOperation` or `Location`, where to ask how it goes.
It may also say in `Retry-After` when to ask next.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from palette_backup_provider.core.errors import ApiError, GaveUp
from palette_backup_provider.core.retry import tell

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Answer

BUDGET = 900.0
PACE, SLOWEST = 0.3, 10.0
TELL_EVERY = 10.0


class Operation:
    """One operation that is under way."""

    def __init__(
        self,
        ask: Callable[[str], "Answer"],
        arm: str,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`ask` fetches a path of ARM, which is at `arm`, and raises on a refusal."""
        self._ask, self._arm = ask, arm
        self._clock, self._sleep = clock, sleep

    def finished(self, what: str, answer: "Answer") -> "Answer":
        """The last answer about the operation that `answer` began; `answer` if it began none."""
        started = told = self._clock()
        while where := self._where(answer):
            waited = self._clock() - started
            if waited >= BUDGET:
                raise GaveUp(f"{what}: Azure has not finished after {waited:.0f} s.")
            if self._clock() - told >= TELL_EVERY:
                told = self._clock()
                tell(f"{what}: waiting for Azure to finish, {waited:.0f} s of {BUDGET:.0f} s")
            self._sleep(_pause(answer.headers, waited))
            followed = self._ask(where)
            if _is_async(answer):
                status, problem = _status(followed)
                if status in ("failed", "canceled"):
                    raise ApiError(f"Azure did not {what}: {problem}", status=followed.status)
                if status == "succeeded":
                    return followed
                continue
            answer = followed
        return answer

    def _where(self, answer: "Answer") -> str | None:
        """Where to ask next; a path, as the token must not go to another host."""
        url = answer.headers.get("Azure-AsyncOperation")
        if url is None and answer.status == 202:
            url = answer.headers.get("Location")
        if url is None:
            return None
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != self._arm:
            raise ApiError(
                f"Azure sends us to {parts.netloc} for the outcome; not followed.", status=0
            )
        return f"{parts.path}?{parts.query}"


def _is_async(answer: "Answer") -> bool:
    return "Azure-AsyncOperation" in answer.headers


def _status(answer: "Answer") -> tuple[str, str]:
    try:
        found: Any = json.loads(answer.body)
        problem = found.get("error") or {}
        return str(found["status"]).lower(), f"{problem.get('code')}: {problem.get('message')}"
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ApiError("Azure told the state of an operation unreadably.", status=0) from None


def _pause(headers: Mapping[str, str], waited: float) -> float:
    asked = headers.get("Retry-After", "")
    return min(float(asked), 30.0) if asked.isdecimal() else min(PACE + waited * 0.15, SLOWEST)
