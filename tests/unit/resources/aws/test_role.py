import json
from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned, WaitTimedOut
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.aws.iam.policy_documents import trust_policy
from palette_backup_provider.resources.aws.role import RoleHandler
from tests.unit.resources.aws.iam_calls import DOCUMENT, Iam
from tests.unit.resources.stack import OWNER, Clock, Killed, Stack

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
TRUST = trust_policy("111111111111", "ext")
OTHER = trust_policy("111111111111", "ext", principals=["222222222222"])
WANTED: dict[str, Any] = {"name": "r", "trust_policy": TRUST}


@pytest.fixture
def roles() -> Stack:
    return Stack(RoleHandler)


@pytest.fixture
def role_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(RoleHandler, "patience", clock.patience(RoleHandler.patience.budget))
    return clock


def role(iam: Iam, name: str = "r") -> dict[str, Any]:
    found: dict[str, Any] = iam.ask("get_role", RoleName=name)["Role"]
    return found


def tags(iam: Iam) -> dict[str, str]:
    found = iam.ask("list_role_tags", RoleName="r")["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def attached(iam: Iam) -> set[str]:
    found = iam.ask("list_attached_role_policies", RoleName="r")["AttachedPolicies"]
    return {policy["PolicyArn"] for policy in found}


def names(iam: Iam) -> list[str]:
    return [found["RoleName"] for found in iam.ask("list_roles")["Roles"]]


def others_make(iam: Iam, *tags: dict[str, str], name: str = "r", path: str = "/") -> None:
    iam.ask(
        "create_role",
        RoleName=name,
        Path=path,
        AssumeRolePolicyDocument=json.dumps(OTHER),
        Tags=list(tags),
    )


def test_one_call_makes_the_role_with_its_mark(iam: Iam, roles: Stack) -> None:
    policy = iam.policy("p")
    made = roles.create(
        **WANTED, path="/backup/", policies=[policy], tags={"team": "x"}, max_session_hours=2.0,
        permissions_boundary=BOUNDARY,
    )  # fmt: skip
    found = role(iam)
    assert made.id == "r"
    assert (found["Path"], found["Arn"]) == ("/backup/", made.outputs["arn"])
    assert found["AssumeRolePolicyDocument"] == TRUST
    assert found["MaxSessionDuration"] == 7200
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    assert attached(iam) == {policy}
    assert tags(iam) == {"team": "x", MARK: f"{OWNER}@{made.outputs['__incarnation']}"}
    mine = [call for call in iam.calls if call != "get_caller_identity"]
    assert mine == ["create_role", "attach_role_policy"]


def test_name_and_arn_are_known_before_the_role_is_made(iam: Iam, roles: Stack) -> None:
    props = roles.check(trust_policy=TRUST, path="/a/")
    assert props["name"].startswith("nightly-")
    assert props["arn"] == f"arn:aws:iam::123456789012:role/a/{props['name']}"
    assert names(iam) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "a" * 65}, "1 to 64 letters"),
        ({"path": "no-slash"}, "begins and ends with /"),
        ({"max_session_hours": 0}, "max_session_hours: must be greater than or equal to 1"),
        ({"max_session_hours": 13}, "max_session_hours: must be less than or equal to 12"),
        ({"max_session_hours": 1.5}, "max_session_hours: must be a whole number"),
        ({"trust_policy": "text"}, "trust_policy: must be a map"),
        ({"permissions_boundary": "boundary"}, "the ARN of a managed policy"),
        ({"policies": ["AmazonS3FullAccess"]}, "policies.0: "),
        ({"tags": {"aws:x": "y"}}, "reserved"),
    ],
)
def test_what_aws_would_refuse_is_refused_in_preview(
    iam: Iam, roles: Stack, given: dict[str, object], says: str
) -> None:
    assert says in roles.reasons(**{"trust_policy": TRUST, **given})


def test_sessions_last_as_long_as_palette_asks_for(iam: Iam, roles: Stack) -> None:
    roles.create(**WANTED)
    assert role(iam)["MaxSessionDuration"] == 12 * 3600


