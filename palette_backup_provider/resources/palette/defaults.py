"""A scope has one default location: two claims in one program are found before either is made."""

import threading
from typing import Self

from palette_backup_provider.core.settings import Settings


class Defaults:
    """Which location of the running program is the default of a scope."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        return cls()

    def claimed_by(self, scope: str, owner: str) -> str:
        """The first that claimed the scope, `owner` itself if nobody had."""
        with self._lock:
            return self._owners.setdefault(scope, owner)
