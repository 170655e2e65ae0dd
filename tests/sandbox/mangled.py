"""Answers made into something else, in every way that a server, a proxy or an enemy knows."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from tests.sandbox.folders import in_some_folders
from tests.sandbox.tape import Exchange

DEEP = 2000
PAGE = b"<!doctype html><html><body><h1>Sign in</h1></body></html>"
BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;">]><b>&c;</b>'
ODD: list[Any] = [
    *(None, True, False, 0, -1, 7, 2**40, 10**300, 1e300, "", "x", "*", "null", [], [[]], {}),
    *(["x"], [None], [{}], [7], {"x": None}, {"": ""}, {"name": 7}),
    *("..", "../../etc", "a/b", "a b", "a\nb\r\n", "\x00\x1b[31m", "\ufeff", "ÿ" * 99, "9" * 5000),
    *("2026-13-45T99:99:99Z", "2026-11-28", "0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z"),
    *("http://[", "https://", "javascript:1", "%", "=" * 7, "e30", '{"a":', "v", "v-1", "arn:"),
]
"""What a value is replaced with."""
RAW = ["NESTED", "NAN", "HUGE", "HALF"]
"""Values that only text can hold."""
WRITTEN = {
    '"NESTED"': "[" * DEEP + "]" * DEEP,
    '"NAN"': "NaN",
    '"HUGE"': "9" * 5000,
    '"HALF"': r'"\ud800"',
}
CLOUDS = in_some_folders("mangled").values()
HEADERS: dict[str, tuple[str, ...]] = {
    "Content-Type": ("text/html", "application/octet-stream", "", "text/plain; charset=utf-99"),
    "Content-Encoding": ("gzip", "deflate", "br"),
    "Date": ("yesterday", "Sat, 28 Nov 99999999999 00:00:00 GMT", ""),
    "Location": ("http://[", "", "https://elsewhere.example/"),
    "Retry-After": ("soon", "9" * 400, "Sat, 28 Nov 99999999999 00:00:00 GMT", "-1"),
    **{name: values for each in CLOUDS for name, values in each.HEADERS.items()},
}


def mangled(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    """`one`, made into something else; `others` are what the same services also said."""
    how = chance.choice([*[_inside] * 6, _cut, _replaced, _swapped, _header, _coded])
    return how(one, others, chance)


def _inside(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    if not one.body:
        return _replaced(one, others, chance)
    if one.body.lstrip().startswith(b"<"):
        return replace(one, body=_xml(one.body, chance))
    try:
        return replace(one, body=_json(json.loads(one.body), chance))
    except ValueError:
        return _cut(one, others, chance)


def _cut(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    return replace(one, body=one.body[: chance.randrange(len(one.body) + 1)])


def _replaced(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    deep, tags = b"[" * DEEP + b"]" * DEEP, b"<a>" * DEEP + b"</a>" * DEEP
    whole = [b"", b"null", b"[]", b"{}", b"7", b'"x"', b"[null]", b" ", b"{}{}", b"\x00" * 9]
    body = chance.choice([*whole, PAGE, BOMB, b"<a/>", deep, tags, bytes(range(256))])
    return replace(one, body=body)


def _swapped(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    return replace(one, body=chance.choice(others).body)


def _header(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    name = chance.choice(sorted(HEADERS))
    kept = [(k, v) for k, v in one.headers if k.lower() != name.lower()]
    return replace(one, headers=(*kept, (name, chance.choice(HEADERS[name]))))


def _coded(one: Exchange, others: Sequence[Exchange], chance: random.Random) -> Exchange:
    body = one.body
    text = body.decode("utf-8", "replace")
    ways: list[Callable[[], bytes]] = [
        lambda: text.encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + body,
        lambda: body + body,
        lambda: body.replace(b'"', b"\xff"),
        lambda: body.replace(b">", b"\xff>"),
        lambda: body.upper(),
        lambda: body[::-1],
    ]
    return replace(one, body=chance.choice(ways)())


def _json(content: Any, chance: random.Random) -> bytes:
    content = deepcopy(content)
    places = list(_places(content))
    if not places:
        content = chance.choice([*ODD, *RAW])
    else:
        holder, key = chance.choice(places)
        change = chance.choice(("drop", "set", "set", "set", "twice", "rename"))
        if change == "drop":
            del holder[key]
        elif change == "set":
            holder[key] = chance.choice([*ODD, *RAW])
        elif isinstance(holder, list):
            holder.insert(key, deepcopy(holder[key]))
        elif change == "rename":
            holder[f"{key}2"] = holder.pop(key)
        else:
            holder[key] = [holder[key], holder[key]]
    text = json.dumps(content)
    for word, written in WRITTEN.items():
        text = text.replace(word, written)
    return text.encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every value inside of a value, as what holds it and its key there."""
    keys = value if isinstance(value, dict) else range(len(value)) if _is_list(value) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _xml(body: bytes, chance: random.Random) -> bytes:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return body[: len(body) // 2]
    parents = [(parent, child) for parent in root.iter() for child in parent]
    if not parents:
        return PAGE
    parent, child = chance.choice(parents)
    change = chance.choice(("drop", "empty", "text", "text", "twice", "rename", "deep"))
    if change == "drop":
        parent.remove(child)
    elif change == "empty":
        child.clear()
    elif change == "text":
        texts = [str(odd) for odd in ODD if "\x00" not in str(odd)]
        child.text = chance.choice(texts).replace("\x1b", "")
    elif change == "twice":
        parent.append(deepcopy(child))
    elif change == "rename":
        child.tag += "2"
    else:
        for _ in range(DEEP):
            child = ElementTree.SubElement(child, "a")
    try:
        return ElementTree.tostring(root)
    except RecursionError:
        return b"<a>" * DEEP + b"</a>" * DEEP
