"""Every answer ends: a call within SECONDS, an answer within LARGEST bytes.

A timeout of a socket holds for one wait only, so a server that sends a byte now and then holds a
program for ever. Few bytes may unpack to more than the memory holds. `answering` bounds all
that is asked within it, a sign-in and repeats included, whichever library asks:
`clients.rest.connection` measures what comes in. What is asked outside of it is not measured.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from palette_backup_provider.core.errors import ApiError

CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 30.0
"""Seconds that one wait may take: for a connection, and for the next bytes of an answer."""
SECONDS = 60.0
"""What a call may take in all. What we ask for is small JSON or XML, so it is plenty."""
LARGEST = 32 * 2**20
"""The bytes of one answer, as they come and once they are unpacked."""
REACH = "Check the network and the proxy ($HTTPS_PROXY, $NO_PROXY)."


class Unfinished(TimeoutError):
    """What a library meets when an answer does not end. `answering` says it in words."""


class Call:
    """What one call has used of its time and its size."""

    def __init__(
        self,
        what: str,
        advice: str,
        outer: "Call | None",
        clock: Callable[[], float],
        seconds: float | None,
    ) -> None:
        self.error: ApiError | None = None
        """Why the call had to be broken off, if it had to."""
        self.what, self.advice = what, advice
        self._outer, self._clock = outer, clock
        usual: float = outer._seconds if outer else SECONDS
        self._seconds: float = usual if seconds is None else min(seconds, usual)
        self._ends = None if seconds is None else self._clock() + self._seconds
        if self._ends and outer and outer._ends:
            self._ends = min(self._ends, outer._ends)
        self._host = self._proxy = ""
        self._received = 0

    def begin(self, host: str, proxy: str = "") -> None:
        """An answer of `host` comes next; `proxy` is the host and port of the proxy on the way."""
        if self.error:  # a library tries again
            raise Unfinished(str(self.error))
        self._host, self._proxy, self._received = host, proxy, 0

    def left(self, usual: float | None = None) -> float:
        """Seconds that the next wait may take, at most `usual`. The first wait starts the clock."""
        left = self._end() - self._clock()
        if left <= 0:
            raise self._broken(f"gave no whole answer within {self._seconds:g} s")
        return left if usual is None else min(left, usual)

    def lasts(self, seconds: float) -> bool:
        """Whether it goes on for longer than that. The first question starts the clock."""
        return self._end() - self._clock() > seconds

    def receive(self, count: int) -> None:
        """So many bytes came in."""
        self._received += count
        self.hold(self._received)

    def hold(self, size: int) -> None:
        """The answer is of so many bytes, or more."""
        if size > LARGEST:
            raise self._broken(f"gave an answer of more than {LARGEST / 2**20:g} MB")

    def refuse(self, problem: str) -> Unfinished:
        """What to raise about a host with that problem."""
        return self._broken(problem)

    def no_proxy(self, variable: str, reason: str) -> Unfinished:
        """What to raise about a proxy that cannot be used; `variable` names it."""
        return self._ended(
            f"{self.what}: {self._host} is asked through the proxy {self._proxy} (${variable}), "
            f"which cannot be used: {reason.rstrip('.')}. Correct or unset ${variable}, or name "
            f"{self._host} in $NO_PROXY."
        )

    def _end(self) -> float:
        if self._ends is None:
            self._ends = self._outer._end() if self._outer else self._clock() + self._seconds
        return self._ends

    def _broken(self, problem: str) -> Unfinished:
        through = f", through the proxy {self._proxy}" if self._proxy else ""
        return self._ended(
            f"{self.what}: {self._host or 'the server'} {problem}{through}. It is open what was "
            f"done. {self.advice}"
        )

    def _ended(self, text: str) -> Unfinished:
        self.error = ApiError(text, status=0)
        if self._outer:  # a library may make another error of ours, or none
            self._outer.error = self.error
        return Unfinished(str(self.error))


_current: ContextVar[Call | None] = ContextVar("call", default=None)


def current() -> Call | None:
    """The call that this thread is making."""
    return _current.get()


@contextmanager
def answering(
    what: str,
    advice: str = REACH,
    clock: Callable[[], float] = time.monotonic,
    seconds: float | None = None,
) -> Iterator[Call]:
    """Bounds what is asked within; `what` names the call, `advice` says what to check.

    It ends after SECONDS of waiting; with `seconds`, so long after it began if that is sooner.
    Raises ApiError with status 0, whatever a library made of the end.
    """
    call = Call(what, advice, _current.get(), clock, seconds)
    token = _current.set(call)
    try:
        yield call
    except Exception:
        if call.error:
            raise call.error from None
        raise
    finally:
        _current.reset(token)
