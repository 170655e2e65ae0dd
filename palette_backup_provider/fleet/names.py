"""What cannot exist twice: a name that has to be unique, and the default of a scope."""

import json
from collections.abc import Hashable, Iterable, Iterator

from palette_backup_provider.fleet.clouds import Thing
from palette_backup_provider.fleet.document import Mistake
from palette_backup_provider.fleet.location import Location


def doubled(locations: Iterable[Location]) -> Iterator[Mistake]:
    """Each that is a second time where one can be. A name that is left out is unique."""
    first: dict[Hashable, Location] = {}
    for location in locations:
        for argument, scope in _unique(location):
            other = first.setdefault((argument, scope), location)
            if other is not location:
                yield Mistake(
                    location.places[argument],
                    f"{other.name} and {location.name} cannot both have it",
                )


def _unique(one: Location) -> Iterator[tuple[str, Hashable]]:
    """The arguments whose value no other location may have, with the value and its scope."""
    if one.args.get("is_default"):
        yield "is_default", one.project
    if name := one.args.get("location_name"):
        yield "location_name", (one.project, name)
    account = (one.cloud.family, json.dumps(one.args.get("identity"), sort_keys=True))
    for noun, thing in one.cloud.things.items():
        if name := one.args.get(thing.named):
            yield thing.named, (account, noun, _around(one, thing), name)


def _around(one: Location, thing: Thing) -> str:
    """The name of the thing in which a name is unique; one that is made up is as unique as ours."""
    if not thing.within:
        return ""
    outer = one.cloud.things[thing.within]
    return str(one.args.get(outer.existing) or one.args.get(outer.named) or one.name)
