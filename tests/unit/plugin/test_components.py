from dataclasses import fields
from typing import Any

import pytest
from pulumi import RunError

from palette_backup_provider.components.aws import AwsBackupLocationArgs
from palette_backup_provider.engine import registration
from palette_backup_provider.plugin.components import construct, in_python
from palette_backup_provider.plugin.package import Package, schema
from tests.contract.recorded import recorded
from tests.contract.test_every_argument import REQUIRED
from tests.contract.test_every_component import args_of, each_component

AWS = "palette-backup:index:AwsBackupLocation"
SCHEMA = schema("0.0.0")["resources"]


def test_arguments_get_the_names_of_python() -> None:
    given = {
        "region": "eu-west-1",
        "noncurrentDays": 7.0,
        "tags": {"noncurrentDays": "a", "snake_key": 2.5},
        "identity": {"roleArn": "arn"},
        "noSuchThing": [1.0],
    }
    assert in_python(AwsBackupLocationArgs, given) == {
        "region": "eu-west-1",
        "noncurrent_days": 7,
        "tags": {"noncurrentDays": "a", "snake_key": 2.5},
        "identity": {"role_arn": "arn"},
        "noSuchThing": [1],
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "nightly: region: is required."),
        ({"region": "r", "existingBucket": "a", "bucketName": "b"},
         "nightly: bucketName: needs a bucket made here, and existingBucket names an existing one. "
         "Leave out either."),
        ({"region": "r", "noncurrentDay": 1},
         "nightly: noncurrentDay: is no argument of AwsBackupLocation. "
         "Did you mean noncurrentDays?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_the_names_of_the_schema(given: dict[str, Any], told: str) -> None:
    with pytest.raises(RunError) as refused:
        construct(AWS, "nightly", given, None)
    assert str(refused.value) == told


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
