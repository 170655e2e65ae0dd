"""What a location needs from any kind of storage."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Any, ClassVar, Self

from palette_backup_provider.clients.palette import PaletteClient
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.handler import Clients
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.settings import Settings

PROBE = "palette-backup-probe-"
"""How our probe objects begin. No slash: Velero marks a bucket with a foreign folder as invalid."""


def probe_key() -> str:
    """The key of one probe object."""
    return f"{PROBE}{token_hex(8)}"


class Storage(Model, ABC):
    """One kind of storage as state holds it; each adds its fields and a `kind` that replaces."""

    segment: ClassVar[str]
    """The part of Palette's paths that names this kind."""
    patience: ClassVar[Patience]
    """For a credential that the cloud has not told all its servers of."""
    wait: ClassVar[str]
    """The environment variable beside the setting of `patience`."""

    def patience_of(self, settings: Settings) -> Patience:
        """How long to wait for a fresh credential."""
        usual = self.patience
        seconds = settings.seconds(usual.setting, usual.budget, self.wait)
        return replace(usual, budget=seconds)

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """`spec.config` of the request body, secrets included."""

    @classmethod
    @abstractmethod
    def observed(cls, config: Mapping[str, Any], have: Self | None) -> Self:
        """The storage as Palette reports it. Palette masks secrets, so those of `have` are kept."""

    @abstractmethod
    def place(self) -> tuple[str | None, ...]:
        """Where the backups are: a change of it hides the backups made so far."""

    def where(self) -> str:
        """The same, in words."""
        return ", ".join(part for part in self.place() if part)

    @abstractmethod
    def probe(self, clients: Clients, patience: Patience, who: str) -> None:
        """Put, get, list and delete with the very credential Palette gets; wait for a new one."""

    @abstractmethod
    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        """Ask Palette whether it can use the storage; nothing for a kind without such a call."""


def accepted_by_palette(call: Callable[[], object], patience: Patience, who: str) -> None:
    """Repeat Palette's validate call while the cloud may not have told all its servers of a key."""

    def not_yet(error: BaseException) -> bool:
        # Palette wraps what the cloud said in a 400 or 500; a refused KMS key never heals by itself
        refused = isinstance(error, ApiError) and error.status in (400, 500)
        return refused and not about_kms(error)

    patience.until(call, not_yet, f"{who}: waiting for Palette to accept the credential")


def about_kms(error: BaseException) -> bool:
    """Whether AWS refused a KMS key, and not just something that is called so."""
    return re.search(r"\bkms:[A-Z]|\bKMS\.[A-Z]|:kms:", str(error)) is not None


def clear(value: Any) -> Any:
    """A field as Palette reports it, or None where it is masked."""
    return None if isinstance(value, str) and "*" in value else value


def certificate(found: Any, kept: str | None) -> Any:
    """A certificate is compared without the white space around it, which Palette may trim."""
    same = kept is not None and (found or "").strip() == kept.strip()
    masked = bool(found) and clear(found) is None
    return kept if same or masked else found or None
