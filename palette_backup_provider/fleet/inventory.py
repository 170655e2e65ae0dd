"""An inventory that is right: every location with its arguments, defaults included."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from palette_backup_provider.core.compare import readable, steps
from palette_backup_provider.core.places import nearest
from palette_backup_provider.core.settings import SECRET
from palette_backup_provider.engine.given import args_type_of, required
from palette_backup_provider.fleet.clouds import Cloud, clouds
from palette_backup_provider.fleet.document import Document, Mistake, Where, read
from palette_backup_provider.fleet.location import Location
from palette_backup_provider.fleet.names import doubled
from palette_backup_provider.fleet.schema import EVERY, PLACED, inventory, keys

NO_SECRET = (
    "a secret is not in an inventory: `pulumi config set --secret KEY` has it, and here is "
    "`{secret: KEY}`"
)
SAYS = {
    "bool_type": "must be true or false",
    "dict_type": "must be a map",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "model_attributes_type": "must be a map",
    "model_type": "must be a map",
    "string_pattern_mismatch": "a name has letters, digits, dots, hyphens and underscores alone",
    "string_too_short": "a name is not empty",
    "string_type": "must be text: put it in quotes",
}
"""What YAML calls the types that pydantic asks for."""


@dataclass(frozen=True)
class Inventory:
    """The locations of a file, and where they stand in it."""

    document: Document
    locations: list[Location]


def load(path: str | Path) -> Inventory:
    """The inventory in that file. Raises BadInventory with every mistake."""
    document = read(path)
    document.demand_none(_misshapen(document.data))
    locations = list(_locations(document.data))
    document.demand_none(
        mistake for location in locations for mistake in _wrong(location, document.data)
    )
    document.demand_none(doubled(locations))
    return Inventory(document, locations)


def _misshapen(data: Any) -> Iterator[Mistake]:
    """What the schema does not allow."""
    try:
        inventory().model_validate(data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            where = tuple(steps(data, problem))
            yield _said(data, problem, where)


def _said(data: Any, problem: Any, where: Where) -> Mistake:
    """A mistake that pydantic found, with what is allowed instead."""
    match problem["type"]:
        case "union_tag_not_found":
            return Mistake(where, f"needs `cloud`: {' or '.join(clouds())}")
        case "union_tag_invalid":
            return Mistake((*where, "cloud"), readable(problem))
        case "model_type" if SECRET.search(str(where[-1])):
            return Mistake(where, NO_SECRET)
        case "extra_forbidden" if where[1:] and where[-1] in PLACED:
            return Mistake(where, "its place, below `projects` or `tenant`, says that")
        case "extra_forbidden":
            names = keys(data, where[:-1])
            near = nearest(str(where[-1]), names) or f" There are: {', '.join(names)}."
            return Mistake(where, f"is not known here.{near}")
    return Mistake(where, SAYS.get(problem["type"]) or readable(problem))


def _locations(data: Any) -> Iterator[Location]:
    """Every location, the tenant's first."""
    for name in data.get("tenant") or {}:
        yield _location(data, name, None, ("tenant", name), {"scope": "tenant"})
    for project, names in (data.get("projects") or {}).items():
        for name in names or {}:
            where = ("projects", project, name)
            yield _location(data, f"{project}/{name}", project, where, {"project": project})


def _location(
    data: Any, name: str, project: str | None, where: Where, args: dict[str, Any]
) -> Location:
    cloud = clouds()[_at(data, where)["cloud"]]
    places = dict.fromkeys(args, where)
    for section in (("defaults", EVERY), ("defaults", cloud.name), where):
        for argument, value in (_at(data, section) or {}).items():
            if argument in cloud.arguments:
                args[argument], places[argument] = value, (*section, argument)
    args = {argument: value for argument, value in args.items() if value is not None}
    identity = args.pop("identity", None)
    if signs_in := _at(data, ("identities", identity)):
        args["identity"] = {key: one for key, one in signs_in.items() if key != "cloud"}
    return Location(name, project, cloud, identity, args, places, where)


def _at(data: Any, where: Where) -> Any:
    for step in where:
        data = (data or {}).get(step)
    return data


def _wrong(location: Location, data: Any) -> Iterator[Mistake]:
    """What is wrong with a location by itself."""
    if location.cloud.missing:
        yield Mistake((*location.where, "cloud"), location.cloud.missing)
    missing = [
        name
        for name, argument in location.cloud.arguments.items()
        if required(argument) and name not in location.args
    ]
    for name in missing:
        yield Mistake(location.where, f"needs `{name}`, here or in defaults.{location.cloud.name}")
    if location.identity and (reason := _unfit(location.identity, location.cloud, data)):
        yield Mistake(location.places["identity"], reason)
    if not missing:
        component = location.cloud.component
        for arguments, reason in component.mistakes(args_type_of(component)(**location.args)):
            first, *others = arguments.split(", ")
            along = f"and {', '.join(others)}: " if others else ""
            yield Mistake(location.places[first], f"{along}{reason}")


def _unfit(name: str, cloud: Cloud, data: Any) -> str:
    """Why that identity cannot sign in to that cloud; empty if it can."""
    identities = data.get("identities") or {}
    if name not in identities:
        near = nearest(name, identities) or f" There are: {', '.join(identities) or 'none'}."
        return f"`identities` has no {name!r}.{near}"
    other = clouds()[identities[name]["cloud"]]
    if other.family != cloud.family:
        return f"the identity {name!r} is of {other.name}, and the location is on {cloud.name}"
    return ""
