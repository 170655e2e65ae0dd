"""What is wrong with inputs, and what differs between two states; both read off the model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from palette_backup_provider.core.markers import (
    AutoNamed,
    Beside,
    Computed,
    CreateOnly,
    Local,
    Replaces,
)
from palette_backup_provider.core.model import (
    Model,
    fields,
    marker,
    properties_with,
    property_name,
    variant,
)
from palette_backup_provider.core.secrets import cleared, printable

LONGEST = 400
"""Characters of a reason: what people are told has to fit a screen."""
ABOUT_PARTS = frozenset({"value_error", "assertion_error", "too_short", "too_long"})
"""What pydantic calls a rule that is about the parts of a value."""
UNKNOWN_PROPERTY = "is not a property of this resource: correct its name, or leave it out"
NO_TEXT = "must be text"
_NO_SWITCH, _NO_NUMBER = "must be true or false", "must be a whole number"
IN_WORDS = {
    "bool_parsing": _NO_SWITCH,
    "bool_type": _NO_SWITCH,
    "dict_type": "must be a map",
    "extra_forbidden": UNKNOWN_PROPERTY,
    "int_from_float": _NO_NUMBER,
    "int_parsing": _NO_NUMBER,
    "int_type": _NO_NUMBER,
    "list_type": "must be a list",
    "missing": "is required",
    "model_type": "must be a map of properties",
    "string_type": NO_TEXT,
}
"""What pydantic's types of errors say, in words for who does not know pydantic."""


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
        for problem in error.errors(include_url=False):
            path = ".".join(map(str, steps(props, problem)))
            if not _waits(path, problem["type"], unknown):
                secrets = [problem["input"]] if _beside_a_secret(model, props, path) else []
                yield Invalid(path, cleared(readable(problem), *secrets))


def changes(have: Model, want: Model, prefix: str = "", replaces: bool = False) -> Iterator[Change]:
    """The fields that inputs decide and that differ between `have` and `want`.

    `replaces` says that every one of them replaces the resource, marked or not.
    """
    model = type(want)
    for name in model.model_fields:
        if name in fields(model, Computed) | fields(model, CreateOnly):
            continue
        old, new = getattr(have, name, None), getattr(want, name)
        path = f"{prefix}{property_name(model, name)}"
        fixed = replaces or name in fields(model, Replaces)
        if isinstance(old, Model) and isinstance(new, Model) and type(old) is type(new):
            yield from changes(old, new, f"{path}.", fixed)
        elif old != new:
            if isinstance(old, Model) and isinstance(new, Model):  # of another kind
                fixed |= "kind" in fields(type(new), Replaces)
            yield Change(path, fixed, hidden=path.startswith("__"))


def top(path: str) -> str:
    """The property that a path begins at."""
    return path.partition(".")[0]


def only_local(have: Model, want: Model) -> bool:
    """Whether they differ in nothing but what is written into state."""
    differs = {change.path for change in changes(have, want)}
    return bool(differs) and differs <= properties_with(type(want), Local)


def replaces_at(state: Model, path: str) -> bool:
    """Whether a change at `path` of `state` replaces the resource."""
    name, _, rest = path.partition(".")
    model = type(state)
    field = next((f for f in model.model_fields if property_name(model, f) == name), None)
    if field is None or field in fields(model, Replaces):
        return field is not None
    inner = getattr(state, field)
    return isinstance(inner, Model) and replaces_at(inner, rest)


def name_collides(have: Model, want: Model, unknown: set[str]) -> bool:
    """Whether a new object would have the physical name of the old object, if that is known."""
    model = type(want)

    def meet(field: str, named: AutoNamed) -> bool:
        shared = [field, named.within] if named.within else [field]
        return all(getattr(have, name) == getattr(want, name) for name in shared)

    names = ((field, marker(model, field, AutoNamed)) for field in model.model_fields)
    return any(
        meet(field, named)
        for field, named in names
        if named and property_name(model, field) not in unknown
    )


def _waits(path: str, kind: str, unknown: set[str]) -> bool:
    """Whether `path` has no value yet, or its rule is about parts of which one has none yet. A map
    in the place of a text stays one, whatever its parts are."""
    if any(path == u or path.startswith(f"{u}.") for u in unknown):
        return True
    if kind == "union_tag_not_found":
        return f"{path}.kind" in unknown
    return kind in ABOUT_PARTS and any(not path or u.startswith(f"{path}.") for u in unknown)


def _beside_a_secret(model: type[Model] | None, props: Any, path: str) -> bool:
    """Whether what stands at `path` may be a secret by mistake."""
    name, _, rest = path.partition(".")
    field = (
        next((f for f in model.model_fields if property_name(model, f) == name), None)
        if model
        else None
    )
    if not (model and field):
        return False
    if not rest:
        return marker(model, field, Beside) is not None
    inner = props.get(name) if isinstance(props, Mapping) else None
    return _beside_a_secret(variant(model.model_fields[field].annotation, inner), inner, rest)


def readable(problem: Any) -> str:
    """What is wrong, in our words or else in pydantic's."""
    if words := IN_WORDS.get(problem["type"]):
        return words
    if problem["type"] == "union_tag_not_found":
        return f"needs {problem['ctx']['discriminator']}"
    if problem["type"] in ("literal_error", "union_tag_invalid"):
        allowed = problem["ctx"].get("expected") or problem["ctx"].get("expected_tags")
        return f"must be {allowed}"
    message: str = problem["msg"]
    return short(message.removeprefix("Value error, ").replace("Input should be", "must be", 1))


def short(text: str) -> str:
    """`text` without the middle of a long value that it quotes; made printable first, as a cut
    secret could not be told any more."""
    text = printable(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 4]}…{text[-3 * LONGEST // 4 :]}"


def steps(props: Any, problem: Any) -> list[str | int]:
    """Where it is, as the user wrote it: without the tags pydantic adds for a choice of types."""
    taken: list[str | int] = []
    for step in problem["loc"]:
        try:
            props = props[step]
        except (LookupError, TypeError):
            continue
        taken.append(step)
    if problem["type"] == "missing":
        taken.append(problem["loc"][-1])
    return taken
