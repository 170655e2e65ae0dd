"""Properties that have no value yet, as Pulumi marks them."""

from typing import Any

from pulumi.runtime import rpc

from palette_backup_provider.engine.properties import ENGINE, Props


def split_unknowns(props: Any, path: str = "") -> tuple[Props, set[str]]:
    """The known part of `props`, and the paths whose value is not known yet.

    Numbers arrive as floats; a whole one is made an integer, so that it is written as one.
    """
    known: Props = {}
    unknown: set[str] = set()
    for name, value in props.items():
        if name in ENGINE or value is None:
            continue
        if isinstance(value, dict):
            known[name], below = split_unknowns(value, f"{path}{name}.")
            unknown |= below
        elif rpc.contains_unknowns(value):
            unknown.add(f"{path}{name}")
        else:
            whole = isinstance(value, float) and value.is_integer()
            known[name] = int(value) if whole else value
    return known, unknown


def mark_unknowns(news: Props, whole: Props, unknown: set[str]) -> Props:
    """`whole`, with unknown values marked as such, and with what the engine added for itself."""
    engine = {k: v for k, v in news.items() if k in ENGINE}
    waiting = {path: rpc.UNKNOWN for path in unknown if "." not in path}
    return {**engine, **_marked(whole, news), **waiting}


def _marked(props: Props, news: Props) -> Props:
    """`props`, with what is unknown in `news`; by its keys, as a tag's key may hold a dot."""
    answer = dict(props)
    for name, value in news.items():
        if isinstance(value, dict):
            answer[name] = _marked(answer.get(name, {}), value)
        elif rpc.contains_unknowns(value):
            answer[name] = rpc.UNKNOWN
    return answer
