"""The handler behind a type token: state names types by token, so handlers may move."""

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from palette_backup_provider.core.errors import ProviderError
from palette_backup_provider.core.handler import AnyHandler

TOKEN = re.compile(r"([a-z]+):([A-Z][A-Za-z]+)")


def handler_of(token: str) -> type[AnyHandler]:
    """The handler of a type such as `palette:BackupLocation`."""
    named = TOKEN.fullmatch(token)
    path = f"palette_backup_provider.resources.{named[1]}" if named else ""
    kind = getattr(import_module(path), named[2], None) if named and find_spec(path) else None
    if kind is None or getattr(kind, "token", None) != token:
        raise ProviderError(
            f"The stack's state names a resource type {token!r}, which this version of "
            "palette-backup-provider does not have. Install the version that made the stack."
        )
    handler: type[AnyHandler] = kind.handler
    return handler


def cloud_of(kind: type[Any]) -> str:
    """The first word of the token of a type, or of the type of a handler: the folder of its file,
    such as `palette` for `resources/palette/backup_location.py`."""
    return kind.__module__.split(".")[-2]
