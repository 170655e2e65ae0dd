"""What services answered to each step of a life, and the same step with these answers once more.

Every client ends in urllib3. While a step is recorded, each answer is kept; while it is replayed
nothing leaves this process, and time costs none. So an answer can be made into anything, and the
step is over in milliseconds.
"""

import io
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from hashlib import sha256
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from urllib3 import HTTPResponse
from urllib3.connectionpool import HTTPConnectionPool

from palette_backup_provider.clients.rest import http, throttle
from palette_backup_provider.core import model
from palette_backup_provider.core.retry import Patience, Wait
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.resources.palette.storage import base
from tests.sandbox.folders import in_some_folders

METHODS = ("check", "diff", "create", "read", "update", "delete")
"""What the engine asks a provider for."""
MADE_UP = re.compile(r"[0-9a-f]{16,}")


@dataclass(frozen=True)
class Exchange:
    """One call and its answer."""

    call: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


@dataclass
class Step:
    """One thing that the engine asked a provider for, and all calls that this made."""

    number: int
    method: str
    token: str
    arguments: list[Any] = field(repr=False)
    exchanges: list[Exchange] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.method} {self.token}"

    def made_up(self, bytes: int) -> str:
        """What is random otherwise: the same whenever the step is done."""
        return sha256(f"{self.number}".encode()).hexdigest()[: 2 * bytes]


