"""Every answer is read here: it has the shape that our code relies on, or it is one error.

The modules `answers` say what is read of each call's answer; the rest does not matter. The error
names the call, the place in the answer and the expected shape, and quotes no value.

Imported with the first answer, as programs need none of it.
"""

import json
import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
)

from palette_backup_provider.core.errors import ProviderError, UnreadableAnswer
from palette_backup_provider.core.secrets import excerpt

UNPARSED = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a library's own parser raises over an answer that it did not expect."""
DEEPEST = 64
"""Levels of nesting; more would exhaust the stack of whatever walks through it."""
LARGEST = 2.0**63
UNREAD: Any = Any
"""The shape where nothing of the answer is read."""
ABSENT: Any = None
"""The default of a field that may be absent, but is not null where it is there."""
SHOWN = re.compile(r"[\w.:/@-]{1,64}")
"""A step of a path into an answer that can be shown as it is."""

EXPECTED = {
    "missing": "is missing",
    "model_type": "should be an object",
    "dict_type": "should be an object",
    "list_type": "should be a list",
    "string_type": "should be a text",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
}
"""What pydantic's types of errors say, in plain words."""


class Shape(BaseModel):
    """What is read of one object in an answer. A field with a default may be absent; one that may
    be null says so."""

    model_config = ConfigDict(
        strict=True, extra="ignore", defer_build=True, hide_input_in_errors=True
    )


class Routes:
    """The shapes of the answers of one REST API, by method and path.

    In a path `{name}` is one step, and `{name*}` one or more.
    """

    def __init__(self, shapes: Mapping[str, Any]) -> None:
        self.shapes = shapes
        self._patterns = [(_pattern(route), shape) for route, shape in shapes.items()]

    def read(self, api: object, method: str, path: str, body: bytes) -> Any:
        """The JSON of `body`, None if it is empty."""
        call = f"{method} {path.partition('?')[0]}"
        return checked(decoded(body, api, call), self._shape(api, call), api, call)

    def _shape(self, api: object, call: str) -> Any:
        for pattern, shape in self._patterns:
            if pattern.fullmatch(call):
                return shape
        raise ProviderError(f"{api} has no call {call} that is known here. Check the id.")


def decoded(body: bytes, api: object, call: str) -> Any:
    """The JSON of `body`, None if it is empty."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        start = body[:1024].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
        page = f"but a page, {excerpt(start)}" if start.startswith("<") else ""
        raise UnreadableAnswer(api, call, f"it is not JSON {page}".rstrip()) from None


def checked(answer: Any, shape: Any, api: object, call: str) -> Any:
    """`answer`, if it has that shape."""
    why = _impossible(answer)
    if not why and shape is not UNREAD:
        try:
            _adapter(shape).validate_python(answer)
        except ValidationError as error:
            why = _first(error)
    if why:
        raise UnreadableAnswer(api, call, why)
    return answer


def judged(value: Any, shape: Any) -> Any:
    """`value`, which was inside of a text in an answer, if it has that shape; else ValueError."""
    if why := _impossible(value):
        raise ValueError(why)
    try:
        _adapter(shape).validate_python(value)
    except ValidationError as error:
        raise ValueError(f"has no such content as expected: {_first(error)}") from None
    return value


def json_of(text: str) -> Any:
    """The JSON in a text of an answer; else ValueError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("should be JSON") from None


def decoded_base64(text: str) -> bytes:
    """The bytes in a text of an answer; else ValueError."""
    try:
        return b64decode(text, validate=True)
    except (BadBase64, ValueError):
        raise ValueError("should be base64") from None


def or_empty(field: str) -> BeforeValidator:
    """For a list that an API leaves out where it is empty: `{}` is that, anything else without
    `field` is not."""

    def check(answer: Any) -> Any:
        if isinstance(answer, dict) and answer and field not in answer:
            raise ValueError(f"has no {field}, and is not empty")
        return answer

    return BeforeValidator(check)


def _moment(text: str) -> str:
    try:
        aware = datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        aware = False
    if not aware:
        raise ValueError("should be a date and time with its zone")
    return text


def _base64(text: str) -> str:
    decoded_base64(text)
    return text


def _name(text: str) -> str:
    if not 1 <= len(text) <= 256 or not text.isprintable() or re.search(r"[\s/?#]", text):
        raise ValueError("should be a name or an id, without blanks and slashes")
    return text


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("should be a text without control characters")
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable or not text.isprintable():
        raise ValueError("should be a URL")
    return text


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value), re.ASCII):
        raise ValueError("should be a whole number")
    return value


Name = Annotated[str, AfterValidator(_name)]
"""What becomes part of a path, or of a state's id."""
Line = Annotated[str, AfterValidator(_line)]
Moment = Annotated[str, AfterValidator(_moment)]
Base64 = Annotated[str, AfterValidator(_base64)]
Url = Annotated[str, AfterValidator(_url)]
Whole = Annotated[Any, AfterValidator(_whole)]
"""A whole number, or the digits of one: JSON APIs write what has 64 bits as text."""


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _pattern(route: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\*?\})", route)
    steps = {True: ".+", False: "[^/]+"}
    whole = (steps[p.endswith("*}")] if p.startswith("{") else re.escape(p) for p in parts)
    return re.compile("".join(whole), re.IGNORECASE)  # some APIs' ids have no case


def _impossible(answer: Any) -> str:
    """What no program can go on with, wherever it is in `answer`; empty if there is none."""
    level = [answer]
    for _ in range(DEEPEST):
        for value in level:
            if isinstance(value, int | float) and not abs(value) < LARGEST:
                return "it holds a number that is too large"
            if isinstance(value, str) and not _encodes(value):
                return "it holds half a character"
        level = [part for value in level for part in _parts(value)]
        if not level:
            return ""
    return "it is nested too deeply"


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _encodes(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, and where."""
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    steps = (str(step) for step in problem["loc"])
    path = ".".join(step if SHOWN.fullmatch(step) else "…" for step in steps) or "it"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{path} {EXPECTED.get(problem['type'], message)}"
