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


def _unique(location: Location) -> Iterator[tuple[str, Hashable]]:
    """The arguments whose value no other location may have, with the value and its scope."""
    if location.args.get("is_default"):
        yield "is_default", location.project
    if name := location.args.get("location_name"):
        yield "location_name", (location.project, name)
    account = (location.cloud.family, json.dumps(location.args.get("identity"), sort_keys=True))
    for noun, thing in location.cloud.things.items():
        if name := location.args.get(thing.named):
            yield thing.named, (account, noun, _around(location, thing), name)


def _around(location: Location, thing: Thing) -> str:
    """The name of the thing in which a name is unique; one that is made up is as unique as ours."""
    if not thing.within:
        return ""
    outer = location.cloud.things[thing.within]
    return str(location.args.get(outer.existing) or location.args.get(outer.named) or location.name)
