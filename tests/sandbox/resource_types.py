"""What tests ask of each resource type, as its folder says in `resource_types.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.sandbox.crash.thing import Thing
from tests.sandbox.folders import in_each_folder

OtherIds = Callable[[Thing], list[str]]


def last_part(thing: Thing) -> list[str]:
    """The end of the path that is its id."""
    return [thing.id.rpartition("/")[2]]


@dataclass(frozen=True)
class Types:
    """The types of one folder, by their tokens."""

    counted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What one of them is counted as in its cloud, as `Component.count` does."""
    credentials: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What credentials are counted as, and the output that tells one from another."""
    nothing_remote: frozenset[str] = frozenset()
    """Types that own nothing."""
    not_importable: frozenset[str] = frozenset()
    """Types that no import takes, besides the credentials that rotate."""
    other_ids: Mapping[str, OtherIds] = field(default_factory=dict)
    """What else people call such an object when they import it."""
    half_made: Mapping[str, tuple[tuple[str, int, str], ...]] = field(default_factory=dict)
    """By component: a call that comes after its object was made, which of these calls, and the type
    of the object."""
    signs_in: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """By component: the argument for an existing identity of Palette, the output that the argument
    takes, and the type."""


def types() -> list[Types]:
    """Those of every folder."""
    return [each.TYPES for each in in_each_folder("resource_types").values()]
