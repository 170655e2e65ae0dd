"""How errors that leave a provider process are shown."""

import sys
import traceback
from typing import Any

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.secrets import cleared, printable


class Traceback:
    """Stands in for `traceback` in Pulumi's provider process, which shows every error with one.

    The text of a deliberate error is written for people; anything else is a bug, or another
    provider's, and keeps its traceback.
    """

    def format_exc(self) -> str:
        return shown(sys.exception())

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)


def shown(error: BaseException | None) -> str:
    """The text of a deliberate error; of any other its traceback, cleared."""
    if isinstance(error, ProviderError):
        return str(error)
    lines = cleared("".join(traceback.format_exception(error))).split("\n")
    return "\n".join(printable(line) for line in lines)
