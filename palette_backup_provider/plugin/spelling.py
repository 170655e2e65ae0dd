"""Texts for people whose program is in another language: arguments and settings as it has them."""

import re
from collections.abc import Iterator
from dataclasses import fields as args_fields
from functools import cache
from inspect import signature
from typing import Any, get_args

from palette_backup_provider.core.model import is_model
from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.given import args_type_of
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.plugin.config import settings


def spell(text: str) -> str:
    """`text` with the schema's names of arguments, such as `forceDestroy`, and of settings."""
    names = _names()
    return _pattern().sub(lambda match: names[match[0]], text)


@cache
def _names() -> dict[str, str]:
    from palette_backup_provider.components.component import every_component
    from palette_backup_provider.registry import FUNCTIONS, RESOURCES  # all: few runs tell any

    arguments = {name for kind in RESOURCES for name in _fields(kind.handler.state_type)}
    arguments |= {f.name for kind in every_component() for f in args_fields(args_type_of(kind))}
    for function in FUNCTIONS.values():
        arguments |= {function.__name__, *signature(function).parameters}
    spelled = {name: camel(name) for name in arguments if camel(name) != name}
    keys = {key.name: f"{PACKAGE}:{native}" for native, key in settings().items()}
    return {**spelled, **{name: native for name, native in keys.items() if ":" in name}}


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(map(re.escape, _names()), key=len, reverse=True)
    return re.compile(rf"(?<![\w:-])(?:{'|'.join(names)})(?![\w-])")


def _fields(model: Any) -> Iterator[str]:
    """The fields of a model and of all that nests in it."""
    for name, info in model.model_fields.items():
        yield name
        for part in (info.annotation, *get_args(info.annotation)):
            if is_model(part):
                yield from _fields(part)
