"""What the schema says of every type is what the models and docstrings say."""

from dataclasses import fields as args_fields
from pathlib import Path
from typing import Any

import pytest

from palette_backup_provider.core.markers import Secret
from palette_backup_provider.core.model import Model, fields
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.given import args_type_of, required
from palette_backup_provider.plugin.package import schema
from palette_backup_provider.resources.palette.storage import KINDS as STORAGES
from tests.contract.plugin_programs import judge_plugin_program
from tests.contract.schema_lines import LINES, text
from tests.contract.test_every_component import COMPONENTS
from tests.contract.test_every_type import TYPES

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = schema("0.0.0")
KINDS = {
    **{f"palette-backup:{token}": kind for token, kind in TYPES.items()},
    **{f"palette-backup:index:{kind.__name__}": kind for kind in COMPONENTS.values()},
}
each_kind = pytest.mark.parametrize(("token", "kind"), KINDS.items(), ids=KINDS)


def test_a_change_of_the_schema_shows_in_review() -> None:
    assert LINES.read_text() == text(), "run: python -m tests.contract.schema_lines"


def test_the_schema_has_every_type_and_no_other() -> None:
    assert SCHEMA["resources"].keys() == KINDS.keys()


@each_kind
def test_inputs_are_the_arguments(token: str, kind: Any) -> None:
    told, args = SCHEMA["resources"][token], args_fields(args_type_of(kind))
    hidden = [] if told.get("isComponent") else kind.handler.state_type.wire_names.values()
    assert list(told["inputProperties"]) == [*(camel(one.name) for one in args), *hidden]
    assert told["requiredInputs"] == [camel(one.name) for one in args if required(one)]


@each_kind
def test_each_input_and_type_is_described(token: str, kind: Any) -> None:
    told = SCHEMA["resources"][token]
    assert told["description"]
    for name, one in told["inputProperties"].items():
        assert one["description"], name


def test_each_part_of_a_type_is_described() -> None:
    for token, told in SCHEMA["types"].items():
        for name, one in told.get("properties", {}).items():
            assert one.get("description") or "const" in one, f"{token} {name}"


@pytest.mark.parametrize("token", TYPES)
def test_secrets_are_secret(token: str) -> None:
    told = SCHEMA["resources"][f"palette-backup:{token}"]["properties"]
    state: type[Model] = TYPES[token].handler.state_type
    sealed = {camel(name) for name in fields(state, Secret)}
    assert {name for name, one in told.items() if one.get("secret")} == sealed


@pytest.mark.parametrize("token", TYPES)
def test_a_stack_of_dynamic_resources_can_move(token: str) -> None:
    told = SCHEMA["resources"][f"palette-backup:{token}"]
    assert told["aliases"] == [{"type": f"pulumi-python:dynamic/{token}"}]


def test_a_choice_is_told_by_its_kind() -> None:
    storage = SCHEMA["resources"]["palette-backup:palette:BackupLocation"]["properties"]["storage"]
    kinds = storage["discriminator"]["mapping"]
    assert kinds.keys() == STORAGES.keys()
    assert [one["$ref"] for one in storage["oneOf"]] == list(kinds.values())
    for kind, ref in kinds.items():
        named = SCHEMA["types"][ref.removeprefix("#/types/")]["properties"]["kind"]
        assert named["const"] == kind


@pytest.mark.parametrize(
    ("language", "file", "package"),
    [
        ("go", "go/main.go", "{repository}/sdk/go/"),
        ("java", "java/src/main/java/App.java", "com.{owner}.palettebackup."),
        ("typescript", "typescript/index.ts", '"@{namespace}/{name}"'),
    ],
)
def test_an_example_fits_the_sdk_that_is_made_of_it(language: str, file: str, package: str) -> None:
    program = (EXAMPLES / file).read_text()
    owner = SCHEMA["namespace"].replace("-", "")
    repository = SCHEMA["repository"].removeprefix("https://")
    assert package.format(**{**SCHEMA, "owner": owner, "repository": repository}) in program
    judge_plugin_program(language, program)


def test_no_text_has_the_spelling_of_python() -> None:
    for told in SCHEMA["resources"].values():
        for one in told["inputProperties"].values():
            assert "palette:project" not in one["description"]
            assert "force_destroy" not in one["description"]


def test_each_setting_is_described() -> None:
    for name, told in SCHEMA["config"]["variables"].items():
        assert told["description"], name
    assert SCHEMA["config"]["variables"]["apiKey"]["secret"] is True