class Recorder:
    """Keeps the steps of what an engine does."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps: list[Step] = []
        # no server of the sandbox in this process has it; signing in, in its own thread, has
        self._now: ContextVar[Step | None] = ContextVar("step", default=None)
        _predictable(patch, self._now.get)
        for each in in_some_folders("taped").values():
            each.record(patch, self._opened)
        ask = HTTPConnectionPool._make_request

        def asked(pool: Any, conn: Any, method: str, url: str, *args: Any, **how: Any) -> Any:
            answer = ask(pool, conn, method, url, *args, **how)
            if not (step := self._now.get()):
                return answer
            preloaded = how.get("preload_content", True)
            body = answer.data if preloaded else answer.read(decode_content=False)
            headers = tuple(answer.headers.items())
            call = _call(pool, method, url, how.get("body"))
            made = Exchange(call, answer.status, headers, body)
            step.exchanges.append(made)
            return _response(made, method, how)

        patch.setattr(HTTPConnectionPool, "_make_request", asked)
        for method in METHODS:
            patch.setattr(DynamicProvider, method, self._watched(method))

    def _opened(self, body: bytes) -> None:
        """The last answer was sealed, and says this."""
        if step := self._now.get():
            step.exchanges[-1] = replace(step.exchanges[-1], body=body)

    def _watched(self, method: str) -> Any:
        real = getattr(DynamicProvider, method)

        def watched(provider: DynamicProvider, *arguments: Any) -> Any:
            copied = json.loads(json.dumps(arguments))
            step = Step(len(self.steps), method, provider.token, copied)
            token = self._now.set(step)
            try:
                found = real(provider, *arguments)
            finally:
                self._now.reset(token)
            if step.exchanges:
                self.steps.append(step)
            return found

        return watched


class Player:
    """Does recorded steps again, each in a process of its own, so to say."""

    def __init__(
        self, steps: Sequence[Step], environment: Mapping[str, str], patch: pytest.MonkeyPatch
    ) -> None:
        self.environment = environment
        self.strays: set[str] = set()
        """Calls that nothing was recorded for."""
        self.now = 0.0
        self._step: Step | None = None
        self._waiting: dict[str, deque[Exchange]] = {}
        self._known: dict[str, list[tuple[int, Exchange]]] = defaultdict(list)
        self._patch = patch
        for step in steps:
            for made in step.exchanges:
                self._known[made.call].append((step.number, made))
        patch.setattr(
            HTTPConnectionPool, "_make_request", lambda *a, **how: self._answer(*a, **how)
        )
        _predictable(patch, lambda: self._step)
        self._hurry()
        for each in in_some_folders("taped").values():
            each.play(patch)

    def play(self, step: Step, exchanges: Sequence[Exchange]) -> Any:
        """What the step comes to with these answers."""
        waiting: dict[str, deque[Exchange]] = defaultdict(deque)
        for made in exchanges:
            waiting[made.call].append(made)
        self._waiting, self._step = waiting, step
        run = Run(Settings(lambda _: None, self.environment))
        self._patch.setattr(dynamic, "_run", run)
        arguments = json.loads(json.dumps(step.arguments))
        if step.method == "diff":  # it asks about what the program has, and only then
            run.asked.add(str(arguments[2].get("__owner")))
        return getattr(dynamic.load(step.token), step.method)(*arguments)

    @property
    def unheard(self) -> list[str]:
        """The recorded calls that the last step did not make."""
        return [made.call for queue in self._waiting.values() for made in queue]

    def _answer(self, pool: Any, conn: Any, method: str, url: str, *args: Any, **how: Any) -> Any:
        call = _call(pool, method, url, how.get("body"))
        queue = self._waiting.get(call)
        made = queue.popleft() if queue else self._told_before(call)
        if made is None:
            self.strays.add(call)
            made = Exchange(call, 500, (("Content-Type", "text/plain"),), b"never recorded")
        return _response(made, method, how)

    def _told_before(self, call: str) -> Exchange | None:
        """What the process of then knew already: the last good answer before the step, else any."""
        told = self._known.get(call, [])
        now = self._step.number if self._step else 0
        good = [made for number, made in told if number <= now and made.status < 400]
        return good[-1] if good else told[0][1] if told else None

    def _hurry(self) -> None:
        """Waits take no time."""
        begin = Wait.__init__

        def at_once(wait: Wait, patience: Patience, doing: str) -> None:
            begin(wait, replace(patience, clock=self._clock, sleep=self._sleep), doing)

        self._patch.setattr(Wait, "__init__", at_once)
        for waiting in (http.Http, throttle.Throttle):
            self._patch.setattr(waiting, "__init__", self._hurried(waiting.__init__))
        self._patch.setattr(time, "sleep", self._sleep)

    def _hurried(self, real: Any) -> Any:
        def made(waiting: Any, *arguments: Any, **how: Any) -> None:
            real(waiting, *arguments, **{**how, "clock": self._clock, "sleep": self._sleep})

        return made

    def _clock(self) -> float:
        return self.now

    def _sleep(self, seconds: float) -> None:
        self.now += seconds


def _predictable(patch: pytest.MonkeyPatch, step: Callable[[], Step | None]) -> None:
    """Marks and probes have the same names when a step is done again."""

    def made_up(bytes: int) -> str:
        now = step()
        return now.made_up(bytes) if now else token_hex(bytes)

    for module in (base, model):
        patch.setattr(module, "token_hex", made_up)


def _call(pool: Any, method: str, url: str, body: Any) -> str:
    """What tells one call from another: made-up ids and values of parameters do not."""
    parts = urlsplit(url)
    names = sorted(parse_qs(parts.query, keep_blank_values=True))
    text = body if isinstance(body, bytes | str) else b""
    form = parse_qs(text.decode("latin-1") if isinstance(text, bytes) else text)
    action = form.get("Action", [""])[0]
    path = MADE_UP.sub("*", parts.path)
    return " ".join(filter(None, [method, f"{pool.host}:{pool.port}{path}", *names, action]))


def _response(made: Exchange, method: str, how: Mapping[str, Any]) -> HTTPResponse:
    return HTTPResponse(
        body=io.BytesIO(made.body),
        headers=dict(made.headers),
        status=made.status,
        preload_content=how.get("preload_content", True),
        decode_content=how.get("decode_content", True),
        request_method=method,
        enforce_content_length=False,
    )


@contextmanager
def patched() -> Iterator[pytest.MonkeyPatch]:
    """Patches that end with the block."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch
