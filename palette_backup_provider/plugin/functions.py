"""What programs in other languages call besides resources: the functions that Python has."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi import RunError

from palette_backup_provider.core.places import nearest
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.secrets import remember
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.function import checked
from palette_backup_provider.engine.mistakes import Mistake, Mistakes
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.engine.program import serving
from palette_backup_provider.engine.schema import RESULT
from palette_backup_provider.engine.wire import Bag, read, sealed

UNKNOWN = "is no argument: correct its name, or leave it out"


def native_function(token: str) -> str:
    """`palette:get_backup_location` as the schema has it."""
    cloud, _, name = token.partition(":")
    return f"{PACKAGE}:{cloud}:{camel(name)}"


def call(token: str, args: Struct, run: Run) -> Struct:
    """What the function of that token answers. If an argument is secret, so is the answer."""
    from palette_backup_provider.registry import FUNCTIONS  # every type: few runs call anything

    function = {native_function(name): one for name, one in FUNCTIONS.items()}.get(token)
    if function is None:
        raise RunError(
            f"this version of palette-backup-provider has no function {token!r}. Install the "
            f"version that the program's SDK is of."
        )
    bag = read(None, args)
    remember(bag.secrets)
    parameters = {camel(one.name): one for one in signature(function).parameters.values()}
    called = camel(function.__name__)
    if wrong := _wrong(bag, parameters):
        raise Mistakes(called, wrong)
    with serving(run):
        result = checked(function, called)(
            **{parameters[name].name: one for name, one in bag.props.items()}
        )
    answer = Struct()
    answer.update(_plain(result))
    for value in answer.fields.values() if bag.secret else ():
        value.CopyFrom(sealed(value))
    return answer


def _wrong(bag: Bag, parameters: Mapping[str, Parameter]) -> list[Mistake]:
    """What keeps a function from being called; arguments are named as they were given."""
    later = "has no value yet: call this where it has, such as in an apply"
    names = {*bag.props, *(path[0] for path in bag.unknown)}
    return [
        *(Mistake("", later, path) for path in sorted(bag.waiting)),
        *(
            Mistake("", f"{UNKNOWN}.{nearest(name, parameters)}", name)
            for name in bag.props
            if name not in parameters
        ),
        *(
            Mistake("", "is required", name)
            for name, parameter in parameters.items()
            if parameter.default is parameter.empty and name not in names
        ),
    ]


def _plain(result: Any) -> dict[str, Any]:
    if is_dataclass(result):
        return {camel(field.name): getattr(result, field.name) for field in fields(result)}
    return {RESULT: result}
