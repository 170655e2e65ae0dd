"""Tables of settings: what each key of a namespace does, and what is told of keys without effect.

There is one table a namespace, beside what reads it. Clients read by it, a run is judged by it,
`docs/settings.md` is made of it, and tests ask each key for its effect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any

from palette_backup_provider.core.errors import BadSetting, sentence
from palette_backup_provider.core.progress import announce

if TYPE_CHECKING:
    from palette_backup_provider.core.settings import Settings


class Effect(Enum):
    """What becomes of a key that is set."""

    HONOURED = "honoured"
    IDLE = "says nothing of what is made here"
    WARNED = "has no effect; a run says so once"
    REFUSED = "refused"


@dataclass(frozen=True)
class Key:
    """One setting."""

    name: str
    """With its namespace, such as `palette:apiKey`."""
    does: str
    """What it does. For a key without effect: why it has no effect, or what to do instead."""
    variables: tuple[str, ...] = ()
    """Environment variables that stand in for it, the first that is set."""
    secret: bool = False
    takes: Any = str
    """The type of its value. Stack config has what is no text as JSON."""
    effect: Effect = Effect.HONOURED
    harmless: tuple[str, ...] = ()
    """Values of a key without effect, in lower case, that ask for what happens anyway."""

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is looked for, as `Settings` takes it."""
        return (self.name, *self.variables)

    def ignored(self, settings: "Settings") -> bool:
        """Whether it is set to what it would not do."""
        if self.effect in (Effect.HONOURED, Effect.IDLE):
            return False
        value = settings.get(*self.places)
        return value is not None and value.lower() not in self.harmless


@dataclass(frozen=True)
class Namespace:
    """The settings whose keys begin with one word."""

    word: str
    keys: tuple[Key, ...]
    idle: str = ""
    """A pattern of further names that say nothing of what is made here."""

    def validate(self, settings: "Settings") -> None:
        """Refuse settings that must not be ignored, and report those that are."""
        if ignored := self.ignored(settings):
            announce(f"Settings without effect on what is made here: {sentence(ignored)}")

    def ignored(self, settings: "Settings") -> str:
        """The settings that have no effect, each with the reason; empty where all have.

        Raises BadSetting about one that must not be ignored.
        """
        ignored = [key for key in self.keys if key.ignored(settings)]
        for key in ignored:
            if key.effect is Effect.REFUSED:
                raise BadSetting(f"{key.name} is set, and is not honoured here. {key.does}")
        idle = [f"{key.name} ({key.does.rstrip('.')})" for key in ignored]
        return "; ".join([*idle, *map(self._guessed, self.unknown(settings))])

    def demand_known(self, settings: "Settings") -> None:
        """Refuse keys that do not exist. For a namespace of our own."""
        if wrong := list(map(self._guessed, self.unknown(settings))):
            mistakes = "; ".join(wrong)
            raise BadSetting(f"{sentence(mistakes)} Correct or remove it (`pulumi config rm`).")

    def unknown(self, settings: "Settings") -> Iterator[str]:
        """The keys that are set and do not exist, in order."""
        known = {key.name for key in self.keys}
        for name in sorted(settings.keys):
            word, _, rest = name.partition(":")
            if word == self.word and name not in known and not re.fullmatch(self.idle, rest):
                yield name

    def _guessed(self, name: str) -> str:
        meant = get_close_matches(name, [key.name for key in self.keys], n=1)
        return f"{name} is no setting" + (f": do you mean {meant[0]}?" if meant else "")
