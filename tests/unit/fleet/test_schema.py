"""The JSON schema judges as the inventory does, and explains each argument."""

import inspect
import json
from dataclasses import fields
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from palette_backup_provider.engine.given import args_type_of
from palette_backup_provider.fleet.clouds import Cloud, clouds
from palette_backup_provider.fleet.schema import PLACED, inventory
from tests.unit.fleet.examples import INVENTORY, placed
from tests.unit.fleet.test_inventory import WRONG

LATER = {"missing", "no such identity", "an identity of another cloud"} | {
    "arguments that exclude each other"
}
"""What no schema can say."""


@pytest.fixture(scope="module")
def schema() -> Any:
    return inventory().model_json_schema()


def test_editors_judge_as_we_do(schema: Any) -> None:
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    assert judge.is_valid(yaml.safe_load(INVENTORY))
    taken = {
        case for case, (text, _) in WRONG.items() if judge.is_valid(yaml.safe_load(placed(text)[0]))
    }
    assert taken == LATER


@pytest.mark.parametrize("cloud", clouds().values())
def test_every_argument_is_offered_and_explained(schema: Any, cloud: Cloud) -> None:
    args = args_type_of(cloud.component)
    for section in ("Location on", "Defaults for"):
        offered = schema["$defs"][f"{section} {cloud.name}".replace(" ", "_")]["properties"]
        names = {field.name for field in fields(args)} - PLACED
        assert offered.keys() - {"cloud"} == names
        for name in names - {"identity"}:
            told = " ".join((inspect.getdoc(args) or "").split())
            assert offered[name]["description"] in told
            assert len(offered[name]["description"]) > 10


@pytest.mark.parametrize("cloud", clouds().values())
def test_every_word_of_an_identity_is_offered(schema: Any, cloud: Cloud) -> None:
    offered = schema["$defs"][f"Identity_on_{cloud.name}"]
    assert offered["properties"].keys() - {"cloud"} == {one.name for one in fields(cloud.identity)}


def test_no_secret_can_be_written_in_it(schema: Any) -> None:
    secret = {"secret_key", "password"}
    found = [
        json.dumps(kind)
        for section in schema["$defs"].values()
        for name, kind in section.get("properties", {}).items()
        if name in secret
    ]
    assert found and all("#/$defs/Config" in one and '"string"' not in one for one in found)
