"""Waits that end when the user asks the run to end.

No code that runs in a provider process waits but by `pause`. After `stop` every wait ends at once,
those that are under way and those that come. So code that cleans up makes its calls and waits for
nothing.
"""

from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, wait
from contextlib import suppress
from typing import Any

from palette_backup_provider.core.errors import Stopped

_stopped: Future[None] = Future()  # one process serves one run


def stop() -> None:
    """End all waits of this process."""
    with suppress(InvalidStateError):
        _stopped.set_result(None)


def pause(seconds: float, until: Future[Any] | None = None) -> None:
    """Sleep so many seconds, or until that is done. Raises Stopped when the run is to end."""
    wait([_stopped, until] if until else [_stopped], seconds, FIRST_COMPLETED)
    if _stopped.done():
        raise Stopped(
            "The run was cancelled, so this step waits no longer. Run `pulumi up` again: it goes "
            "on from here."
        )
