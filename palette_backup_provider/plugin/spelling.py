"""Texts for people whose program is in another language: arguments and settings as it has them.

Texts are written for programs in Python. Here, and nowhere else, they are brought to the schema:
`force_destroy=True` is `forceDestroy: true`, as YAML and TypeScript write it. What stands in quotes
is a value, and stays as the user has it. So does a value that stands in a text without quotes, as
the name of a bucket may.
"""

import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import fields as args_fields
from functools import cache
from inspect import signature
from typing import Any

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct

from palette_backup_provider.core.text import camel
from palette_backup_provider.engine.given import args_type_of
from palette_backup_provider.engine.mistakes import Mistakes, line
from palette_backup_provider.engine.owner import PACKAGE
from palette_backup_provider.engine.shape import models_in
from palette_backup_provider.engine.wire import read
from palette_backup_provider.plugin.config import settings

asked: ContextVar[Message | None] = ContextVar("asked", default=None)
"""The request of the engine that a text is about."""
_QUOTED = r"""'(?:[^'\\\n]|\\.)*'(?!\w)|"(?:[^"\\\n]|\\.)*"(?!\w)"""
"""A value as errors quote it: an apostrophe within words ends none."""
_LITERALS = {"True": "true", "False": "false", "None": "null"}
_WORD = re.compile(r"\w+")


def told(error: BaseException) -> str:
    """The text of a deliberate error. Names that the user wrote stay as they are."""
    if not isinstance(error, Mistakes):
        return spell(str(error))
    return "\n".join(
        line(error.whose, _WORD.sub(_camel, one.argument), one.written, spell(one.reason))
        for one in error.mistakes
    )


def spell(text: str) -> str:
    """`text` with the schema's names of arguments, such as `forceDestroy`, and of settings."""
    given = _given()
    return _pattern().sub(lambda one: one[0] if one[0] in given else _spelled(one), text)


def _given() -> set[str]:
    """The names, ids and values in the request, which may read like an argument of ours. Hidden
    properties are not the user's: a component notes its arguments in one."""
    parts = [part for _, part in request.ListFields()] if (request := asked.get()) else []
    texts = {part.rpartition("::")[2] for part in parts if isinstance(part, str)}
    for props in (read(None, part).props for part in parts if isinstance(part, Struct)):
        texts.update(*(_texts(one) for name, one in props.items() if not name.startswith("__")))
    return texts


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _spelled(match: re.Match[str]) -> str:
    if key := match["key"]:
        native = _names()[key]
        return f"{match['set']}{native}{match['to']}{_or_property(native)}"
    if argument := match["argument"]:
        value = match["value"]
        return f"{camel(argument)}: {_LITERALS.get(value, value)}" if value else camel(argument)
    if match["help"]:
        return "docs/reference names"
    return _names().get(match[0], match[0])


def _or_property(native: str) -> str:
    """Stack config reaches no provider but the one that Pulumi makes by itself."""
    return f" (or the property `{native.partition(':')[2]}` of an explicit provider)"


def _camel(match: re.Match[str]) -> str:
    return camel(match[0])


@cache
def _arguments() -> set[str]:
    from palette_backup_provider.components.component import every_component
    from palette_backup_provider.registry import FUNCTIONS, RESOURCES  # all: few runs tell any

    names = {name for kind in RESOURCES for name in _fields(kind.handler.state_type)}
    names |= {f.name for kind in every_component() for f in args_fields(args_type_of(kind))}
    for function in FUNCTIONS.values():
        names |= {function.__name__, *signature(function).parameters}
    return names


@cache
def _names() -> dict[str, str]:
    spelled = {name: camel(name) for name in _arguments() if camel(name) != name}
    keys = {key.name: f"{PACKAGE}:{native}" for native, key in settings().items()}
    return {**spelled, **{name: native for name, native in keys.items() if ":" in name}}


@cache
def _pattern() -> re.Pattern[str]:
    keys = _either(name for name in _names() if ":" in name)
    value = rf"(?P<value>(?:True|False|None|\d+)\b|{_QUOTED}|(?=[\s,;:.)]|$))"
    return re.compile(
        rf"(?P<set>`pulumi config set [^`:\n]*)(?P<key>{keys})(?P<to>[^`\n]*`)"
        rf"|(?<![\w:?&/-])(?P<argument>{_either(_arguments())})={value}"
        rf"|(?<!\w)(?:{_QUOTED})"
        rf"|(?P<help>help\([\w.]+\) names)"
        rf"|(?<![\w:-])(?:{_either(_names())})(?![\w-])"
    )


def _either(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def _fields(model: Any) -> Iterator[str]:
    """The fields of a model and of all that nests in it."""
    for name, info in model.model_fields.items():
        yield name
        for inner in models_in(info.annotation):
            yield from _fields(inner)
