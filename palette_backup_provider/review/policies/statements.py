"""Statements of a policy document, in the parts that two documents are compared by.

A statement is about each combination of its principals, actions and resources. It is not wider if
each of them is within one statement of the old document, under conditions as strict. Each denial of
the old document has to be within one of the new document, by the same rule.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from palette_backup_provider.core.policy_language import ACCOUNTS, VERSION
from palette_backup_provider.review.policies.conditions import (
    Test,
    Unreadable,
    stricter,
    tests,
)
from palette_backup_provider.review.policies.patterns import (
    ANY,
    Pattern,
    apart,
    has_variable,
    parsed,
    within,
)
from palette_backup_provider.review.unknown import is_unknown

WITH_VARIABLES = VERSION
_ROOT = re.compile(r"arn:[^:]*:iam::(\d{12}):root")


@dataclass(frozen=True)
class Dialect:
    """What the services that read such documents do not agree on."""

    fold: bool = True
    """Whether actions are the same in upper and lower case."""


@dataclass(frozen=True, eq=False)
class Part:
    """A Principal, Action or Resource of a statement: what it names, or all that it does not."""

    spelled: Mapping[Pattern, str]
    """Each pattern, and how the document spells it."""
    negated: bool = False

    @property
    def named(self) -> frozenset[Pattern]:
        return frozenset(self.spelled)

    def pieces(self) -> Iterator["Part"]:
        """The smallest statements that make up this statement together."""
        if self.negated or not self.named:
            yield self
        else:
            yield from (Part({pattern: text}) for pattern, text in self.spelled.items())

    def same(self, other: "Part") -> bool:
        """Whether both name the same."""
        return (self.named, self.negated) == (other.named, other.negated)

    def within(self, other: "Part") -> bool:
        """Whether all that this part names is certain to be named by the other."""
        if self.same(other) or not (self.named or self.negated):
            return self.same(other)
        if not other.negated:
            mine = {(ANY,)} if self.negated else self.named
            return all(any(within(a, b) for b in other.named) for a in mine)
        if any(has_variable(one) for one in self.named | other.named):
            return False
        if self.negated:
            return all(any(within(b, a) for a in self.named) for b in other.named)
        return all(apart(a, b) for a in self.named for b in other.named)


NOBODY = Part({})
"""For a part that a statement does not have."""


@dataclass(frozen=True)
class Statement:
    """One statement."""

    said: Mapping[str, Any]
    variables: bool
    dialect: Dialect

    @property
    def effect(self) -> str:
        return str(self.said.get("Effect"))

    @property
    def sid(self) -> str:
        """How a person finds it in the document; empty without a Sid."""
        return str(self.said.get("Sid") or "")

    @cached_property
    def text(self) -> str:
        """The same for two statements that say the same, whatever they are called."""
        statement = {k: v for k, v in self.said.items() if k != "Sid"}
        version = self.variables if "${" in json.dumps(statement) else None
        return json.dumps([version, statement], sort_keys=True)

    @cached_property
    def readable(self) -> bool:
        """Whether each part of it is of a shape that is understood here."""
        try:
            parts = (self.principal, self.action, self.resource, self.conditions)
        except (Unreadable, TypeError):
            return False
        return bool(parts[1].named or parts[1].negated) and not is_unknown(self.said)

    @cached_property
    def principal(self) -> Part:
        return self._part("Principal", _principals)

    @cached_property
    def action(self) -> Part:
        return self._part("Action", lambda value: self._patterns(value, self.dialect.fold))

    @cached_property
    def resource(self) -> Part:
        return self._part("Resource", lambda value: self._patterns(value, False))

    @cached_property
    def conditions(self) -> frozenset[Test]:
        return tests(self.said.get("Condition"))

    def comparable(self, other: "Statement") -> bool:
        """Whether a variable means the same in both."""
        return self.variables == other.variables or not ("${" in self.text or "${" in other.text)

    def combinations(self) -> Iterator["Combination"]:
        """What it is about, in pieces as small as can be."""
        parts = (self.principal.pieces(), self.action.pieces(), self.resource.pieces())
        for principal, action, resource in product(*parts):
            yield Combination(principal, action, resource, self.conditions)

    def _part(self, name: str, read: Any) -> Part:
        if name in self.said and f"Not{name}" in self.said:
            raise Unreadable(f"it has {name} and Not{name}")
        if f"Not{name}" in self.said:
            return Part(dict(read(self.said[f"Not{name}"])), negated=True)
        if name not in self.said:
            return NOBODY
        if not (named := dict(read(self.said[name]))):
            raise Unreadable(f"{name} is empty")
        return Part(named)

    def _patterns(self, value: Any, fold: bool) -> Iterator[tuple[Pattern, str]]:
        for text in listed(value):
            if not isinstance(text, str):
                raise Unreadable("a pattern is text")
            yield parsed(text, variables=self.variables, fold=fold), text


class Combination(NamedTuple):
    """One principal, action and resource of a statement, and its conditions."""

    principal: Part
    action: Part
    resource: Part
    conditions: frozenset[Test]

    def within(self, other: Statement) -> bool:
        """Whether a statement is certain to be about all that this is about."""
        return self.named_by(other) and stricter(self.conditions, other.conditions)

    def named_by(self, other: Statement) -> bool:
        """The same, whatever the conditions."""
        mine, theirs = self.principal, other.principal
        text_tells = not (mine.negated or theirs.negated)  # an account stands for its users
        who = mine.within(theirs) if text_tells else mine.same(theirs)
        return who and self.action.within(other.action) and self.resource.within(other.resource)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def spelled(part: Part) -> list[str]:
    """What a part names, as the document spells it."""
    return [f"all but {text}" if part.negated else text for text in part.spelled.values()]


def _principals(value: Any) -> Iterator[tuple[Pattern, str]]:
    """Each principal as a pattern, of which only an account's `*` matches more than itself."""
    named = value if isinstance(value, Mapping) else {ACCOUNTS: value}
    for kind, several in named.items():
        for identifier in listed(several):
            if not isinstance(identifier, str):
                raise Unreadable("a principal is text")
            account = _ROOT.fullmatch(identifier)
            principal = account[1] if account else identifier
            yield (f"<{kind}>", ANY) if principal == "*" else (f"<{kind}>", *principal), identifier
