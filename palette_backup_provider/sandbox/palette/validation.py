"""Palette's validate calls, answered by the clouds of the sandbox with the very credential."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import Refusal, not_valid
from palette_backup_provider.sandbox.palette.http import Answer, audit, json_body
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.palette.kinds.kind import ValidateCall
from palette_backup_provider.sandbox.palette.store import Location, Store

Validator = Callable[[Body], None]
"""Uses the credential of a validate call; raises `not_valid` with what the cloud said."""

HISTORY = 50
"""How many verdicts are told in their order."""


@dataclass(frozen=True)
class Verdict:
    """What a validate call about something said."""

    kind: str
    """The kind of location."""
    subject: str
    """The bucket, or the client."""
    at: float
    """Seconds since the epoch."""
    message: str = ""
    """Why it is not valid; empty if it is."""


class Validation:
    """The validate calls, and what came of them."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self.validators: dict[str, Validator] = {}
        """By cloud; a cloud that does not run has none."""
        self.history: deque[Verdict] = deque(maxlen=HISTORY)
        """The last verdicts, the newest last."""
        self._last: dict[tuple[str, str], Verdict] = {}

    def reset(self) -> None:
        """As at the start: nothing was validated."""
        self.history.clear()
        self._last.clear()

    def routes(self) -> Blueprint:
        """One route for each kind that has such a call."""
        routes = Blueprint("validation", __name__, url_prefix="/v1/clouds")
        for name, kind in KINDS.items():
            if call := kind.validate:
                view = partial(self._judged, name, call)
                routes.add_url_rule(call.path, name, view, methods=["POST"])
        return routes

    def verdict(self, location: Location) -> Verdict | None:
        """What the last validate call about a location's bucket or client said."""
        call = KINDS[location.kind].validate
        if not call:
            return None
        subject = str(call.subject_of(location.config))
        return self._last.get((location.kind, subject))

    def _judged(self, kind: str, call: ValidateCall) -> Answer:
        body = json_body()
        call.complete(body, self._store.external_id)
        subject = str(call.subject(body))
        try:
            self._judge(KINDS[kind].cloud, body)
        except Refusal as refusal:
            self._note(Verdict(kind, subject, self._clock(), refusal.message))
            raise
        self._note(Verdict(kind, subject, self._clock()))
        return "", 204, audit()

    def _judge(self, cloud: str, body: Body) -> None:
        if validator := self.validators.get(cloud):
            validator(body)
            return
        raise not_valid(f"This sandbox runs no {cloud}: start it with --clouds {cloud}")

    def _note(self, verdict: Verdict) -> None:
        self._last[verdict.kind, verdict.subject] = verdict
        self.history.append(verdict)
