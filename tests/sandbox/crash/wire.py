"""Death at a chosen remote call, of whatever library makes it.

Every client we use ends in `http.client`. A call is stopped before its request is sent, so that it
never takes effect, or after its answer is there, so that it has; then nothing more is sent, as of a
process that was killed.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, Literal

import pytest

When = Literal["before", "after"]


class Killed(BaseException):
    """The process died here."""


class Wire:
    """Counts the calls of the threads that act for the engine, and kills one of them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._thread = threading.local()
        self._at, self._when = 0, "before"
        self.calls = 0
        """How many calls were made since `kill`."""
        self.dead = False
        """Whether the process has been killed."""
        self._send, self._receive = HTTPConnection.endheaders, HTTPConnection.getresponse
        wire = self
        patch.setattr(
            HTTPConnection, "endheaders", lambda self, *a, **how: wire._sent(self, *a, **how)
        )
        patch.setattr(HTTPConnection, "getresponse", lambda self: wire._answered(self))

    def kill(self, at: int, when: When) -> None:
        """Die at that call, counted from 1; never, with 0."""
        self._at, self._when, self.calls, self.dead = at, when, 0, False

    @contextmanager
    def acting(self) -> Iterator[None]:
        """What this thread calls now, the process calls."""
        self._thread.acts = True
        try:
            yield
        finally:
            self._thread.acts = False

    def _sent(self, connection: HTTPConnection, *body: Any, **how: Any) -> None:
        if getattr(self._thread, "acts", False):
            self._die_if(self.dead)
            self.calls += 1
            self._die_if(self._when == "before" and self.calls == self._at)
        self._send(connection, *body, **how)

    def _answered(self, connection: HTTPConnection) -> Any:
        answer = self._receive(connection)
        if getattr(self._thread, "acts", False) and self._when == "after":
            if self.calls == self._at:
                answer.close()
            self._die_if(self.calls == self._at)
        return answer

    def _die_if(self, now: bool) -> None:
        if now:
            self.dead = True
            raise Killed
