"""A provider whose engine was killed ends by itself.

Pulumi's provider process waits for calls for ever, and a shell between it and the engine hides who
its parent was. The engine serves at an address that it gives the provider. Once the engine stops
listening there, no result can reach it.
"""

import os
import re
import socket
import sys
import threading
from collections.abc import Callable

EVERY = 5.0
"""Seconds between two looks."""
_ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\]):\d+")


def engine_address() -> str | None:
    """The address that the engine gave this process; None if somebody started it by hand."""
    return next(filter(_ADDRESS.fullmatch, sys.argv[1:]), None)


def watch_engine(end: Callable[[int], object] = os._exit, every: float = EVERY) -> None:
    """Call `end` once the engine of this provider process is gone."""
    engine = engine_address()
    if engine is None:
        return
    host, _, port = engine.rpartition(":")
    address = host.strip("[]"), int(port)

    def look() -> None:
        pause, refusals = threading.Event(), 0
        while refusals < 2:
            pause.wait(every)
            refusals = refusals + 1 if _refused(address) else 0
        end(1)

    threading.Thread(target=look, daemon=True).start()


def _refused(address: tuple[str, int]) -> bool:
    """Whether nobody listens there; an engine that is slow to answer is there."""
    try:
        socket.create_connection(address, timeout=EVERY).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
