"""What is below a cloud's client: its settings in our own namespace."""

from dataclasses import dataclass

from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.retry import Patience


@dataclass(frozen=True)
class Cloud:
    """One cloud, as core and engine know it."""

    namespace: str
    """That of Pulumi's package for it, whose settings its client reads."""
    keys: tuple[Key, ...]
    """The settings in `palette:` that are about it alone."""
    variables: tuple[str, ...]
    """How the names of the variables that it or its library reads begin, without `_`."""
    ca_cert: Key | None = None
    """The one among them that has the CA of its servers."""
    bundle: str | None = None
    """The variable from which its library alone reads CAs."""


@dataclass(frozen=True)
class CredentialWait(Key):
    """The setting for how long to wait until a cloud knows a new credential."""

    default: float = 0
    """Seconds."""

    @classmethod
    def of(cls, setting: str, cloud: str, seconds: float, variable: str) -> "CredentialWait":
        """The setting `setting` for the cloud that people call `cloud`."""
        does = f"Seconds to wait for {cloud} to know a new credential. Default: {seconds:g}."
        return cls(setting, does, (variable,), takes=float, default=seconds)

    @property
    def patience(self) -> Patience:
        """The wait where nothing is set."""
        return Patience(self.default, self.name)
