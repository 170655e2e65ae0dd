"""What means itself and nothing else."""

import pytest

from palette_backup_provider.core.literal import literal, literal_name


@pytest.mark.parametrize("value", ["a", "A-b_c.d", "a b", "a/b", "$a", "{a}", "\u00e9", "100%"])
def test_what_is_literal_stays_as_it_is(value: str) -> None:
    assert literal(value) == value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "is empty"),
        (" \t", "is empty"),
        ("*", "stand for more than one"),
        ("ab?", "stand for more than one"),
        ("${user}", "stand for more than one"),
        ("a\nb", "cannot be seen"),
        ("a\0", "cannot be seen"),
        ("a\u200bb", "cannot be seen"),
        ("a\u202eb", "cannot be seen"),
        ("a\u2028b", "cannot be seen"),
    ],
)
def test_what_is_not_is_refused_with_the_rule(value: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        literal(value)
    assert str(caught.value).isprintable()


def test_a_name_is_no_path() -> None:
    assert literal("a/b") == "a/b"
    with pytest.raises(ValueError, match="a name has no slash"):
        literal_name("a/b")
