"""One setting, put where it is looked for: in stack config, or in a variable."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.clouds import CLOUDS
from palette_backup_provider.core.complete import complete
from palette_backup_provider.core.namespace import Key
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.registry import NAMESPACES
from palette_backup_provider.sandbox.cloud import clouds

KEYS = {key.name: key for namespace in NAMESPACES for key in namespace.keys}
SIMULATED = clouds().values()
REAL = ("PALETTE_", *(f"{one}_" for cloud in CLOUDS.values() for one in cloud.variables))


class Case:
    """Settings with one key that is looked at, at one of its places."""

    def __init__(self, key: Key, place: str, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.key, self.patch, self.folder = key, patch, folder
        self.in_config = place == key.name
        self._place = place
        self._config: dict[str, str] = {}
        for name in [name for name in os.environ if name.startswith(REAL)]:
            patch.delenv(name)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy"):
            patch.delenv(name, raising=False)
        for cloud in SIMULATED:
            for name, value in (
                *cloud.out_of_reach.items(),
                *((n, os.devnull) for n in cloud.nowhere),
            ):
                patch.setenv(name, value)

    def set(self, value: Any) -> None:
        """Give the key that value."""
        self._put(self._place, value)

    def also(self, name: str, value: Any) -> None:
        """Give another key a value, at the same kind of place."""
        variables = KEYS[name].variables
        self._put(name if self.in_config or not variables else variables[0], value)

    def config(self, name: str, value: Any) -> None:
        """Give another key a value in stack config."""
        self._config[name] = _text(value)

    def unset(self) -> None:
        """Take the key away again."""
        self._config.pop(self._place, None)
        self.patch.delenv(self._place, raising=False)

    @property
    def settings(self) -> Settings:
        """All that is set."""
        return Settings(dict(self._config).get, os.environ, frozenset(self._config))

    def file(self, name: str, text: str) -> str:
        """The path of a file that holds that."""
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def _put(self, place: str, value: Any) -> None:
        if ":" in place:
            self._config[place] = _text(value)
        else:
            self.patch.setenv(place, _text(value))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def whole(case: Case, kind: Any, **given: Any) -> Mapping[str, Any]:
    """What becomes of these inputs of a type."""
    owner = {"__owner": "o/p/s/nightly:abc"}
    state = kind.handler.state_type
    return complete(state, {**owner, **given}, set(), {}, case.settings, lambda _: {})


Effect = Callable[[Case], None]
EFFECTS: dict[str, Effect] = {}
"""For each key that is honoured, what shows it."""


def shows(*names: str) -> Callable[[Effect], Effect]:
    """Says that a function shows the effect of these keys."""

    def noted(effect: Effect) -> Effect:
        assert not EFFECTS.keys() & set(names)
        EFFECTS.update(dict.fromkeys(names, effect))
        return effect

    return noted
