"""Tags, which some clouds call labels: our mark is one, and a user's follow the cloud's rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MARK = "palette-backup"
"""The name of the tag that carries our mark. The names of all other tags of ours begin so, too."""


@dataclass(frozen=True)
class Form:
    """How a name or a value has to look."""

    pattern: str
    rule: str
    """The pattern in words."""


@dataclass(frozen=True)
class TagRules:
    """Which tags a user may ask for: a validator for a map of them."""

    at_most: int
    name: Form
    value: Form
    reserved: tuple[str, ...] = ()
    """How no name begins, in any case of letters."""
    noun: str = "tag"

    def __call__(self, tags: dict[str, str]) -> dict[str, str]:
        what = self.noun
        if len(tags) > self.at_most:
            raise ValueError(f"{len(tags)} {what}s are too many: at most {self.at_most}")
        for name, value in tags.items():
            if not re.fullmatch(self.name.pattern, name):
                raise ValueError(f"the {what} {name!r} is not allowed: {self.name.rule}")
            if name.lower().startswith(self.reserved):
                words = " and ".join([", ".join(self.reserved[:-1]), self.reserved[-1]])
                raise ValueError(f"the {what} {name!r} is not allowed: {words} are reserved")
            if not re.fullmatch(self.value.pattern, value):
                raise ValueError(
                    f"the value of the {what} {name!r} is not allowed: {self.value.rule}"
                )
        return tags


def user_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """The tags that are not ours."""
    return {name: value for name, value in (tags or {}).items() if not name.startswith(MARK)}
