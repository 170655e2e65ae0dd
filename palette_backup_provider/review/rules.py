"""What the rules of a resource type can tell a reviewer. Each service has them for its types."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from palette_backup_provider.review.preview import Props
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import shown


@dataclass(frozen=True)
class Guard:
    """One thing that protects backups, and how much of it there is."""

    strength: float | None
    """More is stronger; 0 is no protection, and None is not known yet."""
    says: str
    """As a person reads it, such as "30 days"."""


Guards = Mapping[str, Guard]
"""By what a reviewer calls them, such as "versioning"."""


@dataclass(frozen=True)
class Holder:
    """Something whose deletion can delete backups."""

    noun: str
    name: str
    forced: bool
    """Whether a deletion takes all that it holds; otherwise it fails while there is anything."""
    why: str = ""
    """What the service or the program says about that; empty for what is always so."""
    kept: bool = False
    """Whether it is left where it is while it holds anything."""


def _nothing(*_: Props) -> Iterator[str]:
    return iter(())


@dataclass(frozen=True)
class Rules:
    """What there is to know of one type. All of it takes the inputs of a resource."""

    holder: Callable[[Props], Holder] | None = None
    """For what holds backups."""
    taggable: bool = True
    """Whether it can have tags, or labels."""
    guards: Callable[[Props], Guards] = lambda _: {}
    """What protects backups."""
    widens: Callable[[Props, Props], Iterator[str]] = _nothing
    """What the second inputs may allow and the first do not, in sentences; `{}` allows nothing."""
    everything: Callable[[Props], Iterator[str]] = _nothing
    """What is allowed to everyone, or on everything, in sentences."""
    proof: str = ""
    """How to prove that access is no wider, in a sentence; empty where nothing does."""
    credential: str = ""
    """What a credential of this type is called; empty for another type."""


def flag(value: Any, *, default: bool = False) -> Guard:
    """A guard that is on or off."""
    if is_unknown(value):
        return Guard(None, "not known yet")
    on = (
        default
        if value is None
        else bool(value) and value not in ("false", "Disabled", "Suspended")
    )
    return Guard(float(on), "on" if on else "off")


def amount(value: Any, unit: str, *, default: float = 0) -> Guard:
    """A guard that is a number, such as of days."""
    if is_unknown(value):
        return Guard(None, "not known yet")
    try:
        number = float(default if value is None else value)
    except (TypeError, ValueError):
        return Guard(None, shown(value))
    return Guard(
        number, f"{int(number) if number.is_integer() else number} {unit}" if number else "none"
    )


def one_of(value: Any, best_last: Iterable[str], *, default: str = "") -> Guard:
    """A guard that is one word of several, given from the weakest to the strongest."""
    if is_unknown(value):
        return Guard(None, "not known yet")
    words = [word.lower() for word in best_last]
    word = str(value if value is not None else default)
    rank = words.index(word.lower()) if word.lower() in words else -1
    return Guard(float(rank), word or "none")


def at(props: Any, path: str) -> Any:
    """The value at a path such as `versioning.enabled`, through maps and lists of one; or None."""
    for step in path.split("."):
        if isinstance(props, list):
            props = props[0] if len(props) == 1 else None
        props = (
            props.get(step) if isinstance(props, Mapping) else props if is_unknown(props) else None
        )
    return props
