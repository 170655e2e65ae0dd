"""An error about a component's resource names the argument that its user wrote."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, get_args

import pytest
from pulumi import Output, dynamic

from palette_backup_provider.core.compare import Invalid
from palette_backup_provider.core.model import Prerequisite
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine import dynamic as adapter
from palette_backup_provider.engine.arguments import NOTE, argument, arguments
from palette_backup_provider.engine.checking import CheckResult
from palette_backup_provider.engine.dynamic import DynamicProvider
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.engine.resource import Resource
from palette_backup_provider.engine.tokens import handler_of
from palette_backup_provider.registry import RESOURCES
from tests.contract.recorded import recorded
from tests.contract.test_every_argument import (
    NEEDS,
    REQUIRED,
    existing_arguments,
    hints,
    particular,
    program,
    values,
)
from tests.contract.test_every_component import args_of, each_component


def telling(kind: Any) -> dict[str, Any]:
    """A value for each argument whose value tells where it goes."""
    found: dict[str, Any] = {}
    for number, (name, annotation) in enumerate(hints(kind).items(), 101):
        types = {annotation, *get_args(annotation)}
        if name in particular(kind) or name.startswith("existing_"):
            continue
        if int in types:
            found[name] = number
        elif str in types and bool not in types:
            found[name] = f"value-of-{name.replace('_', '-')}"
    if "snapshot_scopes" in hints(kind):
        found["snapshot_scopes"] = particular(kind)["snapshot_scopes"][0]
    if "roles" in hints(kind):
        found["roles"] = ["value-of-roles"]
    return {**found, **{name: value for name, value in REQUIRED.items() if name in found}}


def programs(kind: Any) -> Iterator[dict[str, Any]]:
    """Its arguments, once with all that is made, and once with each thing that exists."""
    shaping = {f.name: f.metadata.get("existing", {}) for f in fields(args_of(kind))}
    told = telling(kind)
    for existing in ["", *existing_arguments(kind)]:
        own = {**NEEDS.get(existing, {}), existing: values(kind, existing)[0]} if existing else {}
        own = {
            name: f"existing-as-{name}" if value == "a" else value for name, value in own.items()
        }
        yield {**{k: v for k, v in told.items() if not shaping[k].keys() & own.keys()}, **own}


def flat(properties: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Each property by its path; that of a list is its own, once for each of its parts."""
    for name, value in properties.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}.")
        elif isinstance(value, list):
            yield from ((path, part) for part in value)
        elif not isinstance(value, (Output, bool)):
            yield path, value


@each_component
def test_each_property_is_called_as_the_argument_it_comes_from(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared: list[tuple[str, dict[str, Any]]] = []
    original = Resource._declare

    def noting(self: Any, name: str, given: dict[str, Any], opts: Any) -> None:
        declared.append((type(self).token, given))
        original(self, name, given, opts)

    monkeypatch.setattr(Resource, "_declare", noting)
    seen: set[str] = set()
    for number, given in enumerate(programs(kind)):
        declared.clear()
        recorded({f"location-{number}": program(kind, given)})
        sources = {
            part: name
            for name, value in given.items()
            for part in (value if isinstance(value, list) else [value])
            if isinstance(part, (str, int))
        }
        for token, properties in declared:
            note = properties.get(NOTE, {})
            if issubclass(handler_of(token).state_type, Prerequisite):
                assert note.get("existing") in hints(kind), token
            plain = {k: v for k, v in properties.items() if not k.startswith("__")}
            for path, value in flat(plain):
                if value in sources:
                    told = argument(path, note)
                    assert told == sources[value], f"{token} {path}"
                    seen.add(sources[value])
    assert len(seen) > 8


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.token)
def test_a_failure_of_any_type_is_told_in_the_words_of_the_note(
    kind: type[Resource[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def check(self: Any, before: Any, props: Any, unknown: Any) -> CheckResult:
        asked.append(props)
        paths = ("name", "storage.url", "storage", "other", "")
        return CheckResult(props, unknown, [Invalid(path, "is wrong") for path in paths])

    monkeypatch.setattr(Lifecycle, "check", check)
    run = Run(Settings(lambda _: None, {}))
    monkeypatch.setattr(adapter, "_run", run)
    note = arguments(name="bucket_name", storage="")
    news = {"__provider": "pickle", "__owner": "o", "name": "n", **note}
    answer: dynamic.CheckResult = DynamicProvider(kind.token, kind.handler).check({}, news)
    assert [failure.reason for failure in answer.failures] == [
        "bucket_name: is wrong",
        "url: is wrong",
        "storage: is wrong",
        "other: is wrong",
        "is wrong",
    ]
    assert asked == [{"__owner": "o", "name": "n"}]
    assert run.argument("o", "name") == "bucket_name" and run.argument("o", "other") == "other"
    assert NOTE not in answer.inputs
