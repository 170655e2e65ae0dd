"""Judges policies: those of buckets, of identities, and the trust policies of roles.

moto reads these wrongly. It takes conditions it does not know for true, and one that does not hold
for a denial. It ignores whom a statement names, and never lets an account's root stand for its
users. Only what identities may do in IAM itself is left to it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["Allow", "Deny"]


@dataclass(frozen=True)
class Principal:
    """Who makes a call."""

    arn: str
    account: str
    federated: bool = False
    """Whether it is an identity provider, which stands for whom it vouches for."""

    @property
    def names(self) -> set[str]:
        """All that a policy can call them."""
        if self.federated:
            return {self.arn}
        partition = self.arn.split(":")[1]
        names = {"*", self.account, f"arn:{partition}:iam::{self.account}:root", self.arn}
        if ":assumed-role/" in self.arn:
            role = self.arn.split("/")[-2]
            names.add(f"arn:{partition}:iam::{self.account}:role/{role}")
        return names


def evaluate(
    document: str, principal: Principal, action: str, resource: str, facts: Mapping[str, str]
) -> Verdict | None:
    """What a policy says about a call; None if it says nothing.

    `facts` are values of condition keys; those about the principal and the connection, which counts
    as TLS, are added. A resource of `""` stands for the very thing the policy is attached to.
    """
    named = (s for s in _statements(document) if _names(s, principal))
    return _verdict(named, action, resource, _known(principal, facts))


def evaluate_identity(
    document: str, principal: Principal, action: str, resource: str, facts: Mapping[str, str]
) -> Verdict | None:
    """The same for a policy of the caller, which names no principal."""
    return _verdict(_statements(document), action, resource, _known(principal, facts))


def open_conditions(document: str, principal: Principal, action: str, resource: str) -> set[str]:
    """The condition keys that an identity's policy asks for, and that only a real call has."""
    values = _known(principal, {})
    return {
        key
        for statement in _statements(document)
        if _covers(statement, "Action", action) and _covers(statement, "Resource", resource)
        for keys in statement.get("Condition", {}).values()
        for key in keys
        if key.lower() not in values
    }


def _statements(document: str) -> list[dict[str, Any]]:
    return _list(json.loads(document).get("Statement", []))


def _known(principal: Principal, facts: Mapping[str, str]) -> dict[str, str]:
    return {
        "aws:securetransport": "true",
        "s3:tlsversion": "1.3",
        "aws:principalarn": principal.arn,
        "aws:principalaccount": principal.account,
        **{key.lower(): value for key, value in facts.items()},
    }


def _verdict(
    statements: Iterable[dict[str, Any]], action: str, resource: str, values: Mapping[str, str]
) -> Verdict | None:
    effects = {
        statement["Effect"]
        for statement in statements
        if _covers(statement, "Action", action)
        and (not resource or _covers(statement, "Resource", resource))
        and _conditions_hold(statement, values)
    }
    if "Deny" in effects:
        return "Deny"
    return "Allow" if "Allow" in effects else None


def _names(statement: dict[str, Any], principal: Principal) -> bool:
    named = statement.get("Principal", {})
    if isinstance(named, dict):
        named = [*_list(named.get("AWS", [])), *_list(named.get("Federated", []))]
    return bool(principal.names.intersection(_list(named)))


def _covers(statement: dict[str, Any], element: str, value: str) -> bool:
    if element in statement:
        return any(_like(pattern, value) for pattern in _list(statement[element]))
    return not any(_like(pattern, value) for pattern in _list(statement.get(f"Not{element}", "*")))


def _conditions_hold(statement: dict[str, Any], facts: Mapping[str, str]) -> bool:
    return all(
        _holds(operator, _list(expected), facts.get(key.lower()), statement["Effect"])
        for operator, keys in statement.get("Condition", {}).items()
        for key, expected in keys.items()
    )


def _holds(operator: str, expected: list[Any], actual: str | None, effect: str) -> bool:
    name = operator.removesuffix("IfExists")
    negated = "Not" in name
    matches = _OPERATORS.get(name.replace("Not", ""))
    if name == "Null":
        return (actual is None) == (_text(expected[0]) == "true")
    if matches is None:
        return effect == "Deny"  # Not known here: the safe way round.
    if actual is None:
        return negated or name != operator
    return negated != any(matches(_text(value), actual) for value in expected)


def _like(pattern: str, value: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda expected, actual: expected == actual,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda expected, actual: expected == actual,
    "NumericLessThan": lambda expected, actual: float(actual) < float(expected),
}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
