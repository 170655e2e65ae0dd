"""Patterns: what is certain to be within another, and what is certain to be apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.review.policies.patterns import Pattern, apart, parsed, within


def plain(text: str) -> Pattern:
    return parsed(text, variables=False, fold=False)


def matches(pattern: str, text: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


@pytest.mark.parametrize(
    ("some", "other"),
    [("a", "a"), ("a", "*"), ("a*", "*"), ("ab*", "a*"), ("a?", "a*"), ("a", "?"), ("*a*", "*")],
)
def test_a_pattern_within_another_is_seen(some: str, other: str) -> None:
    assert within(plain(some), plain(other))
    assert not within(plain(other), plain(some)) or some == other


def test_a_variable_is_within_any_text_and_itself() -> None:
    def read(text: str) -> Pattern:
        return parsed(text, variables=True, fold=False)

    own = read("a/${user}/*")
    assert within(own, own) and within(own, read("a/*"))
    assert not within(read("a/bob/*"), own) and not within(own, read("a/bob/*"))
    assert not apart(own, read("a/bob/x")) and apart(own, read("b/*"))
    assert within(read("a${*}"), read("a?")) and not within(read("a*"), read("a${*}"))
    assert read("${x}") != plain("${x}")


PATTERNS = st.text("ab*?", max_size=6)
TEXTS = st.text("ab", max_size=6)


@given(PATTERNS, PATTERNS, st.lists(TEXTS, max_size=20))
def test_no_text_proves_either_wrong(some: str, other: str, texts: list[str]) -> None:
    for text in texts:
        both = matches(some, text), matches(other, text)
        assert not within(plain(some), plain(other)) or both != (True, False)
        assert not apart(plain(some), plain(other)) or both != (True, True)
