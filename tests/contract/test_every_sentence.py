"""A docstring is read once: its sentences are short."""

import pytest

from tests.contract.sentences import LIMIT, Sentence, docstrings, modules, sentences, too_long

SOURCE = '''
"""Module.

- One point. Another,
  on two lines.
- `e.g. code` that is a point."""
NAMES = {}
"""Variable!"""
_HIDDEN = {}
"""Nobody sees it."""


class Public:
    """Class.

    Args:
        name: What it is. Default:
            none.
        other: (See there.) More.
    """

    label: str
    """Field?"""

    def method(self) -> None:
        """Method.

        | a | b c |
        ├── Leaf  what it is
        """

    def _hidden(self) -> None:
        """Nobody sees it."""


class _Hidden:
    """Nobody sees it."""

    def method(self) -> None:
        """Nobody sees it."""
'''
READ = [
    *("Module.", "- One point.", "Another, on two lines.", "- `e.g. code` that is a point."),
    *("Variable!", "Class.", "Args:", "What it is.", "Default: none.", "(See there.)", "More."),
    *("Field?", "Method.", "a", "b c", "├", "Leaf", "what it is"),
]


def test_sentences_of_public_docstrings_are_short() -> None:
    assert list(too_long()) == []


def test_what_is_public_is_read_in_sentences() -> None:
    found = [one.strip() for _, text in docstrings(SOURCE) for one in sentences(text)]
    assert [one for one in found if one] == READ


def test_every_module_is_read() -> None:
    names = {path.stem for path in modules()}
    assert {"lifecycle", "bucket", "backup_location", "__init__"} <= names


@pytest.mark.parametrize(("words", "long"), [(LIMIT - 1, False), (LIMIT, True)])
def test_words_are_counted_and_signs_are_not(words: int, long: bool) -> None:
    assert (Sentence(1, "- " + "word, " * words).words >= LIMIT) is long
