"""Judges resource policies: those of buckets, and the trust policies of roles.

moto reads these wrongly (it takes conditions it does not know for true, ignores whom a statement
names, and never lets an account's root stand for its users), so the sandbox judges them itself.
Policies of identities are left to moto, which reads them well enough.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["Allow", "Deny"]


@dataclass(frozen=True)
class Principal:
    """Who makes a call."""

    arn: str
    account: str

    @property
    def names(self) -> set[str]:
        """All that a policy can call them."""
        partition = self.arn.split(":")[1]
        names = {"*", self.account, f"arn:{partition}:iam::{self.account}:root", self.arn}
        if ":assumed-role/" in self.arn:
            role = self.arn.split("/")[-2]
            names.add(f"arn:{partition}:iam::{self.account}:role/{role}")
        return names


def judge(
    document: str, principal: Principal, action: str, resource: str, facts: Mapping[str, str]
) -> Verdict | None:
    """What a policy says about a call; None when it does not speak of it.

    `facts` are values of condition keys; those about the principal and the connection, which counts
    as TLS, are added. A resource of `""` stands for the very thing the policy is attached to.
    """
    known = {
        "aws:securetransport": "true",
        "s3:tlsversion": "1.3",
        "aws:principalarn": principal.arn,
        "aws:principalaccount": principal.account,
        **{key.lower(): value for key, value in facts.items()},
    }
    effects = {
        statement["Effect"]
        for statement in _list(json.loads(document).get("Statement", []))
        if _names(statement, principal)
        and _covers(statement, "Action", action)
        and (not resource or _covers(statement, "Resource", resource))
        and _conditions_hold(statement, known)
    }
    if "Deny" in effects:
        return "Deny"
    return "Allow" if "Allow" in effects else None


def _names(statement: dict[str, Any], principal: Principal) -> bool:
    named = statement.get("Principal", {})
    if isinstance(named, dict):
        named = named.get("AWS", [])
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
