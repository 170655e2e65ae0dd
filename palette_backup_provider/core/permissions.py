"""What an operator needs in a cloud, and which of it a credential has.

Each cloud has its table in `clients/<cloud>/permissions.py`. `docs/permissions` is made of these
tables.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

EXAMPLE = "palette-backup-doctor"
"""The name of what is asked about, where a cloud tells permissions by resource. Nothing has it."""

_READS = re.compile(r":(Get|List)|\.(get|list)\w*$|/read$")
"""Permissions that many have for other reasons."""


@dataclass(frozen=True)
class Statement:
    """Permissions that are granted together."""

    document: str
    """The file of `docs/permissions` that lists them for an operator."""
    actions: tuple[str, ...]
    """The permissions, in the cloud's own words."""
    name: str = ""
    """Its name in the document; empty where the document is one list."""
    only_for: str = ""
    """The argument that alone needs it, such as `force_destroy=True`; empty if every location needs
    it."""
    or_else: str = ""
    """The name of the statement that does as well, for another kind of location."""

    @property
    def where(self) -> str:
        """Where an operator finds it."""
        return f"statement {self.name} of {self.document}" if self.name else self.document


@dataclass(frozen=True)
class Answer:
    """What a cloud says of one statement."""

    statement: Statement
    missing: tuple[str, ...] = ()
    """The permissions of it that the credential lacks."""
    unclear: str = ""
    """Why the cloud does not tell, and what would let it; empty where it tells all."""

    @property
    def left_out(self) -> bool:
        """Whether it has one use only, and nothing of it is granted, or nothing but reading."""
        granted = set(self.statement.actions).difference(self.missing)
        return bool(self.missing and self.statement.only_for) and all(map(_READS.search, granted))


@dataclass(frozen=True)
class Permissions:
    """Which of the needed permissions a credential has."""

    answers: Sequence[Answer]
    about: str = ""
    """What was asked about, where a cloud tells permissions by resource."""

    @cached_property
    def lacking(self) -> list[Answer]:
        """Statements without which something fails: one that is granted in part, or that every
        location needs."""
        return [answer for answer in self.answers if answer.missing and answer not in self.left_out]

    @cached_property
    def left_out(self) -> list[Answer]:
        """Statements that the credential lacks and does not need, unless for what they are for."""
        answers = [answer for answer in self.answers if answer.left_out]
        without = {answer.statement.name for answer in answers if answer.statement.name}
        return [answer for answer in answers if answer.statement.or_else not in without]

    @cached_property
    def unclear(self) -> list[Answer]:
        """Statements of which the cloud does not tell all."""
        return [answer for answer in self.answers if answer.unclear]

    @property
    def needed(self) -> int:
        """How many permissions there are in all."""
        return len({action for answer in self.answers for action in answer.statement.actions})


def covers(pattern: str, action: str) -> bool:
    """Whether a pattern of a policy or role includes a permission or resource; none has case."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, action, re.IGNORECASE) is not None


def answered(statements: Iterable[Statement], granted: Iterable[str]) -> Permissions:
    """The answers, if a cloud lists all that is granted."""
    allowed = set(granted)
    return Permissions(
        [
            Answer(statement, tuple(a for a in statement.actions if a not in allowed))
            for statement in statements
        ]
    )


def unclear(statements: Iterable[Statement], why: str) -> Permissions:
    """The answers where a cloud tells nothing."""
    return Permissions([Answer(statement, unclear=why) for statement in statements])
