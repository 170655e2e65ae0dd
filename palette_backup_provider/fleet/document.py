"""An inventory's YAML, with the line and column of each value in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from palette_backup_provider.core.secrets import printable

Where = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""

NO_ANCHORS = "anchors, aliases and tags are not read: `defaults` say what locations share"
NO_TABS = "a tab is not allowed here: YAML indents with blanks"
QUOTE_KEY = "a key must be text: put it in quotes"
_TEXT, _DATE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True)
class Mistake:
    """What is wrong with the value at a place, or with its key."""

    where: Where
    reason: str


class BadInventory(Exception):
    """An inventory that cannot be used: a line for each mistake, with file, line and column."""


@dataclass(frozen=True)
class Document:
    """What a file holds, and where each part of it stands."""

    file: str
    data: Any
    marks: Mapping[Where, tuple[int, int]]
    """Line and column, from 1, of each key or item."""

    def mark(self, where: Where) -> tuple[int, int]:
        """Where that stands, or what it would stand in."""
        while where not in self.marks:
            where = where[:-1]
        return self.marks[where]

    def demand_none(self, mistakes: Iterable[Mistake]) -> None:
        """Raise BadInventory if there are mistakes; that of a default is told once."""
        distinct = {
            (self.mark(mistake.where), f"{'.'.join(map(str, mistake.where))}: {mistake.reason}")
            for mistake in mistakes
        }
        if distinct:
            lines = (
                f"{self.file}:{line}:{column}: {what}" for (line, column), what in sorted(distinct)
            )
            raise BadInventory("\n".join(map(printable, lines)))


def read(path: str | Path) -> Document:
    """The YAML in that file. Raises BadInventory."""
    text = _text(path)
    marks: dict[Where, tuple[int, int]] = {(): (1, 1)}
    try:
        root = _Loader(text).get_single_node()
        data = _Reader(marks).value(root, ()) if root else None
    except yaml.MarkedYAMLError as error:
        raise BadInventory(printable(f"{path}:{_problem(error)}.")) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadInventory(f"{path}:{line}: holds a character that YAML forbids.") from None
    except RecursionError:
        raise BadInventory(f"{path}:1: is nested too deeply.") from None
    if not isinstance(data, dict):
        raise BadInventory(f"{path}:1:1: must be a map, with `projects`.")
    return Document(str(path), data, marks)


def _text(path: str | Path) -> str:
    try:
        held = Path(path).read_bytes()
        return held.decode("utf-8-sig")
    except OSError as error:
        raise BadInventory(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        raise BadInventory(f"{path}:{line}: is not UTF-8.") from None


def _problem(error: yaml.MarkedYAMLError) -> str:
    mark: Any = error.problem_mark
    problem = NO_TABS if repr("\t") in str(error.problem) else str(error.problem)
    context = f"{error.context}, " if problem.startswith("but ") else ""
    return f"{mark.line + 1}:{mark.column + 1}: {context}{problem}"


class _Loader(yaml.SafeLoader):
    """YAML as JSON has it: a value is what stands there."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem=NO_ANCHORS, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


@dataclass
class _Reader:
    """Makes values of nodes, and notes where they stand."""

    marks: dict[Where, tuple[int, int]]
    _scalars: yaml.SafeLoader = field(default_factory=lambda: yaml.SafeLoader(""))

    def value(self, node: yaml.Node, where: Where) -> Any:
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, where))
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                self._note((*where, index), child)
            return [self.value(child, (*where, index)) for index, child in enumerate(node.value)]
        if node.tag == _DATE:  # text to everybody but YAML
            return node.value
        try:
            return self._scalars.construct_object(node)
        except ValueError:
            raise _refused("this is no number", node) from None

    def _items(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, Any]]:
        for key, value in node.value:
            if key.tag != _TEXT:
                raise _refused(QUOTE_KEY, key)
            place = (*where, key.value)
            if place in self.marks:
                first = self.marks[place][0]
                raise _refused(f"the key {key.value!r} is in line {first} already", key)
            self._note(place, key)
            yield key.value, self.value(value, place)

    def _note(self, where: Where, node: yaml.Node) -> None:
        self.marks[where] = node.start_mark.line + 1, node.start_mark.column + 1


def _refused(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
