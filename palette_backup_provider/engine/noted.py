"""Remembers that a step of this run failed: what a failed resource may still use must not end."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from palette_backup_provider.core.handler import Clients


class Running(Protocol):
    """Anything that has the clients of the process."""

    clients: Clients


P = ParamSpec("P")
T = TypeVar("T")
Self = TypeVar("Self", bound=Running)


def noted(step: Callable[Concatenate[Self, P], T]) -> Callable[Concatenate[Self, P], T]:
    """`step`, whose failure the clients of the process remember."""

    @wraps(step)
    def watched(self: Self, /, *arguments: P.args, **named: P.kwargs) -> T:
        try:
            return step(self, *arguments, **named)
        except BaseException:
            self.clients.failed = True
            raise

    return watched
