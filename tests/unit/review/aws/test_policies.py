"""What is called not wider allows nothing that the old document did not, as the sandbox judges."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from palette_backup_provider.review.policies.documents import Document, document, wider
from palette_backup_provider.sandbox.aws.resource_policy import (
    Principal,
    evaluate,
    evaluate_identity,
)

USER = "${aws:username}"
ME = Principal("arn:aws:iam::123456789012:user/me", "123456789012")
OTHER = Principal("arn:aws:iam::210987654321:user/other", "210987654321")
CALLERS = [ME, OTHER]
ACTIONS = ["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "s3:?etObject", "ec2:Run*"]
RESOURCES = [
    "*",
    "arn:aws:s3:::a",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a/x?",
    f"arn:aws:s3:::a/{USER}/*",
    f"arn:aws:s3:::{USER}",
    "arn:aws:s3:::a/${*}",
]
PRINCIPALS: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": "123456789012"},
    {"AWS": "arn:aws:iam::123456789012:root"},
    {"AWS": [ME.arn, OTHER.arn]},
    {"AWS": ME.arn},
    {"Federated": "arn:aws:iam::123456789012:oidc-provider/x"},
]
CONDITIONS: list[tuple[str, str, Any]] = [
    ("StringEquals", "s3:prefix", "x"),
    ("StringEquals", "s3:prefix", ["x", "y"]),
    ("StringNotEquals", "s3:Prefix", ["x", "y"]),
    ("StringNotEquals", "s3:prefix", "x"),
    ("StringLike", "s3:prefix", f"{USER}*"),
    ("StringEqualsIfExists", "s3:prefix", "x"),
    ("Null", "s3:prefix", "true"),
    ("Null", "s3:prefix", ["false", "true"]),
    ("Bool", "aws:SecureTransport", True),
    ("Bool", "aws:SecureTransport", "false"),
    ("NumericLessThan", "s3:max-keys", "10"),
    ("NumericLessThan", "s3:max-keys", ["10", "100"]),
    ("IpAddress", "aws:SourceIp", "192.0.2.0/24"),
]
ASKED = [
    (action, resource)
    for action in ("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "ec2:RunInstances")
    for resource in ("a", "a/xy", "a/bob/1", "a/*", "bob", "b")
]
FACTS: list[dict[str, str]] = [
    {},
    {"aws:username": "bob"},
    {"aws:username": "b*b", "s3:prefix": "x", "s3:max-keys": "5"},
    {"s3:prefix": "y", "aws:securetransport": "false"},
    {"aws:username": "x", "s3:prefix": "bobby", "s3:max-keys": "50"},
]
STAR = "\ue000"
"""Stands for a star that is a character: the sandbox has no way to write one in a pattern."""


@st.composite
def statements(draw: st.DrawFn, named: bool) -> dict[str, Any]:
    """One statement; `named` ones say whom they are about."""

    def part(name: str, values: list[str]) -> dict[str, Any]:
        found = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
        negated = draw(st.integers(0, 3)) == 0
        return {f"{'Not' * negated}{name}": found if draw(st.booleans()) else found[0]}

    said: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    said |= part("Action", ACTIONS) | part("Resource", RESOURCES)
    conditions: dict[str, dict[str, Any]] = {}
    for operator, key, value in draw(st.lists(st.sampled_from(CONDITIONS), max_size=2)):
        conditions.setdefault(operator, {})[key] = value
    if conditions:
        said["Condition"] = conditions
    if named:
        negated = draw(st.integers(0, 5)) == 0
        said[f"{'Not' * negated}Principal"] = draw(st.sampled_from(PRINCIPALS))
    return said


PARTS = ["Nothing", "Action", "Resource", "Condition", "Values", "Values", "Principal", "Effect"]


def with_another(part: str, statement: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A statement with one part of another one, or without it where that has none."""
    keys = {part, f"Not{part}"}
    kept = {key: value for key, value in statement.items() if key not in keys}
    return kept | {key: value for key, value in other.items() if key in keys}


@st.composite
def other_values(draw: st.DrawFn, condition: dict[str, Any]) -> dict[str, Any]:
    """The same conditions with values of their own."""
    found: dict[str, Any] = {}
    for operator, keys in condition.items():
        for key in keys:
            alike = [
                (name, value)
                for each, name, value in CONDITIONS
                if (each, name.lower()) == (operator, key.lower())
            ]
            name, value = draw(st.sampled_from(alike))
            found.setdefault(operator, {})[name] = value
    return found


@st.composite
def pairs(draw: st.DrawFn, named: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """A document, and another that is made of it: so many are not wider."""
    some = draw(st.lists(statements(named), min_size=1, max_size=3))
    others = [
        with_another(part, statement, draw(statements(named)))
        if (part := draw(st.sampled_from(PARTS))) != "Values"
        else {**statement, "Condition": draw(other_values(statement.get("Condition", {})))}
        for statement in some
    ]
    others += [s for s in some if s["Effect"] == "Deny"] if draw(st.booleans()) else []
    versions = [draw(st.sampled_from(["2012-10-17"] * 4 + ["2008-10-17"])) for _ in range(2)]
    return (
        {"Version": versions[0], "Statement": some},
        {"Version": versions[1], "Statement": others},
    )


def filled(whole: Mapping[str, Any], facts: Mapping[str, str]) -> str:
    """The document as the sandbox reads it: its variables have their values."""
    text = json.dumps(whole, ensure_ascii=False)
    if whole["Version"] == "2012-10-17":
        name = facts.get("aws:username")
        text = text.replace(USER, "\ue001" if name is None else name.replace("*", STAR))
        text = text.replace("${*}", STAR)
    return text


def verdicts(whole: Mapping[str, Any], named: bool) -> list[str | None]:
    """What the sandbox says about each request."""
    ask = evaluate if named else evaluate_identity
    return [
        ask(filled(whole, facts), caller, action, f"arn:aws:s3:::{path.replace('*', STAR)}", facts)
        for facts in FACTS
        for caller in (CALLERS if named else [ME])
        for action, path in ASKED
    ]


@pytest.mark.parametrize("named", [False, True])
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_what_is_not_wider_allows_nothing_more(named: bool, data: st.DataObject) -> None:
    old, new = data.draw(pairs(named))
    told = list(wider(document(old), document(new)))
    event("wider" if told else "not wider")
    if told:
        return
    for was, now in zip(verdicts(old, named), verdicts(new, named), strict=True):
        assert now != "Allow" or was == "Allow"
        assert was != "Deny" or now == "Deny"


def test_an_account_and_its_root_are_the_same() -> None:
    def granted(principal: str) -> Document:
        said = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        return document([{**said, "Principal": {"AWS": principal}}])

    account, root = granted(ME.account), granted(f"arn:aws:iam::{ME.account}:root")
    assert not list(wider(account, root)) and not list(wider(root, account))
