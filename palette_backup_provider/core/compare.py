"""What is wrong with inputs, and what differs between two states; both read off the model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from palette_backup_provider.core.model import Computed, Model, Replaces, fields, key


@dataclass(frozen=True)
class Invalid:
    """One reason an input is refused, tied to the path of the field at fault."""

    path: str
    reason: str


@dataclass(frozen=True)
class Change:
    """One field that differs, and whether that replaces the resource."""

    path: str
    replaces: bool
    hidden: bool


def violations(
    model: type[Model], props: Mapping[str, Any], unknown: set[str]
) -> Iterator[Invalid]:
    """What is wrong with `props`; paths in `unknown` have no value yet and are not judged."""
    try:
        model.model_validate(props)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            path = _path(props, found["loc"])
            if not any(path == u or path.startswith(f"{u}.") for u in unknown):
                yield Invalid(path, _readable(found))


def changes(have: Model, want: Model, prefix: str = "") -> Iterator[Change]:
    """The fields that inputs decide and that differ between `have` and `want`."""
    model = type(want)
    for name in model.model_fields.keys() - fields(model, Computed):
        old, new = getattr(have, name, None), getattr(want, name)
        path = f"{prefix}{key(model, name)}"
        if isinstance(old, Model) and isinstance(new, Model) and type(old) is type(new):
            yield from changes(old, new, f"{path}.")
        elif old != new:
            replaces = name in fields(model, Replaces)
            replaces |= isinstance(old, Model) and isinstance(new, Model)
            yield Change(path, replaces, hidden=path.startswith("__"))


def _readable(found: Any) -> str:
    """pydantic's message in the words of a person who never heard of pydantic."""
    if found["type"] == "missing":
        return "is required"
    if found["type"] == "extra_forbidden":
        return "is not a property of this resource"
    if found["type"] in ("literal_error", "union_tag_invalid"):
        allowed = found["ctx"].get("expected") or found["ctx"].get("expected_tags")
        return f"must be {allowed}"
    message: str = found["msg"]
    return message.removeprefix("Value error, ")


def _path(props: Any, location: tuple[int | str, ...]) -> str:
    """`location` as the user wrote it: without the tags pydantic adds for a choice of models."""
    steps = []
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if isinstance(props, Mapping) and step not in props and not last:
            continue
        steps.append(str(step))
        props = props[step] if isinstance(props, Mapping) and step in props else None
    return ".".join(steps)
