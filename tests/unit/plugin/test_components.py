from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

import pytest
from pulumi import Input, Output, RunError

from palette_backup_provider.core.text import camel
from palette_backup_provider.engine import registration
from palette_backup_provider.engine.plain import NEEDED
from palette_backup_provider.plugin import spelling
from palette_backup_provider.plugin.components import construct, in_python
from palette_backup_provider.plugin.package import Package, schema
from tests.contract.recorded import recorded
from tests.contract.test_every_argument import NEEDS, REQUIRED, refused, values
from tests.contract.test_every_component import args_of, each_component
from tests.mocks import event_loops

SCHEMA = schema("0.0.0")["resources"]


@dataclass(kw_only=True)
class Identity:
    role_name: Input[str] | None = None


@dataclass(kw_only=True)
class Args:
    region: Input[str]
    noncurrent_days: Input[int] | None = None
    tags: Input[Mapping[str, Input[str]]] | None = None
    identity: Identity | None = None


def told(kind: Any, given: Mapping[str, Any]) -> str:
    """Why a component is refused, as the plugin tells it."""
    spelled = {camel(name): value for name, value in given.items()}
    with pytest.raises(RunError) as error:
        construct(f"palette-backup:index:{kind.__name__}", "nightly", spelled, None)
    return spelling.told(error.value)


def required(kind: Any) -> dict[str, Any]:
    """What it cannot do without."""
    names = {field.name for field in fields(args_of(kind)) if field.default is MISSING}
    return {name: REQUIRED[name] for name in names}


def test_arguments_get_the_names_of_python() -> None:
    given = {
        "region": "eu-west-1",
        "noncurrentDays": 7.0,
        "tags": {"noncurrentDays": "a", "snake_key": 2.5},
        "identity": {"roleName": "r"},
        "noSuchThing": [1.0],
    }
    assert in_python(Args, given) == {
        "region": "eu-west-1",
        "noncurrent_days": 7,
        "tags": {"noncurrentDays": "a", "snake_key": 2.5},
        "identity": {"role_name": "r"},
        "noSuchThing": [1],
    }


@each_component
def test_a_mistake_is_told_in_the_names_of_the_schema(kind: Any) -> None:
    given = required(kind)
    asked = SCHEMA[f"palette-backup:index:{kind.__name__}"].get("requiredInputs", [])
    assert asked == sorted(given)
    for name in given:
        others = {each: value for each, value in given.items() if each != name}
        assert told(kind, others) == f"nightly: {name}: is required."
    assert told(kind, {**given, "locationNam": "l"}) == (
        f"nightly: locationNam: is no argument of {kind.__name__}. Did you mean locationName?"
    )
    with pytest.raises(RunError) as error:
        construct(
            f"palette-backup:index:{kind.__name__}",
            "force_destroy",
            {**given, "get_backup_location": "l"},
            None,
        )
    assert spelling.told(error.value).startswith(
        f"force_destroy: get_backup_location: is no argument of {kind.__name__}. "
    )
    for existing, argument in refused(kind):
        theirs = {**NEEDS.get(existing, {}), existing: values(kind, existing)[0]}
        both = {**given, **theirs, argument: values(kind, argument)[0]}
        start, _, end = told(kind, both).partition(" made here, and ")
        assert start.startswith(f"nightly: {camel(argument)}: needs a")
        ends = [f"{camel(one)} names an existing one. Leave out either." for one in theirs]
        assert end in ends


@each_component
def test_an_output_is_refused_where_the_schema_says_plain(kind: Any) -> None:
    inputs = SCHEMA[f"palette-backup:index:{kind.__name__}"]["inputProperties"]
    with event_loops():
        for name in [name for name, one in inputs.items() if one.get("plain")]:
            given = {**required(kind), name: Output.from_input(True)}
            assert told(kind, given) == f"nightly: {name}: {NEEDED}"


def test_a_component_of_another_version_is_told() -> None:
    with pytest.raises(RunError, match=r"nightly: this version .* has no component '.*:Other'"):
        construct("palette-backup:index:Other", "nightly", {}, None)


@each_component
def test_a_component_has_the_outputs_of_the_schema(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "_in_plugin", True)
    token, made = f"palette-backup:index:{kind.__name__}", list[Any]()
    known = {field.name for field in fields(args_of(kind))}
    given = {name: value for name, value in REQUIRED.items() if name in known}
    recorded({"nightly": lambda name: made.append(Package().construct(name, token, given))})
    (result,) = made
    assert result.state.keys() == SCHEMA[token]["properties"].keys()
