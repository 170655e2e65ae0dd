from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, NotImportable, NotOwned, WaitTimedOut
from palette_backup_provider.resources.gcp.iam.policy import grant, granted, revoke
from tests.unit.resources.gcp.test_service_account import make
from tests.unit.resources.stack import Clock, Stack
from tests.unit.sandbox.gcp_server import Cloud

ROLE = "roles/storage.objectAdmin"
THEIRS = {"role": ROLE, "members": ["user:a@example.com"]}
CONDITION = {"title": "until then", "expression": "request.time < timestamp('2030-01-01')"}
CONDITIONAL = {"role": ROLE, "members": ["user:b@example.com"], "condition": CONDITION}


@pytest.fixture
def member(cloud: Cloud) -> str:
    cloud.storage().create_bucket("backups")
    return f"serviceAccount:{make(cloud, 'backups')}"


def bindings(cloud: Cloud) -> list[dict[str, Any]]:
    found = cloud.gcp.storage.policy("backups")["bindings"]
    return [b for b in found if "legacy" not in b["role"]]


def labels(cloud: Cloud) -> dict[str, str]:
    found: dict[str, str] = cloud.storage().get_bucket("backups").labels
    return found


def put(cloud: Cloud, *given: dict[str, Any]) -> None:
    policy = cloud.gcp.storage.bucket("backups").policy
    policy.replace({"bindings": [*policy.bindings, *given], "version": 3})


def test_a_role_is_granted_and_taken_back(cloud: Cloud, access: Stack, member: str) -> None:
    made = access.create(bucket="backups", role=ROLE, member=member)
    assert made.id == f"backups/{ROLE}/{member}"
    assert bindings(cloud) == [{"role": ROLE, "members": [member]}]
    assert access.refresh(made).inputs == made.inputs  # type: ignore[union-attr]
    access.delete(made)
    assert (bindings(cloud), labels(cloud)) == ([], {})
    assert access.refresh(made) is None


def test_bindings_of_others_and_their_conditions_stay(
    cloud: Cloud, access: Stack, member: str
) -> None:
    own = {**CONDITIONAL, "members": [member]}
    put(cloud, CONDITIONAL, own, THEIRS)
    made = access.create(bucket="backups", role=ROLE, member=member)
    ours = {"role": ROLE, "members": ["user:a@example.com", member]}
    assert bindings(cloud) == [CONDITIONAL, own, ours]
    assert cloud.gcp.storage.policy("backups")["version"] == 3
    access.delete(made)
    assert bindings(cloud) == [CONDITIONAL, own, THEIRS]


def test_one_that_was_given_a_condition_is_gone_and_made_anew_beside_it(
    cloud: Cloud, access: Stack, member: str
) -> None:
    made = access.create(bucket="backups", role=ROLE, member=member)
    ours = {"role": ROLE, "members": [member]}
    policy = cloud.gcp.storage.bucket("backups").policy
    conditional = {**ours, "condition": CONDITION}
    others = [b for b in policy.bindings if b["role"] != ROLE]
    policy.replace({"bindings": [*others, conditional], "version": 3})
    assert access.refresh(made) is None
    again = access.create(bucket="backups", role=ROLE, member=member)
    assert again.outputs["made_here"] and bindings(cloud) == [conditional, ours]


def test_one_that_was_there_before_stays(cloud: Cloud, access: Stack, member: str) -> None:
    put(cloud, {"role": ROLE, "members": [member]})
    made = access.create(bucket="backups", role=ROLE, member=member)
    assert not made.outputs["made_here"]
    assert labels(cloud) == {}
    access.delete(made)
    assert bindings(cloud) == [{"role": ROLE, "members": [member]}]


def test_a_delete_spares_what_a_later_create_took_over(
    cloud: Cloud, access: Stack, member: str
) -> None:
    old = access.create(bucket="backups", role=ROLE, member=member)
    new = access.create(bucket="backups", role=ROLE, member=member)
    access.delete(old)
    assert bindings(cloud) == [{"role": ROLE, "members": [member]}]
    access.delete(new)
    assert bindings(cloud) == []


def test_without_its_note_it_is_left_alone(cloud: Cloud, access: Stack, member: str) -> None:
    made = access.create(bucket="backups", role=ROLE, member=member)
    ((name, note),) = labels(cloud).items()
    cloud.gcp.storage.patch("backups", {"labels": {name: None}})
    with pytest.raises(
        NotOwned, match=rf"no longer carries the mark.*\(the bucket's label {name}\).*{note}"
    ):
        access.delete(made)
    assert bindings(cloud) == [{"role": ROLE, "members": [member]}]
    policy = cloud.gcp.storage.bucket("backups").policy
    policy.replace(revoke({"bindings": policy.bindings}, ROLE, member))
    access.delete(made)  # taken back by hand


def test_an_account_made_anew_is_another_member(cloud: Cloud, access: Stack, member: str) -> None:
    made = access.create(bucket="backups", role=ROLE, member=member)
    email = member.partition(":")[2]
    cloud.gcp.iam.delete_account(email)
    make(cloud, "backups")
    assert access.refresh(made) is None
    again = access.create(bucket="backups", role=ROLE, member=member)
    ((gone, live),) = [binding["members"] for binding in bindings(cloud)]
    assert gone.startswith(f"deleted:{member}?uid=") and live == member
    access.delete(again)
    assert bindings(cloud) == [{"role": ROLE, "members": [gone]}]


