"""Where settings come from: stack config first, then the environment."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from palette_backup_provider.core.errors import BadSetting, MissingSetting


@dataclass(frozen=True)
class Settings:
    """Resolves a setting by its stack-config key; the engine adapter supplies the look-up.

    Config values arrive as strings: numbers and booleans too, objects and lists as JSON.
    """

    config: Callable[[str], str | None]
    environment: Mapping[str, str]

    def get(self, key: str, *variables: str) -> str | None:
        """The value from config `key`, else from the first of `variables` the environment has."""
        found = self.config(key)
        return found or next((v for n in variables if (v := self.environment.get(n))), None)

    def require(self, key: str, *variables: str, secret: bool = False) -> str:
        """The value, or an error that names every place to put it."""
        value = self.get(key, *variables)
        if value is None:
            flag = " --secret" if secret else ""
            places = [f"`pulumi config set{flag} {key}`", *(f"${v}" for v in variables)]
            raise MissingSetting(f"{key} is not set. Set it with {' or '.join(places)}.")
        return value

    def seconds(self, key: str, default: float, *variables: str) -> float:
        """A length of time in seconds, 0 or more."""
        value = self.get(key, *variables)
        try:
            number = default if value is None else float(value)
        except ValueError:
            number = -1
        if not 0 <= number < float("inf"):
            raise BadSetting(f"{key} is {value!r}; it takes a number of seconds, 0 or more.")
        return number

    def flag(self, key: str, *variables: str) -> bool:
        """A switch, off unless set."""
        value = (self.get(key, *variables) or "false").lower()
        if value not in ("true", "false", "1", "0"):
            raise BadSetting(f"{key} is {value!r}; it takes true or false.")
        return value in ("true", "1")

    def mapping(self, key: str) -> dict[str, str]:
        """A map of strings, empty unless set."""
        value = self.get(key)
        try:
            found = json.loads(value) if value else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise BadSetting(
                f"{key} is not a map. Set it with `pulumi config set --path '{key}.KEY' VALUE`."
            )
        return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in found.items()}
