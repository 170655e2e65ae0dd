"""Allow policies: what is called not wider gives no member a role more."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from palette_backup_provider.review.gcp.iam import RULES, bindings, wider
from palette_backup_provider.review.wording import bare
from palette_backup_provider.sandbox.gcp.policy import Policy

MEMBERS = ["allUsers", "user:Ann@example.com", "user:ann@example.com", "domain:example.com"]
ASKED = ["user:ann@example.com", "user:bob@example.com", "serviceAccount:x@y.z"]
CONDITION = {"title": "office hours", "expression": "request.time.getHours() < 17"}


@st.composite
def policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    binding = st.fixed_dictionaries(
        {
            "role": st.sampled_from(["roles/viewer", "roles/editor"]),
            "members": st.lists(st.sampled_from(MEMBERS), max_size=3),
        },
        optional={"condition": st.just(CONDITION)},
    )
    return draw(st.lists(binding, max_size=3))


@given(policies(), policies())
def test_what_is_not_wider_gives_no_role_more(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    if list(wider(bindings(old), bindings(new))):
        return
    before, after = Policy(), Policy()
    before.replace({"bindings": old})
    after.replace({"bindings": new})
    for member in ASKED:
        assert set(after.roles(member)) <= set(before.roles(member))


def told(token: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [bare(one) for one in RULES[token].widens(old, new)]


def test_each_shape_of_a_grant_is_read() -> None:
    ann = {"bucket": "b", "role": "roles/viewer", "member": "user:Ann@example.com"}
    line = "roles/viewer on b for user:ann@example.com"
    for token in ("gcp:BucketAccess", "gcp:storage:BucketIAMMember"):
        assert told(token, {}, ann) == [f"{line} is new"]
        assert told(token, ann, {**ann, "member": "user:ann@example.com"}) == []
    several = {"bucket": "b", "role": "roles/viewer", "members": [ann["member"]]}
    assert told("gcp:storage:BucketIAMBinding", {}, several) == [f"{line} is new"]
    whole = {"bucket": "b", "policyData": json.dumps({"bindings": [several]})}
    assert told("gcp:storage:BucketIAMPolicy", {}, whole) == [f"{line} is new"]
    timed = {**ann, "condition": CONDITION}
    (lost,) = told("gcp:storage:BucketIAMMember", timed, ann)
    assert lost == f"{line} without its condition"
    assert told("gcp:storage:BucketIAMMember", ann, timed) == []
    access = {"member": "user:x", "permissions": ["compute.disks.get"]}
    assert told("gcp:SnapshotAccess", access, access) == []
    more = {**access, "permissions": ["compute.disks.get", "compute.disks.delete"]}
    assert len(told("gcp:SnapshotAccess", access, more)) == 1


def test_what_cannot_be_read_may_widen() -> None:
    assert told("gcp:storage:BucketIAMPolicy", {}, {"policyData": "{"})
    unknown = {"bucket": "b", "policyData": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}
    assert told("gcp:storage:BucketIAMPolicy", unknown, unknown)


def test_a_grant_to_everyone_is_told() -> None:
    everyone = {"bucket": "b", "role": "roles/viewer", "member": "allUsers"}
    assert list(RULES["gcp:storage:BucketIAMMember"].everything(everyone))
    owner = {"project": "p", "role": "roles/owner", "member": "user:x"}
    assert list(RULES["gcp:projects:IAMMember"].everything(owner))
    assert not list(RULES["gcp:projects:IAMMember"].everything({**owner, "role": "roles/viewer"}))