def test_a_policy_that_another_changed_is_read_again(
    cloud: Cloud, access: Stack, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, between = cloud.gcp.storage.set_policy, [True]

    def disturbed(name: str, body: dict[str, Any]) -> Any:
        if between.pop() if between else False:
            put(cloud, THEIRS)
        return real(name, body)

    monkeypatch.setattr(cloud.gcp.storage, "set_policy", disturbed)
    access.create(bucket="backups", role=ROLE, member=member)
    assert bindings(cloud) == [{"role": ROLE, "members": ["user:a@example.com", member]}]


def test_a_member_that_is_not_known_yet_is_waited_for(
    cloud: Cloud, access: Stack, member: str, clock: Clock
) -> None:
    email = member.partition(":")[2]
    account = cloud.gcp.iam.accounts.pop(email)
    sleep = clock.sleep

    def appears(seconds: float) -> None:
        sleep(seconds)
        if clock.now > 30:
            cloud.gcp.iam.accounts[email] = account

    object.__setattr__(access.lifecycle.handler_type.patience, "sleep", appears)  # type: ignore[attr-defined]
    access.create(bucket="backups", role=ROLE, member=member)
    assert 30 < clock.now < 40


def test_a_member_that_never_comes_is_given_up(access: Stack, member: str) -> None:
    stranger = member.replace("backups@", "no-such@")
    with pytest.raises(WaitTimedOut, match="does not exist"):
        access.create(bucket="backups", role=ROLE, member=stranger)


def test_a_refusal_says_what_is_missing(cloud: Cloud, access: Stack, member: str) -> None:
    policy = cloud.gcp.iam.projects["sandbox-project"]
    roles = [b for b in policy.bindings if b["role"] != "roles/storage.admin"]
    policy.bindings = [*roles, {**policy.bindings[0], "role": "roles/storage.legacyBucketReader"}]
    with pytest.raises(ApiError, match=r"storage\.buckets\.getIamPolicy"):
        access.create(bucket="backups", role=ROLE, member=member)


POOL = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p"
MIXED = ["user:A.B@Example.com", "group:Backup-Admins@Example.com"]


@pytest.mark.parametrize("who", MIXED)
def test_the_case_of_an_address_means_nothing(cloud: Cloud, access: Stack, who: str) -> None:
    cloud.storage().create_bucket("backups")
    put(cloud, THEIRS)
    made = access.create(bucket="backups", role=ROLE, member=who)
    assert bindings(cloud) == [{"role": ROLE, "members": [*THEIRS["members"], who.lower()]}]
    assert access.refresh(made) == made
    access.delete(made)
    assert (bindings(cloud), labels(cloud)) == ([THEIRS], {})


def test_another_spelling_takes_over_what_the_first_was_given(cloud: Cloud, access: Stack) -> None:
    cloud.storage().create_bucket("backups")
    old = access.create(bucket="backups", role=ROLE, member="user:A.B@example.com")
    new = access.create(bucket="backups", role=ROLE, member="user:a.b@example.com")
    access.delete(old)
    assert new.outputs["made_here"] and access.refresh(new) == new


def test_other_members_are_compared_as_they_are() -> None:
    pool = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p"
    policy = grant({"bindings": []}, ROLE, f"{pool}/subject/Nightly")
    assert not granted(policy, ROLE, f"{pool}/subject/nightly")
    assert revoke(policy, ROLE, f"{pool}/subject/nightly") == policy


def test_members_of_others_keep_their_spelling() -> None:
    theirs = {"role": ROLE, "members": ["user:A@Example.com", "user:b@example.com"]}
    policy = {"bindings": [theirs]}
    assert grant(policy, ROLE, "user:a@example.com") == policy
    (left,) = revoke(policy, ROLE, "user:B@example.com")["bindings"]
    assert left == {"role": ROLE, "members": ["user:A@Example.com"]}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"role": "objectAdmin", "member": "user:a@b"}, "a role such as"),
        ({"role": "projects/*/roles/a", "member": "user:a@b.c"}, "*, ? and ${...} stand for"),
        ({"role": ROLE, "member": "allUsers"}, "open to nobody"),
        ({"role": ROLE, "member": "allAuthenticatedUsers"}, "open to nobody"),
        ({"role": ROLE, "member": "domain:example.com"}, "no domain"),
        ({"role": ROLE, "member": f"principalSet:{POOL}/attribute.a/b"}, "no principalSet"),
        ({"role": ROLE, "member": f"principal:{POOL}/subject/*"}, "*, ? and ${...} stand for"),
        ({"role": ROLE, "member": "user:*@example.com"}, "*, ? and ${...} stand for"),
        ({"role": ROLE, "member": "a@example.com"}, "a member such as"),
    ],
)
def test_bad_input_is_refused(access: Stack, given: dict[str, str], told: str) -> None:
    assert told in access.reasons(bucket="backups", **given)


def test_a_look_up_by_id_alone(cloud: Cloud, access: Stack, member: str) -> None:
    made = access.create(bucket="backups", role=ROLE, member=member)
    state: Any = access.lifecycle.read(made.id, {})
    assert (state.bucket, state.role, state.member) == ("backups", ROLE, member)
    assert access.lifecycle.read("nonsense", {}) is None


def test_granting_twice_is_granting_once() -> None:
    once = grant({"bindings": []}, ROLE, "user:x@example.com")
    assert grant(once, ROLE, "user:x@example.com") == once
    assert revoke(once, ROLE, "user:x@example.com")["bindings"] == []


def test_an_id_of_another_form_is_told_how_it_is(access: Stack) -> None:
    with pytest.raises(NotImportable, match="Give <bucket>/<role>/<member>"):
        access.lifecycle.locate("backups", {})
