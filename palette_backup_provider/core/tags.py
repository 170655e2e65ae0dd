"""Tags, which some clouds call labels: our mark is one, and a user's follow the cloud's rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MARK = "palette-backup"
"""The name of the tag that carries our mark. The names of all other tags of ours begin so, too."""


@dataclass(frozen=True)
class TagRules:
    """Which tags a user may ask for: a validator for a map of them.

    `name` and `value` are patterns, each with what it means in words.
    """

    at_most: int
    name: tuple[str, str]
    value: tuple[str, str]
    reserved: tuple[str, ...] = ()
    """How no name begins, in any case of letters."""
    noun: str = "tag"

    def __call__(self, tags: dict[str, str]) -> dict[str, str]:
        what = self.noun
        if len(tags) > self.at_most:
            raise ValueError(f"{len(tags)} {what}s are too many: at most {self.at_most}")
        for name, value in tags.items():
            if not re.fullmatch(self.name[0], name):
                raise ValueError(f"the {what} {name!r} is not allowed: {self.name[1]}")
            if name.lower().startswith(self.reserved):
                words = " and ".join([", ".join(self.reserved[:-1]), self.reserved[-1]])
                raise ValueError(f"the {what} {name!r} is not allowed: {words} are reserved")
            if not re.fullmatch(self.value[0], value):
                raise ValueError(
                    f"the value of the {what} {name!r} is not allowed: {self.value[1]}"
                )
        return tags


def user_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """The tags that are not ours."""
    return {name: value for name, value in (tags or {}).items() if not name.startswith(MARK)}
