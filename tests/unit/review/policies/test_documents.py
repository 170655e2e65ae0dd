"""What a document allows more than another, and what it allows to everyone."""

import json
from typing import Any

import pytest

from palette_backup_provider.core.policy_language import ACCOUNTS, ARN, SECURE_TRANSPORT
from palette_backup_provider.review.policies.documents import document, everything, wider
from palette_backup_provider.review.wording import bare
from tests.unit.review.sample import UNKNOWN


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{ARN}a/*", **more}


SECURE = {"Bool": {SECURE_TRANSPORT: "true"}}
WIDER = {
    "an action": (allow(), allow(Action=["s3:GetObject", "s3:PutObject"])),
    "a pattern": (allow(), allow(Action="s3:Get*")),
    "a resource": (allow(), allow(Resource="*")),
    "a principal": (allow(Principal={ACCOUNTS: "one"}), allow(Principal="*")),
    "a condition that goes": (allow(Condition=SECURE), allow()),
    "a value more": (
        allow(Condition={"StringEquals": {"s3:prefix": "x"}}),
        allow(Condition={"StringEquals": {"s3:prefix": ["x", "y"]}}),
    ),
    "a value less of those left out": (
        allow(Condition={"StringNotEquals": {"s3:prefix": ["x", "y"]}}),
        allow(Condition={"StringNotEquals": {"s3:prefix": "x"}}),
    ),
    "a denial that goes": (allow(Effect="Deny"), allow(Effect="Deny", Action="s3:Get")),
    "all but one": (allow(), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    "what is not known": (allow(), allow(Resource=UNKNOWN)),
    "a variable that no request may have": (
        {"Effect": "Allow", "Action": "s3:*", "NotResource": f"{ARN}a/${{user}}/*"},
        {"Effect": "Allow", "Action": "s3:*", "NotResource": f"{ARN}a/*"},
    ),
    "another effect": (allow(), allow(Effect="Maybe")),
}
NOT_WIDER = {
    "the same in another order": (allow(Action=["a:x", "a:y"]), allow(Action=["a:y", "a:x"])),
    "a list of one": (allow(), allow(Action=["s3:GetObject"])),
    "upper and lower case": (allow(), allow(Action="S3:getobject")),
    "less": (allow(Action="s3:*"), allow()),
    "a condition more": (allow(), allow(Condition=SECURE)),
    "another Sid": (allow(Sid="A"), allow(Sid="B")),
    "nothing left": (allow(), allow(Effect="Deny")),
    "a shorter list of all but": (
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"},
    ),
}


@pytest.mark.parametrize("case", WIDER)
def test_what_is_wider_is_told(case: str) -> None:
    old, new = WIDER[case]
    assert list(wider(document([old]), document([new])))


@pytest.mark.parametrize("case", NOT_WIDER)
def test_what_is_no_wider_is_not_told(case: str) -> None:
    old, new = NOT_WIDER[case]
    assert not list(wider(document([old]), document([new])))


@pytest.mark.parametrize("text", ["{", "5", '"x"', '{"Statement": [5]}', "[[]]"])
def test_what_is_no_policy_may_widen(text: str) -> None:
    (told,) = wider(document([allow()]), document(text))
    assert "cannot be compared" in told
    assert not list(wider(document(text), document(text)))


def test_what_is_hidden_or_unknown_may_widen() -> None:
    assert list(wider(document("[secret]"), document("[secret]")))
    assert list(wider(document([allow()]), document(UNKNOWN)))


def test_a_grant_on_everything_is_told() -> None:
    def told(**more: Any) -> list[str]:
        return [bare(one) for one in everything(document([allow(**more)]))]

    assert told() == []
    assert told(Action="*", Resource="*") == ["allows every action on everything"]
    assert told(Action="*", Sid="A") == [f"allows every action on {ARN}a/* (A)"]
    assert told(Principal="*") == ["allows s3:GetObject to everyone"]
    assert told(Principal="*", Condition=SECURE) == []


def test_a_long_document_is_compared_at_once() -> None:
    many = [
        allow(Action=[f"s3:Get{n}{m}" for m in range(10)], Resource=f"{ARN}b{n}/*")
        for n in range(40)
    ]
    assert len(json.dumps(many)) > 6144
    assert not list(wider(document(many), document(many[::-1])))
    wide = [{**one, "Resource": "*"} for one in many]
    assert len(list(wider(document(many), document(wide)))) == len(many)
