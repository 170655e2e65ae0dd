"""The option `ignoreChanges`: what a program names there stays as state has it.

The engine sees to it by name, before Check. That fails where the other adapter wrote the state, as
names of two words are spelled otherwise there; and later, as Check was not told the old value. So
the plugin puts in what the outputs have.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from palette_backup_provider.core.model import Model
from palette_backup_provider.engine.properties import SEALED
from palette_backup_provider.engine.shape import Path, Shape, shape_of
from palette_backup_provider.engine.wire import Bag

ALL = "*"
_STEP = re.compile(r'\.?([^.\[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]')


def with_ignored(model: type[Model], paths: Collection[str], olds: Bag, news: Bag) -> Bag:
    """`news`, with what `olds` has at each of the paths, which are spelled as in the schema."""
    if not paths:
        return news
    props = dict(news.props)
    sealed = [list(path) for path in props.pop(SEALED, None) or ()]
    unknown = set(news.unknown)
    for path in filter(None, (_path(model, path, olds) for path in paths)):
        props = _reset(props, olds.props, path)
        unknown = {where for where in unknown if not _within(where, path)}
        sealed = [where for where in sealed if not _within(where, path)]
        sealed += [where for where in olds.props.get(SEALED) or () if _within(where, path)]
    return Bag({**props, SEALED: sealed} if sealed else props, unknown, news.secret)


def _path(model: type[Model], path: str, olds: Bag) -> Path:
    """The steps of a path, with the names of the model."""
    shape: Shape | None = shape_of(model)
    props: Any = olds.props
    steps = list[str]()
    for name, quoted, index in _STEP.findall(path):
        step = name or quoted.replace('\\"', '"') or index
        own = shape.own.get(step, step) if shape else step
        steps.append(own)
        shape, props = shape.below(own, props) if shape else (None, {})
    return tuple(steps)


def _reset(new: Mapping[str, Any], old: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """`new` with what `old` has at the path; as it is where one of them has not what is above."""
    whole = dict(new)
    first, rest = path[0], path[1:]
    for name in _named(first, new, old):
        if not rest:
            whole[name] = old.get(name)
        elif isinstance(new.get(name), Mapping) and isinstance(old.get(name), Mapping):
            whole[name] = _reset(new[name], old[name], rest)
    return {name: value for name, value in whole.items() if value is not None}


def _named(step: str, *sides: Mapping[str, Any]) -> list[str]:
    """The names that a step stands for; what a program never sees is not among all of them."""
    if step != ALL:
        return [step]
    return [name for name in {**sides[0], **sides[1]} if not name.startswith("__")]


def _within(where: Iterable[str], path: Path) -> bool:
    """Whether something stands at the path, or below it."""
    steps = [*where]
    return len(steps) >= len(path) and all(
        step in (ALL, there) for step, there in zip(path, steps, strict=False)
    )