def test_trust_is_compared_by_what_it_means(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED)
    first = {
        **TRUST["Statement"][0],
        "Action": ["sts:AssumeRole"],
        "Principal": {"AWS": ["111111111111"]},
    }
    same = json.dumps({"Statement": [first], "Version": "2012-10-17"})
    iam.ask("update_assume_role_policy", RoleName="r", PolicyDocument=same)
    refreshed = roles.refresh(made)
    assert refreshed and refreshed.inputs == made.inputs
    iam.ask("update_assume_role_policy", RoleName="r", PolicyDocument=json.dumps(OTHER))
    refreshed = roles.refresh(made)
    assert refreshed and refreshed.inputs["trust_policy"] == OTHER
    roles.update(refreshed, **WANTED)
    assert role(iam)["AssumeRolePolicyDocument"] == TRUST


def test_what_others_add_is_no_drift(iam: Iam, roles: Stack) -> None:
    ours, others = iam.policy("ours"), iam.policy("others")
    made = roles.create(**WANTED, policies=[ours], tags={"team": "x"})
    iam.ask("attach_role_policy", RoleName="r", PolicyArn=others)
    iam.ask("tag_role", RoleName="r", Tags=[{"Key": "theirs", "Value": "1"}])
    refreshed = roles.refresh(made)
    assert refreshed and refreshed == made
    roles.update(made, **WANTED)
    assert attached(iam) == {others}
    assert tags(iam).keys() == {"theirs", MARK}


def test_what_others_take_away_is_drift_and_put_back(iam: Iam, roles: Stack) -> None:
    policy = iam.policy("p")
    wanted = {**WANTED, "policies": [policy], "tags": {"t": "x"}, "permissions_boundary": BOUNDARY}
    made = roles.create(**wanted)
    iam.ask("detach_role_policy", RoleName="r", PolicyArn=policy)
    iam.ask("tag_role", RoleName="r", Tags=[{"Key": "t", "Value": "y"}])
    iam.ask("delete_role_permissions_boundary", RoleName="r")
    iam.ask("update_role", RoleName="r", MaxSessionDuration=3600)
    refreshed = roles.refresh(made)
    assert refreshed
    drifted = {k for k, v in made.outputs.items() if refreshed.outputs[k] != v}
    assert drifted == {"policies", "tags", "permissions_boundary", "max_session_hours"}
    restored = roles.update(refreshed, **wanted)
    assert restored.outputs == made.outputs
    assert attached(iam) == {policy}
    assert tags(iam)["t"] == "x"
    assert role(iam)["MaxSessionDuration"] == 12 * 3600
    assert role(iam)["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY


def test_an_update_changes_only_what_differs(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED)
    iam.calls.clear()
    roles.update(made, **WANTED, tags={"team": "x"})
    assert [call for call in iam.calls if call != "get_caller_identity"] == ["tag_role"]


def test_another_path_or_name_replaces(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED)
    for change, same_name in (({"path": "/a/"}, True), ({"name": "s"}, False)):
        props = roles.check(made.inputs, **{**WANTED, **change})
        difference = roles.lifecycle.diff(made.id, made.outputs, props, set())
        assert set(difference.replaces) & change.keys()
        assert difference.delete_first is same_name


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(4))
def test_a_retry_after_a_kill_leaves_one_whole_role(
    iam: Iam, roles: Stack, when: str, index: int
) -> None:
    one, two = iam.policy("one"), iam.policy("two")
    wanted = {**WANTED, "policies": [one, two], "tags": {"team": "x"}}
    setattr(iam, when, index)
    with pytest.raises(Killed):
        roles.create(**wanted)
    iam.die_before = iam.die_after = None
    made = roles.create(**wanted)
    assert names(iam) == ["r"]
    assert attached(iam) == {one, two}
    assert tags(iam)[MARK] == f"{OWNER}@{made.outputs['__incarnation']}"
    roles.delete(made)
    assert names(iam) == []


