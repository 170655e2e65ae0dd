"""What a location needs from any kind of storage."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Annotated, ClassVar

from palette_backup_provider.clients.palette.client import PaletteClient
from palette_backup_provider.core.cloud import CredentialWait
from palette_backup_provider.core.errors import ApiError, UnreadableAnswer
from palette_backup_provider.core.model import matches
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.palette.storage.mapping import Mapped

BucketName = Annotated[str, matches(r"[^/\s]+", "a bucket's name has no slash and is not empty")]
"""Of any store: what a location judges of it. The store itself decides the rest."""


def probe_key() -> str:
    """The key of one probe object."""
    return f"{PROBE_PREFIX}{token_hex(8)}"


class Storage(Mapped, ABC):
    """One kind of storage as state holds it; each adds its fields and a `kind` that replaces."""

    segment: ClassVar[str]
    """The part of Palette's paths that names this kind."""
    wait: ClassVar[CredentialWait]
    """The setting of `patience`."""
    patience: ClassVar[Patience]
    """For a credential that the cloud has not told all its servers of."""
    unknown: ClassVar[frozenset[str]]
    """The codes of the cloud for a credential that it does not know, or not yet."""
    terraform: ClassVar[Mapping[str, tuple[str, str]]]
    """By the field that takes a secret: the block and the attribute in Spectro Cloud's Terraform
    provider that hold it."""
    needs: ClassVar[str]
    """What to do where the credential is known and refused, as a sentence."""

    def patience_of(self, settings: Settings) -> Patience:
        """How long to wait for a fresh credential."""
        usual, wait = self.patience, self.wait
        seconds = settings.seconds(wait.name, usual.budget, *wait.variables)
        return replace(usual, budget=seconds)

    @abstractmethod
    def location_key(self) -> tuple[str | None, ...]:
        """Where the backups are: a change of it hides the backups made so far."""

    def describe(self) -> str:
        """The location key in words."""
        return ", ".join(part for part in self.location_key() if part)

    @property
    def known_to_palette(self) -> bool:
        """Whether Palette's validate call, where it has one, asks this very storage."""
        return True

    @abstractmethod
    def probe(self, run: Run, patience: Patience, who: str) -> None:
        """Put, get, list and delete with the very credential Palette gets; wait for a new one."""

    @abstractmethod
    def validate_in(
        self, palette: PaletteClient, project: str, patience: Patience, who: str
    ) -> None:
        """Ask Palette whether it can use the storage; nothing for a kind without such a call."""


def accepted_by_palette(
    call: Callable[[], object],
    patience: Patience,
    who: str,
    lasts: Callable[[ApiError], float] = lambda _: 1,
) -> None:
    """Repeat Palette's validate call while the cloud may not have told all its servers of a key.

    `lasts` tells for which share of the wait a refusal may last that Palette quotes.
    """

    def not_yet(error: BaseException) -> float:
        # Palette wraps what the cloud said in a 400 or 500; a refused KMS key never heals by itself
        if not isinstance(error, ApiError) or error.status not in (400, 500) or about_kms(error):
            return 0
        return lasts(error)

    patience.until(call, not_yet, f"{who}: waiting for Palette to accept the credential")


def out_of_reach(error: ApiError) -> ApiError:
    """`error`, with what to do where a store that is the user's own gave no answer at all."""
    if error.status or error.code or isinstance(error, UnreadableAnswer):
        return error
    return ApiError(
        f"{error} If only Palette and its clusters can reach it, set probe=False; nothing then "
        f"tries the credential before a backup does.",
        status=0,
    )


def about_kms(error: BaseException) -> bool:
    """Whether a KMS key was refused, and not just something that is called so."""
    return re.search(r"\bkms:[A-Z]|\bKMS\.[A-Z]|:kms:", str(error)) is not None
