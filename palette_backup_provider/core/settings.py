"""Where settings come from: stack config first, then the environment."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.errors import BadSetting, MissingSetting
from palette_backup_provider.core.secrets import remember, remember_address

SECRET = re.compile(r"(SECRET(_?ACCESS)?(_?KEY)?|PASSWORD|TOKEN|API_?KEY|IDENTITY_HEADER)$", re.I)
"""What the names of settings and variables end with that are secrets."""
PALETTE = ("PALETTE", "SPECTROCLOUD")
"""How the variables of Palette begin, without `_`."""
CI = ("ACTIONS",)
"""How the variables begin with which a forge lets its jobs sign in."""
OURS = tuple(
    f"{one}_"
    for one in (*PALETTE, *CI, *(word for cloud in CLOUDS.values() for word in cloud.variables))
)
"""How the variables begin that we, or the clouds' libraries, read."""
ADDRESS = re.compile(r"PROXY|ENDPOINT|URL|HOST|SERVER", re.I)
"""What the names of settings and variables hold that are addresses, with a scheme or without."""
SANDBOX = "PALETTE_BACKUP_SANDBOX_TOKEN"
"""The variable that only a sandbox sets."""
SANDBOX_PAGE = "PALETTE_BACKUP_SANDBOX_PAGE"
"""The variable by which a sandbox tells where its page is."""


@dataclass(frozen=True)
class Settings:
    """Resolves a setting by its stack-config key; the engine adapter supplies the look-up.

    Config values arrive as strings: numbers and booleans too, objects and lists as JSON.
    """

    config: Callable[[str], str | None]
    environment: Mapping[str, str]
    keys: frozenset[str] = frozenset()
    """The keys that stack config sets, as far as they are known, without the project's own."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What stands in for keys where there is no stack config: a command's flags and variables."""

    def __post_init__(self) -> None:
        """The clouds' libraries read variables that we do not ask for."""
        for name, value in self.environment.items():
            _remember(name if name.startswith(OURS) or ADDRESS.search(name) else "", value)

    @property
    def simulated(self) -> bool:
        """Whether the clouds that Palette and the clusters reach are those of a sandbox."""
        return SANDBOX in self.environment

    def called(self, key: str, usual: str = "") -> str:
        """What a person sets, for `key`, in words; `usual` says it where stack config is."""
        return self.names.get(key, usual or key)

    def get(self, key: str, *variables: str) -> str | None:
        """The value from config `key`, else from the first of `variables` the environment has.

        Blanks and line ends around it are left out.
        """
        places = ((key, self.config(key)), *((n, self.environment.get(n)) for n in variables))
        for name, value in places:
            if text := (value or "").strip():
                _remember(name, text)
                return text
        return None

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
            raise BadSetting(
                f"{self.called(key)} is {value!r}. It takes a number of seconds, 0 or more."
            )
        return number

    def flag(self, key: str, *variables: str) -> bool:
        """A switch, off unless set."""
        value = (self.get(key, *variables) or "false").lower()
        if value not in ("true", "false", "1", "0"):
            raise BadSetting(f"{self.called(key)} is {value!r}. It takes true or false.")
        return value in ("true", "1")

    def number(self, key: str, *variables: str) -> int | None:
        """A whole number, 1 or more."""
        value = self.get(key, *variables)
        if value is not None and not re.fullmatch("[1-9][0-9]{0,8}", value):
            raise BadSetting(f"{key} is {value!r}. It takes a whole number, 1 or more.")
        return None if value is None else int(value)

    def choice(self, choices: Collection[str], key: str, *variables: str) -> str | None:
        """The value, which has to be among `choices`."""
        value = self.get(key, *variables)
        if value is not None and value not in choices:
            raise BadSetting(f"{key} is {value!r}. It takes {' or '.join(choices)}.")
        return value

    def mapping(self, key: str) -> dict[str, str]:
        """A map of strings, empty unless set. Dots in `key` lead into a map."""
        name, *steps = key.split(".")
        value = self.value(name)
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else value
        value = {} if value is None else value
        if not isinstance(value, dict):
            raise BadSetting(
                f"{key} is not a map. Set it with `pulumi config set --path '{key}.KEY' VALUE`."
            )
        return {str(k): _text(v) for k, v in value.items()}

    def items(self, key: str, *variables: str) -> list[str]:
        """A list of strings, empty unless set; a text has commas between them."""
        value = self.value(key, *variables)
        if isinstance(value, str):
            value = [part for each in value.split(",") if (part := each.strip())]
        value = value if isinstance(value, (list, dict)) else [value]
        if isinstance(value, dict) or any(isinstance(item, (dict, list)) for item in value):
            raise BadSetting(
                f"{key} is not a list. Set it with `pulumi config set --path '{key}[0]' VALUE`."
            )
        return [_text(item) for item in value if item is not None]

    def value(self, key: str, *variables: str) -> Any:
        """What is written there as JSON, or the text that it is; None if nothing is."""
        text = self.get(key, *variables)
        try:
            return json.loads(text) if text else None
        except (ValueError, RecursionError):
            return text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _remember(name: str, value: str) -> None:
    """Have what is secret about a setting cleared from every message."""
    if SECRET.search(name):
        remember(value)
    remember_address(value, bare=ADDRESS.search(name) is not None)