def test_an_adopted_role_becomes_what_is_asked_for_now(iam: Iam, roles: Stack) -> None:
    roles.create(**WANTED, tags={"team": "x"})
    wanted = {"name": "r", "trust_policy": OTHER, "max_session_hours": 1, "tags": {"team": "y"}}
    made = roles.create(**wanted)
    refreshed = roles.refresh(made)
    assert refreshed and refreshed.outputs == made.outputs
    assert role(iam)["AssumeRolePolicyDocument"] == OTHER


def test_a_role_with_another_path_cannot_become_what_is_asked_for(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED, path="/old/")
    with pytest.raises(Blocked, match=r"role r with the path /old/.*Delete it"):
        roles.create(**WANTED, path="/new/")
    roles.delete(made)


@pytest.mark.parametrize(
    ("tag", "whose"),
    [
        ([], "does not carry our mark"),
        ([{"Key": MARK, "Value": "acme/web/prod/r:ffffff@0"}], "belongs to acme/web/prod/r"),
    ],
)
def test_a_role_of_somebody_else_is_not_adopted(
    iam: Iam, roles: Stack, tag: list[dict[str, str]], whose: str
) -> None:
    others_make(iam, *tag)
    with pytest.raises(NotOwned, match=rf"{whose}.*existing=True, name='r'"):
        roles.create(**WANTED)
    assert role(iam)["AssumeRolePolicyDocument"] == OTHER


def test_a_policy_of_the_organisation_is_named_with_a_way_around(iam: Iam, roles: Stack) -> None:
    iam.answers["create_role"] = [ApiError("denied.", status=403, code="AccessDenied")]
    with pytest.raises(ApiError) as denied:
        roles.create(**WANTED)
    for part in ("make the role r", "service control policy", "denied.", "existing role"):
        assert part in str(denied.value)
    assert "AwsStsBackupLocation" not in str(denied.value)  # that is what needs the role


def test_delete_is_refused_while_others_attach_policies(iam: Iam, roles: Stack) -> None:
    ours, others = iam.policy("ours"), iam.policy("others")
    made = roles.create(**WANTED, policies=[ours])
    iam.ask("attach_role_policy", RoleName="r", PolicyArn=others)
    with pytest.raises(Blocked, match=others):
        roles.delete(made)
    assert attached(iam) == {ours, others}


def test_a_conflict_puts_back_what_was_detached(iam: Iam, roles: Stack) -> None:
    policy = iam.policy("p")
    made = roles.create(**WANTED, policies=[policy])
    iam.ask("put_role_policy", RoleName="r", PolicyName="inline", PolicyDocument=DOCUMENT)
    with pytest.raises(Blocked, match="inline policies"):
        roles.delete(made)
    assert attached(iam) == {policy}


def test_delete_spares_what_a_later_create_adopted(iam: Iam, roles: Stack) -> None:
    old = roles.create(**WANTED)
    new = roles.create(**WANTED)
    roles.delete(old)
    assert names(iam) == ["r"]
    roles.delete(new)
    assert names(iam) == []


def test_delete_leaves_a_role_without_our_mark_alone(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED)
    iam.ask("untag_role", RoleName="r", TagKeys=[MARK])
    with pytest.raises(NotOwned, match=rf"no longer carries the mark.*\(the tag {MARK}\)"):
        roles.delete(made)
    assert names(iam) == ["r"]


def test_a_role_that_is_gone_is_deleted_and_absent(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED)
    iam.ask("delete_role", RoleName="r")
    roles.delete(made)
    assert roles.refresh(made) is None


def test_a_policy_made_a_moment_ago_is_waited_for(
    iam: Iam, roles: Stack, role_clock: Clock
) -> None:
    policy = iam.policy("p")
    iam.answers["attach_role_policy"] = [NotFound("not yet", code="NoSuchEntity")] * 3
    made = roles.create(**WANTED, policies=[policy])
    assert attached(iam) == {policy}
    assert 0 < role_clock.now < 5
    with pytest.raises(WaitTimedOut, match="policy/absent"):
        roles.update(made, **WANTED, policies=["arn:aws:iam::123456789012:policy/absent"])


