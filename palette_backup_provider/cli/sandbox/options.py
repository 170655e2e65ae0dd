"""Options that are read off what a control route takes, so that a new field is one by existing."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

import click
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

NONE = "none"
"""What stands for null among other words."""

Model = TypeVar("Model", bound=BaseModel)
Command = Callable[..., None]


def options(model: type[BaseModel]) -> Callable[[Command], Command]:
    """Gives a command an option for each field that has a default, and what was given of them."""
    fields = {n: info for n, info in model.model_fields.items() if not info.is_required()}

    def with_options(command: Command) -> Command:
        @wraps(command)
        def gathered(**rest: Any) -> None:
            values = {name: rest.pop(name) for name in fields}
            given = {n: _value(fields[n], v) for n, v in values.items() if v is not None}
            command(given=given, **rest)

        whole: Command = gathered
        for name, info in reversed(fields.items()):
            whole = _option(name, info)(whole)
        return whole

    return with_options


def made(model: type[Model], given: Mapping[str, Any]) -> Model:
    """The model of what was given; its rules are told in the words of the command line."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        required = model.model_fields[name].is_required()
        hint = name.upper() if required else f"--{_dashed(name)}"
        rule = first["msg"].replace("Input should", "it should")
        raise click.BadParameter(f"{rule}.", param_hint=hint) from None


def _option(name: str, info: FieldInfo) -> Callable[[Command], Command]:
    usual, flag, off = info.get_default(), f"--{_dashed(name)}", f"--no-{_dashed(name)}"
    how: dict[str, Any] = {}
    if info.annotation is bool:
        usual, flag = (flag if usual else off), f"{flag}/{off}"
    elif words := _words(info):
        how = {"type": click.Choice(list(words))}
    else:
        (kind,) = {int, float, str} & {info.annotation, *get_args(info.annotation)}
        how = {"type": kind, "metavar": "NAME" if kind is str else "NUMBER"}
    text = f"{info.description}  [default: {NONE if usual is None else usual}]"
    return click.option(flag, name, default=None, help=text, **how)


def _words(info: FieldInfo) -> dict[str, Any]:
    """The values that a field takes, by the word for each; empty where it takes any."""
    hints = (info.annotation, *get_args(info.annotation))
    values = [v for hint in hints if get_origin(hint) is Literal for v in get_args(hint)]
    if values and NoneType in hints:
        values.append(None)
    return {NONE if value is None else str(value): value for value in values}


def _value(info: FieldInfo, value: Any) -> Any:
    return _words(info).get(value, value)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
