"""Whether a policy document allows more than its predecessor, and what."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from palette_backup_provider.core.policy_language import ACCOUNTS
from palette_backup_provider.review.policies.conditions import Test
from palette_backup_provider.review.policies.patterns import ANY
from palette_backup_provider.review.policies.statements import (
    WITH_VARIABLES,
    Combination,
    Dialect,
    Part,
    Statement,
    listed,
    spelled,
)
from palette_backup_provider.review.unknown import is_unknown
from palette_backup_provider.review.wording import name, names

NOT_READ = "cannot be compared"
USUAL = Dialect()


@dataclass(frozen=True)
class Document:
    """A policy: its statements, or why they cannot be read."""

    statements: tuple[Statement, ...] = ()
    unread: str = ""
    raw: Any = field(default=None, compare=False)

    def of(self, effect: str) -> list[Statement]:
        return [statement for statement in self.statements if statement.effect == effect]


def document(value: Any, dialect: Dialect = USUAL) -> Document:
    """A policy as a program gives it: a map, a list of statements, or the JSON text of either.

    None, and an empty text, are a policy that says nothing.
    """
    if value is None or value == "":
        return Document()
    if is_unknown(value) and isinstance(value, str):
        return Document(unread="its text is not known yet", raw=value)
    if isinstance(value, str):
        try:
            whole = json.loads(value)
        except ValueError:
            return Document(unread="it is no JSON", raw=value)
    else:
        whole = value
    if isinstance(whole, list):
        whole = {"Version": WITH_VARIABLES, "Statement": whole}
    if not isinstance(whole, Mapping):
        return Document(unread="it is no policy", raw=value)
    statements = listed(whole.get("Statement", []))
    if not all(isinstance(statement, Mapping) for statement in statements):
        return Document(unread="its Statement is not known yet, or no list", raw=value)
    variables = whole.get("Version") == WITH_VARIABLES
    return Document(
        tuple(Statement(statement, variables, dialect) for statement in statements), raw=value
    )


def wider(old: Document, new: Document) -> Iterator[str]:
    """What the new document may allow that the old document did not, in sentences."""
    if old.unread or new.unread:
        if old.unread != new.unread or old.raw != new.raw or is_unknown(new.raw):
            yield f"may widen: {NOT_READ}, as {new.unread or old.unread}"
        return
    yield from _allowed_more(old.of("Allow"), new)
    yield from _denied_less(old, new.of("Deny"))


def everything(whole: Document) -> Iterator[str]:
    """The statements that allow all actions, to everyone, or on all of a service's resources."""
    for statement in whole.of("Allow"):
        if not statement.readable:
            continue
        where = f" ({name(statement.sid)})" if statement.sid else ""
        if _all(statement.action) and _all(statement.resource):
            yield f"allows every action on everything{where}"
        elif _all(statement.action):
            yield f"allows every action on {names(spelled(statement.resource))}{where}"
        if _all(statement.principal, f"<{ACCOUNTS}>") and not statement.conditions:
            yield f"allows {names(spelled(statement.action))} to everyone{where}"


def _all(part: Part, *first: str) -> bool:
    return part.negated or (*first, ANY) in part.named


def _allowed_more(old: Sequence[Statement], new: Document) -> Iterator[str]:
    earlier = {statement.text for statement in old}
    for statement in new.statements:
        if statement.effect == "Deny" or (
            statement.text in earlier and statement.effect == "Allow"
        ):
            continue
        if statement.effect != "Allow" or not statement.readable:
            yield f"may widen: {_called(statement)} {NOT_READ}"
            continue
        able = [other for other in old if other.readable and other.comparable(statement)]
        outside = [
            each
            for each in statement.combinations()
            if not any(each.within(other) for other in able)
        ]
        yield from _outside(statement, outside, able)


def _denied_less(old: Document, new: Sequence[Statement]) -> Iterator[str]:
    later = {statement.text for statement in new}
    for statement in old.of("Deny"):
        if statement.text in later:
            continue
        able = [other for other in new if other.readable and other.comparable(statement)]
        if not statement.readable or not all(
            any(each.within(other) for other in able) for each in statement.combinations()
        ):
            yield f"denies less: {_called(statement)} is gone or narrower"


def _outside(
    statement: Statement, outside: Sequence[Combination], old: Sequence[Statement]
) -> Iterator[str]:
    """The combinations of a statement that no old one has, and those that one had otherwise."""
    before = {each: [other for other in old if each.named_by(other)] for each in outside}
    if fresh := [each for each in outside if not before[each]]:
        yield f"{_about(statement, fresh)} is new"
    if places := [each for each in outside if before[each]]:
        tests = {test for each in places for other in before[each] for test in other.conditions}
        lost = _describe(tests - statement.conditions)
        yield f"{_about(statement, places)} under fewer conditions: {lost} changed or dropped"


def _about(statement: Statement, several: Sequence[Combination]) -> str:
    what = (
        f"{_spelled(each.action for each in several)} on "
        f"{_spelled(each.resource for each in several) or 'it'}"
    )
    if statement.principal.named:
        what += f" for {_spelled(each.principal for each in several)}"
    return what


def _spelled(several: Iterator[Part]) -> str:
    return names(text for part in several for text in spelled(part))


def _describe(lost: set[Test]) -> str:
    return names(f"{test.operator} {test.key}" for test in sorted(lost))


def _called(statement: Statement) -> str:
    if statement.sid:
        return f"the statement {name(statement.sid)}"
    return (
        f"a statement about {name(statement.said.get('Action', statement.said.get('NotAction')))}"
    )