def test_a_principal_made_a_moment_ago_is_waited_for(
    iam: Iam, roles: Stack, role_clock: Clock
) -> None:
    text = "Invalid principal in policy"
    unknown = ApiError(text, status=400, code="MalformedPolicyDocument")
    iam.answers["create_role"] = [unknown] * 3
    made = roles.create(**WANTED)
    assert (first := role_clock.now) > 0
    iam.answers["update_assume_role_policy"] = [unknown] * 3
    made = roles.update(made, **{**WANTED, "trust_policy": OTHER})
    assert role_clock.now > first
    iam.answers["update_assume_role_policy"] = [unknown] * 1000
    with pytest.raises(WaitTimedOut, match=rf"whom the role trusts: gave up after 30 s.*{text}"):
        roles.update(made, **WANTED)


def test_a_look_up_tells_everything(iam: Iam, roles: Stack) -> None:
    policy = iam.policy("p")
    others_make(iam, {"Key": "a", "Value": "b"}, name="r")
    iam.ask("attach_role_policy", RoleName="r", PolicyArn=policy)
    state = roles.lifecycle.read("r", {"__owner": OWNER})
    assert state is not None
    found = state.model_dump()
    assert (found["name"], found["arn"]) == ("r", "arn:aws:iam::123456789012:role/r")
    assert (found["policies"], found["tags"]) == ([policy], {"a": "b"})
    assert (found["trust_policy"], found["max_session_hours"]) == (OTHER, 1)


def test_an_existing_role_is_known_in_preview_and_never_changed(iam: Iam, roles: Stack) -> None:
    others_make(iam, path="/people/")
    before = role(iam)
    made = roles.create(**WANTED, existing=True, tags={"team": "x"})
    assert made.id == "r"
    assert made.outputs["arn"] == "arn:aws:iam::123456789012:role/people/r"
    roles.delete(roles.update(made, **WANTED, existing=True, tags={"team": "y"}))
    assert role(iam) == before


def test_a_role_does_not_bring_itself(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED)
    reasons = roles.reasons(made.inputs, **WANTED, existing=True)
    assert "made r" in reasons and "Leave existing out" in reasons
    assert not roles.reasons(**WANTED, existing=True)


def test_an_existing_role_that_does_not_exist_fails_the_preview(iam: Iam, roles: Stack) -> None:
    reasons = roles.reasons(name="absent", trust_policy=TRUST, existing=True)
    assert "no role absent in the AWS account 123456789012" in reasons


def test_a_principal_that_was_deleted_has_words_of_its_own(
    iam: Iam, roles: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    """AWS then shows its id, and a role made anew under the old name is not let in by it."""
    made = roles.create(**WANTED)
    trust = json.dumps(TRUST).replace("arn:aws:iam::111111111111:root", "AROAJ3N5Q7EXAMPLE1234")
    iam.ask("update_assume_role_policy", RoleName="r", PolicyDocument=trust)
    refreshed = roles.refresh(made)
    assert refreshed and refreshed.inputs != made.inputs
    told = "nightly: the trust policy of r names AROAJ3N5Q7EXAMPLE1234: AWS shows that id since"
    assert told in capsys.readouterr().out
    roles.update(refreshed, **WANTED)
    assert role(iam)["AssumeRolePolicyDocument"] == TRUST
    roles.refresh(made)
    assert not capsys.readouterr().out


def test_a_session_of_no_whole_hours_is_drift(iam: Iam, roles: Stack) -> None:
    made = roles.create(**WANTED, max_session_hours=1)
    iam.ask("update_role", RoleName="r", MaxSessionDuration=5400)
    refreshed = roles.refresh(made)
    assert refreshed and refreshed.inputs["max_session_hours"] == 1.5
    roles.update(refreshed, **WANTED, max_session_hours=1)
    assert role(iam)["MaxSessionDuration"] == 3600
