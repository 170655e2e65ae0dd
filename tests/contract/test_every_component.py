"""The same questions to every component."""

import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest

import palette_backup_provider
from tests.contract.clouds import cloud_of, in_each_folder
from tests.sandbox import components

EXPORTED = {
    name: getattr(palette_backup_provider, name) for name in palette_backup_provider.__all__
}
COMPONENTS = {
    name: kind
    for name, kind in EXPORTED.items()
    if isinstance(kind, type) and issubclass(kind, pulumi.ComponentResource)
}
OUTPUTS = {"location_uid", "location_name", "location_type"}
each_component = pytest.mark.parametrize("kind", COMPONENTS.values(), ids=COMPONENTS)


def args_of(kind: Any) -> Any:
    return getattr(palette_backup_provider, f"{kind.__name__}Args")


def test_every_component_is_exported() -> None:
    folder = Path(palette_backup_provider.__file__).parent / "components"
    written = re.findall(
        r"(?m)^class (\w+)\(\w+, Component\[",
        "".join(path.read_text() for path in folder.glob("*.py")),
    )
    assert sorted(written) == sorted(COMPONENTS)
    assert set(palette_backup_provider.__all__) <= set(dir(palette_backup_provider))
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        palette_backup_provider.Nothing  # noqa: B018


def test_every_component_is_killed_disturbed_and_changed_by_hand() -> None:
    assert sorted(component.name for component in components.COMPONENTS) == sorted(COMPONENTS)


@each_component
def test_help_tells_of_every_argument(kind: Any) -> None:
    args, text = args_of(kind), inspect.getdoc(args_of(kind)) or ""
    assert is_dataclass(args)
    for field in fields(args):
        assert len(re.findall(rf"(?m)^    {field.name}: \S", text)) == 1, field.name


@each_component
def test_help_tells_of_every_output(kind: Any) -> None:
    text = inspect.getdoc(kind) or ""
    backups: set[str] = in_each_folder("samples")[cloud_of(kind)].BACKUPS
    assert kind.__annotations__.keys() >= OUTPUTS | backups
    for name in kind.__annotations__:
        assert re.search(rf"(?m)^    {name}: \S", text), name
