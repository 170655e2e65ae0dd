import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from palette_backup_provider import palette
from palette_backup_provider.core.model import Model
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine import registration
from palette_backup_provider.engine.registration import CONFIG, SWITCH, with_old_names
from palette_backup_provider.engine.shape import shape_of
from palette_backup_provider.registry import NAMESPACES, RESOURCES
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from tests.contract.samples import SAMPLES
from tests.mocks import event_loops, opened

LOCATION = "palette-backup:palette:BackupLocation"
STORAGES: list[Any] = [each["storage"] for each in SAMPLES["palette:BackupLocation"]]


class Plugin(mocks.Mocks):
    """Gives each resource its inputs back."""

    def __init__(self) -> None:
        self.asked: dict[str, dict[str, Any]] = {}
        self.providers: dict[str, str] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.asked[args.typ] = opened(args.inputs)
        self.providers[args.typ] = str(args.provider)
        return f"{args.name}-id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    monkeypatch.setattr(registration, "_in_plugin", True)
    found = Plugin()
    with event_loops():
        mocks.set_mocks(found, project="project", stack="stack")
        yield found


def declared(make: Any) -> Any:
    """What a program makes, after it ran."""
    made: list[Any] = []

    @mocks.test  # type: ignore[untyped-decorator]
    def program() -> None:
        made.append(make())

    program()
    return made[0]


def value(output: pulumi.Output[Any]) -> Any:
    return asyncio.get_event_loop().run_until_complete(output.future())


def test_a_resource_is_declared_with_the_names_on_the_wire(plugin: Plugin) -> None:
    made = declared(
        lambda: palette.BackupLocation(
            "b", storage=STORAGES[0], is_default=True, labels={"a_b": "c"}
        )
    )
    asked = plugin.asked[LOCATION]
    assert (asked["isDefault"], asked["labels"]) == (True, {"a_b": "c"})
    assert "__from" not in asked and "__sealed" not in asked
    assert asked["__owner"].startswith("organization/project/stack/b:")
    assert value(vars(made)["is_default"]) is True
    assert value(vars(made)["labels"]) == {"a_b": "c"}


@pytest.mark.parametrize("storage", STORAGES)
def test_nested_outputs_have_the_names_of_python(plugin: Plugin, storage: Any) -> None:
    location = declared(lambda: palette.BackupLocation("l", {"storage": storage}))
    assert plugin.asked[LOCATION]["storage"] == spelled(storage)
    assert value(location.storage) == storage


def spelled(value: Any) -> Any:
    """With the names that the schema has."""
    if not isinstance(value, dict):
        return value
    return {camel(name): spelled(one) for name, one in value.items()}


class Monitor(mocks.MockMonitor):
    """Keeps what the engine is asked to register."""

    def __init__(self) -> None:
        super().__init__(Plugin())
        self.asked: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:
        self.asked[request.type] = request
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


def paths_of(model: type[Model], *above: str) -> Iterator[tuple[str, ...]]:
    """The path of each property, in the names of Python."""
    shape = shape_of(model)
    for name in shape.wire:
        yield (*above, name)
        for inner in shape.nested.get(name, {}).values():
            yield from paths_of(inner, *above, name)


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.token)
def test_options_name_properties_as_the_plugin_does(plugin: Plugin, kind: Any) -> None:
    monitor = Monitor()
    mocks.set_mocks(plugin, project="project", stack="stack", monitor=monitor)
    paths = sorted({*paths_of(kind.handler.state_type)})
    given = [".".join(path) for path in paths]
    opts = pulumi.ResourceOptions(
        ignore_changes=given,
        replace_on_changes=given,
        additional_secret_outputs=given,
        hide_diffs=given,
    )
    shape = shape_of(kind.handler.state_type)
    told = [".".join([shape.wire[top], *map(camel, below)]) for top, *below in paths]
    declared(lambda: kind("r", SAMPLES[kind.token][0], opts))
    asked = monitor.asked[f"palette-backup:{kind.token}"]
    assert list(asked.replaceOnChanges) == list(asked.hideDiffs) == told
    assert list(asked.ignoreChanges) == list(dict.fromkeys([*told, *given]))
    assert list(asked.additionalSecretOutputs)[-len(told) :] == told
    assert opts.ignore_changes == given, "the program's own options changed"


@pytest.mark.parametrize(
    ("native", "told"),
    [
        (None, ["is_default", "storage.url"]),
        ("true", ["is_default", "storage.url"]),
        ("false", ["is_default", "storage.url", "isDefault", "storage.url"]),
    ],
)
def test_what_a_dynamic_resource_ignores_has_its_old_names_where_it_moves_back(
    native: str | None, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "get_config", {SWITCH: native}.get)
    given = ["is_default", "storage.url"]
    opts = with_old_names(BackupLocationState, pulumi.ResourceOptions(ignore_changes=given))
    assert opts is not None and opts.ignore_changes == told
    assert with_old_names(BackupLocationState, None) is None


def test_the_plugin_itself_declares_everything_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "_in_plugin", False)
    registration.serve_natively()
    assert registration.is_native()


@pytest.mark.parametrize(
    ("value", "native", "alias"),
    [
        *(
            (on, True, "pulumi-python:dynamic/a:B")
            for on in ("true", "True", "TRUE", "1", " true ")
        ),
        *((off, False, "palette-backup:a:B") for off in ("false", "False", "0")),
        ("", False, None),
        (None, False, None),
    ],
)
def test_the_switch_takes_what_every_flag_takes(
    value: str | None, native: bool, alias: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "_in_plugin", False)
    monkeypatch.setattr(registration, "get_config", {SWITCH: value}.get)
    assert registration.is_native() is native
    assert [one.type_ for one in registration.aliases_of("a:B")] == ([alias] if alias else [])


@pytest.mark.parametrize("ask", [registration.is_native, lambda: registration.aliases_of("a:B")])
@pytest.mark.parametrize("value", ["yes", "on", "2", "null"])
def test_the_switch_takes_nothing_else(
    value: str, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "_in_plugin", False)
    monkeypatch.setattr(registration, "get_config", {SWITCH: value}.get)
    with pytest.raises(pulumi.RunError, match=rf"^palette:native is '{value}'\. It takes true"):
        ask()


def test_a_program_hands_on_the_settings_of_its_stack(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = {"palette:apiKey": "k3y", **{each.keys[0].name: "r" for each in NAMESPACES}}
    config = {"palette:native": "true", "mine:x": "y", **handed}
    monkeypatch.setattr(registration, "_in_plugin", False)
    monkeypatch.setattr(registration, "get_config", config.get)
    monkeypatch.setattr(registration, "get_config_env", lambda: config)
    program = type("Program", (), {})()
    monkeypatch.setattr(registration, "get_root_resource", lambda: program)
    declared(lambda: [palette.BackupLocation(name, storage=STORAGES[0]) for name in ("a", "b")])
    told = plugin.asked["pulumi:providers:palette-backup"][CONFIG]
    assert json.loads(told) == handed
    assert "palette-backup-id" in plugin.providers[LOCATION]
