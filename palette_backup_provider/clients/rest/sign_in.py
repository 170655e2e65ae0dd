"""Signing in ends soon, asks nobody, and says in one line what is wrong.

The clouds' libraries sign in by whatever a machine holds: files, programs, services of a network.
Any of them may hang, ask a person who cannot see the question, or raise an error of any class.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar, copy_context
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from palette_backup_provider.clients.rest.deadline import REACH, answering
from palette_backup_provider.core.errors import ApiError, ProviderError, Stopped, sentence
from palette_backup_provider.core.secrets import excerpt
from palette_backup_provider.core.stopping import pause

T = TypeVar("T")

SECONDS = 8.0
"""What signing in may take, a program that it runs included."""
GRACE = 0.5
"""Seconds in which a call that has to end does so by itself, and says which host was silent."""


class SignIn:
    """Signs one client in, by one thread at a time. Threads that waited meanwhile share its
    failure."""

    def __init__(
        self,
        what: str,
        advice: str,
        to_api_error: Callable[[Exception, str], ProviderError | None] = lambda *_: None,
        check: str = "",
    ) -> None:
        """`what` names the sign-in and `advice` says how to sign in. `to_api_error` gives the error
        for a library's own, None for an error that it does not know. It is also told the program
        that was run last, empty if none was. `check` is the check of doctor about it, if any."""
        self._what, self._advice, self._to_api_error = what, advice, to_api_error
        self._check = check
        self._lock = threading.Lock()
        self._failure: tuple[float, ProviderError] | None = None

    def __call__(self, attempt: Callable[[], T]) -> T:
        """What `attempt` returns; a ProviderError for whatever it raises.

        It runs in another thread, so it takes no lock that its caller holds.
        """
        begun = time.monotonic()
        with self._lock:
            if self._failure and self._failure[0] > begun:
                raise self._failure[1]
            try:
                return self._ended(attempt)
            except ProviderError as error:
                if self._check and isinstance(error, ApiError):
                    error.see(self._check)
                self._failure = time.monotonic(), error
                raise

    def _ended(self, attempt: Callable[[], T]) -> T:
        outcome: Future[T] = Future()
        ran = _Run()

        def run() -> None:
            _running.set(ran)
            try:
                with answering(self._what, f"{REACH} {self._advice}", seconds=SECONDS):
                    outcome.set_result(attempt())
            except BaseException as error:  # SystemExit too: it would end this thread in silence
                outcome.set_exception(error)

        threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
        try:
            pause(SECONDS + GRACE, outcome)
        except Stopped:
            ran.end()
            raise
        if not outcome.done():
            raise self._endless(ran)
        try:
            return outcome.result()
        except ProviderError:
            raise
        except BaseException as error:
            api_error = (
                self._to_api_error(error, ran.last) if isinstance(error, Exception) else None
            )
            raise api_error or self._surprise(error, ran) from None

    def _endless(self, ran: "_Run") -> ApiError:
        culprit = ran.end()
        who = f"{culprit} did not end" if culprit else "nothing came of it"
        return ApiError(f"{self._what}: {who} within {SECONDS:g} s. {self._advice}", status=0)

    def _surprise(self, error: BaseException, ran: "_Run") -> ApiError:
        after = f", after it ran {ran.last}" if ran.last else ""
        return ApiError(f"{self._what}{after}: {said(error)} {self._advice}".rstrip(), status=0)


def said(error: BaseException) -> str:
    """An error of any class, as a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return sentence(": ".join(str(part) for part in (error.filename, error.strerror) if part))
    if isinstance(error, subprocess.TimeoutExpired):  # its text has the arguments of the program
        return f"{_name(error.cmd)} did not end within {error.timeout:g} s."
    if isinstance(error, subprocess.CalledProcessError):
        return f"{_name(error.cmd)} ended with code {error.returncode}."
    text = excerpt(str(error))
    name = type(error).__name__
    return sentence(f"{name}: {text}" if text else name)


def _name(command: Any) -> str:
    """The name of the program that a command runs: its arguments may be secret."""
    first = command if isinstance(command, str | bytes | os.PathLike) else next(iter(command))
    return Path(os.fsdecode(first)).name


class _Run:
    """The programs that one sign-in runs."""

    def __init__(self) -> None:
        self._processes: list[tuple[str, Any]] = []
        self._over = False

    @property
    def last(self) -> str:
        """The name of the program that it ran last, empty if it ran none."""
        return self._processes[-1][0] if self._processes else ""

    def begin(self, options: dict[str, Any]) -> None:
        if self._over:
            raise TimeoutError("the sign-in has been given up")
        if options.get("stdin") != subprocess.PIPE:
            options["stdin"] = subprocess.DEVNULL
        options["start_new_session"] = True  # without a terminal to ask at, and ended as a whole

    def note(self, command: Any, process: Any) -> None:
        self._processes.append((_name(command), process))

    def end(self) -> str:
        """End them all, with what they began; the name of one that was running."""
        self._over = True
        alive = [name for name, process in self._processes if process.poll() is None]
        for _, process in self._processes:
            with suppress(OSError):
                if os.name == "posix":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
        return alive[-1] if alive else ""


_running: ContextVar[_Run | None] = ContextVar("sign-in", default=None)


def _watch() -> None:
    """Have every process that a sign-in starts be ours to end, whichever library starts it.

    Libraries keep `subprocess.Popen` where we cannot replace it, so its own method changes.
    Nothing does for who starts a process outside of a sign-in.
    """
    start: Any = subprocess.Popen.__init__

    @wraps(start)
    def watched(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        ran = _running.get()
        if ran is None:
            start(self, args, *rest, **options)
            return
        ran.begin(options)
        start(self, args, *rest, **options)
        ran.note(args, self)

    subprocess.Popen.__init__ = watched  # type: ignore[method-assign]


_watch()
