"""An argument that would mean nothing, as what it shapes exists already, is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any, get_args, get_origin

import pytest
from pulumi import Output, RunError

from palette_backup_provider.components import component
from palette_backup_provider.components.location import EXISTING, LocationArgs
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.plain import is_plain
from palette_backup_provider.engine.shared_args import RotationArgs
from palette_backup_provider.plugin.package import schema
from tests.contract.clouds import cloud_of, in_each_folder
from tests.contract.recorded import recorded
from tests.contract.test_every_component import COMPONENTS, args_of, each_component

SCHEMA = schema("0.0.0")["resources"]
REQUIRED = {"region": "eu-west-1", "location": "westeurope"}
NEEDS: dict[str, dict[str, Any]] = {
    "existing_storage_account": {"existing_resource_group": "a"},
    "snapshot_tags": {"snapshots": True},
    "existing_container": {"existing_resource_group": "a", "existing_storage_account": "a"},
}
"""What has to be given along with it."""
VALUES: dict[str, list[Any]] = {"replace_with_data": ["retain"]}


GIVEN_TO_OTHERS = {("existing_service_account", "snapshots")}
"""What would mean something, but give more to an identity that is not ours."""


def values(kind: Any, argument: str) -> list[Any]:
    """Values of the right type, one of which at least is not the default."""
    return particular(kind).get(argument) or _of_type(hints(kind)[argument])


def particular(kind: Any) -> dict[str, list[Any]]:
    """The values of arguments that do not take any of their type."""
    own: dict[str, list[Any]] = in_each_folder("samples")[cloud_of(kind)].ARGUMENTS
    return own | VALUES


def hints(kind: Any) -> dict[str, Any]:
    return {field.name: field.type for field in fields(args_of(kind))}


def _of_type(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if annotation is bool:
        return [True, False]
    if annotation is int:
        return [5]
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return [{"a": "b"}]
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return [["a"]]
    return next((found for part in get_args(annotation) if (found := _of_type(part))), []) or (
        ["a"] if annotation is str else []
    )


def existing_arguments(kind: Any) -> list[str]:
    names = [field.name for field in fields(args_of(kind))]
    return [name for name in names if name.startswith("existing_")]


def program(kind: Any, given: Mapping[str, Any]) -> Callable[[str], object]:
    return lambda name: kind(name, args_of(kind)(**given))


def meaningless(kind: Any) -> set[tuple[str, str]]:
    """Each argument for an existing object, and each other that then changes nothing."""
    arguments = [field.name for field in fields(args_of(kind))]
    required = {name: value for name, value in REQUIRED.items() if name in arguments}
    always = {field.name for one in (LocationArgs, RotationArgs) for field in fields(one)}
    optional = [name for name in arguments if name not in {*required, *always}]
    bases = {"": required}
    for existing in existing_arguments(kind):
        own = {**NEEDS.get(existing, {}), existing: values(kind, existing)[0]}
        bases[existing] = {**required, **own}
    programs, plain = {}, {}
    for existing, base in bases.items():
        plain[existing] = f"base-of-{existing}"
        programs[plain[existing]] = program(kind, base)
        for argument in optional:
            if argument not in base:
                for number, value in enumerate(values(kind, argument)):
                    name = f"{existing}-with-{argument}-{number}"
                    needed = NEEDS.get(argument, {})
                    programs[name] = program(kind, {**needed, **base, argument: value})
    asked = recorded(programs)

    def changes(existing: str, argument: str) -> bool:
        start = f"{existing}-with-{argument}-"
        found = [asked[name] for name in programs if name.startswith(start)]
        return any(one != asked[plain[existing]] for one in found)

    return {
        (existing, argument)
        for existing in existing_arguments(kind)
        for argument in optional
        if argument not in bases[existing]
        and changes("", argument)
        and not changes(existing, argument)
    }


def refused(kind: Any) -> set[tuple[str, str]]:
    """Each argument for an existing object, and each other that is refused along with it."""
    return {
        (existing, field.name)
        for field in fields(args_of(kind))
        for existing in existing_arguments(kind)
        if field.metadata.get(EXISTING, {}).keys() & {existing, *NEEDS.get(existing, {})}
    }


def later(given: Mapping[str, Any], argument: str) -> dict[str, Any]:
    """`given`, with an output for an argument."""
    value: Any = given[argument]
    if is_dataclass(value):
        value = {name: one for name, one in vars(value).items() if one is not None}
    return {**given, argument: Output.from_input(value)}


@each_component
def test_an_output_stands_for_an_argument_or_is_refused_by_name(kind: Any) -> None:
    told = SCHEMA[f"palette-backup:index:{kind.__name__}"]["inputProperties"]
    required = {name: value for name, value in REQUIRED.items() if name in hints(kind)}
    identity = in_each_folder("samples")[cloud_of(kind)].IDENTITY
    programs: dict[str, Callable[[str], object]] = {}
    for argument in hints(kind):
        for number, value in enumerate(values(kind, argument) or [identity]):
            given = {**required, **NEEDS.get(argument, {}), argument: value}
            if told[camel(argument)].get("plain"):
                programs[f"refused-{argument}-{number}"] = partial(refuses, kind, given, argument)
            else:
                programs[f"known-{argument}-{number}"] = program(kind, given)
                programs[f"later-{argument}-{number}"] = partial(waits, kind, given, argument)
    asked = recorded(programs)
    known = {name: one for name, one in asked.items() if name.startswith("known-")}
    assert known
    for name, one in known.items():
        assert asked[name.replace("known", "later")] == one, name


SWITCHES = [
    (kind, name)
    for kind in COMPONENTS.values()
    for name, hint in hints(kind).items()
    if is_plain(hint) and bool in get_args(hint)
]
"""By these a component decides in the program what it makes."""


@pytest.mark.parametrize(("kind", "switch"), SWITCHES)
def test_a_switch_in_text_means_what_it_says(kind: Any, switch: str) -> None:
    required = {name: value for name, value in REQUIRED.items() if name in hints(kind)}
    texts: list[bool | str] = [True, False, "true", "false"]
    asked = recorded(
        {f"given-{text!r}": program(kind, {**required, switch: text}) for text in texts}
    )
    assert asked["given-'true'"] == asked["given-True"] != asked["given-False"]
    assert asked["given-'false'"] == asked["given-False"]


def waits(kind: Any, given: Mapping[str, Any], argument: str, name: str) -> None:
    """A component with an output for an argument."""
    kind(name, later(given, argument))


def refuses(kind: Any, given: Mapping[str, Any], argument: str, name: str) -> None:
    """That a component refuses an output for an argument."""
    with pytest.raises(RunError, match=rf"^{name}: {argument}: needs a value that is known now"):
        kind(name, later(given, argument))


@each_component
def test_what_means_nothing_along_with_an_existing_object_is_refused(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component, "incoherent", lambda args: iter(()))
    assert meaningless(kind) == refused(kind) - GIVEN_TO_OTHERS


@each_component
def test_it_is_refused_by_name_before_anything_is_made(kind: Any) -> None:
    required = {name: value for name, value in REQUIRED.items() if name in hints(kind)}
    assert refused(kind)
    for existing, argument in sorted(refused(kind)):
        given = {**required, **NEEDS.get(existing, {}), existing: values(kind, existing)[0]}
        for value in values(kind, argument):
            says = rf"(?m)^nightly: {argument}: needs an? [a-z ]+ made here, and existing_"
            with pytest.raises(RunError, match=says):
                kind("nightly", args_of(kind)(**{**given, argument: value}))
