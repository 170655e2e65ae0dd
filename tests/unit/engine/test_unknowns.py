import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN
from pulumi.runtime import rpc

from palette_backup_provider.engine.unknowns import mark_unknowns, split_unknowns

LEAVES = st.integers() | st.booleans() | st.text(max_size=3) | st.just(UNKNOWN)
NESTED = st.recursive(
    LEAVES | st.lists(LEAVES, max_size=3),
    lambda inner: st.dictionaries(st.text("ab._", min_size=1, max_size=4), inner, max_size=3),
    max_leaves=8,
)
PROPS = st.dictionaries(st.text("abc_", min_size=1, max_size=3), NESTED, max_size=4)


def settled(value: Any) -> Any:
    """`value` as it goes back to the engine, which knows unknown values by one text."""
    if isinstance(value, dict):
        return {k: settled(v) for k, v in value.items()}
    return rpc.UNKNOWN if rpc.contains_unknowns(value) else value


@given(PROPS)
def test_marking_undoes_splitting(news: dict[str, Any]) -> None:
    known, unknown = split_unknowns(news)
    assert not rpc.contains_unknowns(known)
    assert bool(unknown) is rpc.contains_unknowns(news)
    assert mark_unknowns(news, known, unknown) == settled(news)


def test_splitting_tells_paths_and_drops_what_is_unset() -> None:
    news = {"a": 1, "b": None, "c": UNKNOWN, "d": {"e": UNKNOWN, "f": 2, "g": None}, "h": [UNKNOWN]}
    assert split_unknowns({**news, "__provider": "p", "__defaults": []}) == (
        {"a": 1, "d": {"f": 2}},
        {"c", "d.e", "h"},
    )


def test_whole_numbers_are_integers() -> None:
    known, _ = split_unknowns({"a": 7.0, "b": 7.5, "c": {"d": 8.0}, "e": True, "f": "9.0"})
    assert repr(known) == "{'a': 7, 'b': 7.5, 'c': {'d': 8}, 'e': True, 'f': '9.0'}"


def test_what_became_unknown_on_the_way_is_marked() -> None:
    news = {"__provider": "p", "tags": {"a.b/c": UNKNOWN, "d": "e"}}
    whole = {"tags": {"d": "e", "team": "org"}, "days": 30}
    assert mark_unknowns(news, whole, {"tags.a.b/c", "arn"}) == {
        "__provider": "p",
        "tags": {"a.b/c": rpc.UNKNOWN, "d": "e", "team": "org"},
        "days": 30,
        "arn": rpc.UNKNOWN,
    }


def test_the_text_for_unknown_is_read_as_unknown_again() -> None:
    sent = asyncio.run(rpc.serialize_properties({"a": rpc.UNKNOWN, "b": 1}, {}))
    assert split_unknowns(rpc.deserialize_properties(sent, True)) == ({"b": 1}, {"a"})
