"""What is below a cloud's client: its settings in our own namespace."""

from dataclasses import dataclass

from palette_backup_provider.core.namespace import Key


@dataclass(frozen=True)
class Cloud:
    """One cloud, as core and engine know it."""

    namespace: str
    """That of Pulumi's package for it, whose settings its client reads."""
    keys: tuple[Key, ...]
    """The settings in `palette:` that are about it alone."""
    ca_cert: Key | None = None
    """The one among them that has the CA of its servers."""


def wait_setting(setting: str, name: str, seconds: int, variable: str) -> Key:
    """The setting for how long to wait until a cloud knows a new credential."""
    told = f"Seconds to wait for {name} to know a new credential. Default: {seconds}."
    return Key(setting, told, (variable,))
