"""Trying a location's credential: before Palette gets it, and when a deep refresh asks."""

from typing import Any

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import ApiError, GaveUp
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette.locations import passing

AT_ONCE = Patience(0)


def deep(settings: Settings) -> bool:
    """Whether a refresh tries the credential of every location."""
    return settings.flag("palette:deepRefresh", "PALETTE_DEEP_REFRESH")


def prove(want: Any, palette: PaletteClient, clients: Clients) -> None:
    """Try a credential that may be fresh, as far as `want` allows."""
    try:
        _try(want, palette, clients, want.storage.patience_of(clients.settings))
    except GaveUp as error:
        raise GaveUp(
            f"{error} If an earlier run was interrupted, the credential may be gone: "
            f"`pulumi refresh` finds out, and `pulumi up` makes another."
        ) from None


def refused(have: Any, palette: PaletteClient, clients: Clients) -> str | None:
    """Why the credential in state does not work; None if it does, or if nothing may try it.

    No answer, or one that means nothing, is an error: it does not tell either way.
    """
    try:
        _try(have, palette, clients, AT_ONCE)
    except ApiError as error:
        if passing(error):
            raise
        return str(error)
    return None


def _try(state: Any, palette: PaletteClient, clients: Clients, patience: Patience) -> None:
    if state.probe:
        state.storage.probe(clients, patience, state.logical)
    if state.palette_validate:
        state.storage.validate_in(palette, state.project_uid, patience, state.logical)
