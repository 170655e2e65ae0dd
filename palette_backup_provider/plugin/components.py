"""Makes components for programs in every language, of the plugin's own resources."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pulumi import Inputs, ResourceOptions, RunError
from pulumi.provider import ConstructResult

from palette_backup_provider.components.component import every_component
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.given import args_type_of, nested


def construct(
    token: str, name: str, inputs: Inputs, opts: ResourceOptions | None
) -> ConstructResult:
    """The component of that type."""
    kind = next((one for one in every_component() if one._token == token), None)
    if kind is None:
        raise RunError(
            f"{name}: this version of palette-backup-provider has no component {token!r}. Install "
            f"the version that the program's SDK is of."
        )
    component = kind(name, in_python(args_type_of(kind), inputs), opts)
    outputs = {camel(output): getattr(component, output) for output in kind.__annotations__}
    return ConstructResult(component.urn, outputs)


def in_python(args: type[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with the names that the class `args` has. Keys of a user's own maps stay."""
    by_name = {camel(field.name): field for field in fields(args)}
    arguments = {}
    for name, value in given.items():
        field = by_name.get(name)
        kinds = nested(field.type) if field else []
        if len(kinds) == 1 and isinstance(value, Mapping):
            value = in_python(kinds[0], value)
        arguments[field.name if field else name] = _whole(value)
    return arguments


def _whole(value: Any) -> Any:
    """`value`, whose whole numbers are integers: the wire has floats alone."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _whole(one) for name, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value
