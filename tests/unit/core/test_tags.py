"""A user's tags follow the cloud's rules, and tags of ours are known by how their names begin."""

import pytest

from palette_backup_provider.core.tags import MARK, Form, TagRules, user_tags

RULES = TagRules(
    at_most=2,
    name=Form("[a-zA-Z-]+", "letters"),
    value=Form("[0-9]*", "digits"),
    reserved=("own-", MARK),
)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"a": "1", "b": "2", "c": "3"}, "3 tags are too many: at most 2"),
        ({"a": "1", "1": ""}, "the tag '1' is not allowed: letters"),
        ({"Own-a": ""}, f"the tag 'Own-a' is not allowed: own- and {MARK} are reserved"),
        ({f"{MARK}-a": ""}, f"the tag '{MARK}-a' is not allowed: own- and {MARK} are reserved"),
        ({"a": "b"}, "the value of the tag 'a' is not allowed: digits"),
    ],
    ids=["too many", "a name", "reserved in any case", "ours", "a value"],
)
def test_a_tag_against_the_rules_is_refused_with_the_reason(
    tags: dict[str, str], reason: str
) -> None:
    with pytest.raises(ValueError) as caught:
        RULES(tags)
    assert str(caught.value) == reason


def test_tags_within_the_rules_stay_as_they_are() -> None:
    tags = {"a": "1", "B": ""}
    assert RULES(tags) is tags
    labels = TagRules(at_most=0, name=RULES.name, value=RULES.value, noun="label")
    with pytest.raises(ValueError, match="2 labels are too many"):
        labels(tags)


def test_tags_of_ours_are_no_user_s() -> None:
    assert user_tags({MARK: "x", f"{MARK}-key/a": "y", "a": "1"}) == {"a": "1"}
    assert user_tags(None) == {}
