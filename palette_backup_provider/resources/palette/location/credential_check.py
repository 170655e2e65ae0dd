"""Trying a location's credential: before Palette gets it, and in a deep refresh."""

from dataclasses import replace

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.errors import ApiError, ProviderError, WaitTimedOut
from palette_backup_provider.core.own_settings import DEEP_REFRESH
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.resources.palette.location.answers import is_unclear
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from palette_backup_provider.resources.palette.storage.base import Storage
from palette_backup_provider.resources.palette.storage.static_credentials import Static

AT_ONCE = Patience(0)


def is_deep_refresh(settings: Settings) -> bool:
    """Whether a refresh tries the credential of every location."""
    return settings.flag(*DEEP_REFRESH.places)


def require_working(want: BackupLocationState, palette: PaletteClient, run: Run) -> None:
    """Try a credential and wait if it may be fresh; `want` says what may try it."""
    try:
        _try(want, palette, run, want.storage.patience_of(run.settings))
    except WaitTimedOut as error:
        raise WaitTimedOut(f"{error} {_remedy(want.storage, error.last)}", error.last) from None


def why_not_working(have: BackupLocationState, palette: PaletteClient, run: Run) -> str | None:
    """Why the credential in state does not work; None if it works, or if nothing may try it.

    An unclear answer is raised: it says neither.
    """
    try:
        _try(have, palette, run, AT_ONCE)
    except ApiError as error:
        if is_unclear(error):
            raise
        return str(error)
    return None


def _remedy(storage: Storage, last: BaseException | None) -> str:
    """What to do after the last answer of a wait that timed out."""
    answer = f"{getattr(last, 'code', '')} {last}"
    if last is None or any(code in answer for code in storage.unknown):
        return (
            "If an earlier run was interrupted, the credential may be gone: `pulumi refresh` finds "
            "out, and `pulumi up` makes another."
        )
    return storage.needs


def _try(state: BackupLocationState, palette: PaletteClient, run: Run, patience: Patience) -> None:
    keys = getattr(state.storage, "credentials", None)
    if isinstance(keys, Static):
        patience = replace(patience, unsaid=(keys.access_key,))
    try:
        if state.probe:
            state.storage.probe(run, patience, state.logical)
        if state.palette_validate:
            state.storage.validate_in(palette, state.project_uid, patience, state.logical)
    except ProviderError as error:  # the user may have swapped the key's id and its secret
        if isinstance(keys, Static):
            error.without(keys.access_key)
        raise
