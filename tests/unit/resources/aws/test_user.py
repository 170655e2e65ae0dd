import json

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned, WaitTimedOut
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.aws.user import UserHandler
from tests.unit.resources.aws.iam_calls import DOCUMENT, Iam
from tests.unit.resources.stack import OWNER, Clock, Killed, Stack

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"


@pytest.fixture
def users() -> Stack:
    return Stack(UserHandler)


def test_create_makes_the_user_with_everything_asked_for(iam: Iam, users: Stack) -> None:
    policy = iam.policy("p")
    made = users.create(
        name="u", path="/backup/", policies=[policy], tags={"team": "x"},
        permissions_boundary=BOUNDARY,
    )  # fmt: skip
    found = iam.ask("get_user", UserName="u")["User"]
    assert made.id == "u"
    assert (found["Path"], found["Arn"]) == ("/backup/", made.outputs["arn"])
    assert iam.attached("u") == {policy}
    assert iam.boundaries == {"u": BOUNDARY}
    mark = f"{OWNER}@{made.outputs['__incarnation']}"
    assert iam.tags("u") == {"team": "x", MARK: mark}
    assert "tag_user" not in iam.calls  # the mark is given in the call that makes the user


def test_name_and_arn_are_known_before_the_user_is_made(iam: Iam, users: Stack) -> None:
    props = users.check(path="/a/")
    assert props["name"].startswith("nightly-")
    assert props["arn"] == f"arn:aws:iam::123456789012:user/a/{props['name']}"
    assert iam.users() == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "a" * 65}, "name: "),
        ({"name": "with space"}, "1 to 64 letters"),
        ({"path": "no-slash"}, "begins and ends with /"),
        ({"path": "/no-end"}, "begins and ends with /"),
        ({"permissions_boundary": "boundary"}, "the ARN of a managed policy"),
        ({"policies": ["AmazonS3FullAccess"]}, "policies.0: "),
        ({"tags": {"aws:x": "y"}}, "reserved"),
        ({"tags": {"Palette-Backup": "y"}}, "reserved"),
        ({"tags": {"k" * 129: "y"}}, "1 to 128"),
        ({"tags": {"k": "y" * 257}}, "at most 256"),
        ({"tags": {"k": "a\nb"}}, "at most 256"),
        ({"tags": {f"k{i}": "" for i in range(46)}}, "at most 45"),
    ],
)
def test_what_aws_would_refuse_is_refused_in_preview(
    iam: Iam, users: Stack, given: dict[str, object], says: str
) -> None:
    assert says in users.reasons(**given)


def test_what_an_organisation_requires_comes_from_settings(iam: Iam) -> None:
    tags = json.dumps({"cost": "42", "team": "all"})
    settings = {
        "palette:iamPath": "/org/",
        "palette:permissionsBoundary": BOUNDARY,
        "palette:tags": tags,
    }
    props = Stack(UserHandler, settings).check(tags={"team": "x"})
    assert props["path"] == "/org/"
    assert props["permissions_boundary"] == BOUNDARY
    assert props["tags"] == {"cost": "42", "team": "x"}


def test_the_order_of_policies_does_not_matter(iam: Iam, users: Stack) -> None:
    one, two = iam.policy("one"), iam.policy("two")
    made = users.create(name="u", policies=[two, one, two])
    assert not users.differs(made, name="u", policies=[one, two])
    refreshed = users.refresh(made)
    assert refreshed and not users.differs(refreshed, name="u", policies=[two, one])


def test_what_others_add_is_no_drift(iam: Iam, users: Stack) -> None:
    ours, others = iam.policy("ours"), iam.policy("others")
    wanted = {"name": "u", "policies": [ours], "tags": {"team": "x"}}
    made = users.create(**wanted)
    iam.ask("attach_user_policy", UserName="u", PolicyArn=others)
    iam.ask("tag_user", UserName="u", Tags=[{"Key": "theirs", "Value": "1"}])
    refreshed = users.refresh(made)
    assert refreshed and not users.differs(refreshed, **wanted)


def test_what_others_take_away_is_drift_and_put_back(iam: Iam, users: Stack) -> None:
    policy = iam.policy("p")
    wanted = {
        "name": "u",
        "path": "/a/",
        "policies": [policy],
        "tags": {"team": "x"},
        "permissions_boundary": BOUNDARY,
    }
    made = users.create(**wanted)
    iam.ask("detach_user_policy", UserName="u", PolicyArn=policy)
    iam.ask("tag_user", UserName="u", Tags=[{"Key": "team", "Value": "y"}])
    iam.ask("update_user", UserName="u", NewPath="/b/")
    iam.ask("delete_user_permissions_boundary", UserName="u")
    refreshed = users.refresh(made)
    assert refreshed
    drifted = {k for k, v in made.inputs.items() if refreshed.inputs.get(k) != v}
    assert drifted == {"path", "arn", "policies", "tags", "permissions_boundary"}
    restored = users.update(refreshed, **wanted)
    assert iam.attached("u") == {policy}
    assert iam.tags("u")["team"] == "x"
    assert iam.boundaries == {"u": BOUNDARY}
    assert restored.outputs == made.outputs
    assert iam.ask("get_user", UserName="u")["User"]["Path"] == "/a/"


def test_everything_but_the_name_changes_in_place(iam: Iam, users: Stack) -> None:
    old, new, others = iam.policy("old"), iam.policy("new"), iam.policy("others")
    made = users.create(name="u", policies=[old], tags={"Env": "1"}, permissions_boundary=BOUNDARY)
    key = iam.ask("create_access_key", UserName="u")["AccessKey"]["AccessKeyId"]
    iam.ask("attach_user_policy", UserName="u", PolicyArn=others)
    updated = users.update(made, name="u", policies=[new], tags={"team": "x"}, path="/new/")
    assert iam.attached("u") == {new, others}
    assert iam.keys("u") == [key]
    assert iam.boundaries == {}
    assert iam.tags("u").keys() == {"team", MARK}
    assert updated.outputs["arn"] == iam.ask("get_user", UserName="u")["User"]["Arn"]
    assert updated.outputs["__incarnation"] == made.outputs["__incarnation"]


def test_a_renamed_stack_takes_its_user_along(iam: Iam, users: Stack) -> None:
    made = users.create(name="u")
    renamed = OWNER.replace("/dev/", "/test/")
    updated = users.update(made, name="u", __owner=renamed)
    assert iam.tags("u")[MARK] == f"{renamed}@{made.outputs['__incarnation']}"
    users.delete(updated)
    assert iam.users() == []


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(4))
def test_a_retry_after_a_kill_leaves_one_whole_user(
    iam: Iam, users: Stack, when: str, index: int
) -> None:
    one, two = iam.policy("one"), iam.policy("two")
    wanted = {"name": "u", "policies": [one, two], "tags": {"team": "x"}}
    setattr(iam, when, index)
    with pytest.raises(Killed):
        users.create(**wanted)
    iam.die_before = iam.die_after = None
    made = users.create(**wanted)
    assert iam.users() == ["u"]
    assert iam.attached("u") == {one, two}
    assert iam.tags("u")[MARK] == f"{OWNER}@{made.outputs['__incarnation']}"
    users.delete(made)
    assert iam.users() == []


def test_an_adopted_user_becomes_what_is_asked_for_now(iam: Iam, users: Stack) -> None:
    users.create(name="u", path="/old/", tags={"team": "x"})
    made = users.create(name="u", path="/new/", tags={"team": "y"}, permissions_boundary=BOUNDARY)
    refreshed = users.refresh(made)
    assert refreshed and refreshed.outputs == made.outputs
    assert iam.boundaries == {"u": BOUNDARY}


@pytest.mark.parametrize(
    ("tags", "whose"),
    [
        ([], "does not carry our mark"),
        ([{"Key": MARK, "Value": "acme/web/prod/u:ffffff@0"}], "belongs to acme/web/prod/u"),
    ],
)
def test_a_user_of_somebody_else_is_not_adopted(
    iam: Iam, users: Stack, tags: list[dict[str, str]], whose: str
) -> None:
    iam.ask("create_user", UserName="u", Tags=tags)
    with pytest.raises(NotOwned, match=rf"{whose}.*existing=True, name='u'"):
        users.create(name="u")
    assert iam.tags("u") == {tag["Key"]: tag["Value"] for tag in tags}


def test_a_user_with_a_key_of_unknown_origin_is_not_adopted(iam: Iam, users: Stack) -> None:
    made = users.create(name="u")
    key = iam.ask("create_access_key", UserName="u")["AccessKey"]["AccessKeyId"]
    with pytest.raises(NotOwned, match=rf"{key} \(made .* never used\).*existing=True, name='u'"):
        users.create(name="u")
    assert iam.tags("u")[MARK].endswith(made.outputs["__incarnation"])


def test_a_policy_of_the_organisation_is_named_with_a_way_around(iam: Iam, users: Stack) -> None:
    words = "not authorized to perform: iam:CreateUser with an explicit deny in a service control"
    iam.answers["create_user"] = [ApiError(words, status=403, code="AccessDenied")]
    with pytest.raises(ApiError) as denied:
        users.create(name="u")
    for part in ("service control policy of the organisation", words, "AwsStsBackupLocation"):
        assert part in str(denied.value)


def test_delete_is_refused_while_keys_exist_and_undoes_nothing(iam: Iam, users: Stack) -> None:
    policy = iam.policy("p")
    made = users.create(name="u", policies=[policy])
    key = iam.ask("create_access_key", UserName="u")["AccessKey"]["AccessKeyId"]
    with pytest.raises(Blocked, match=key):
        users.delete(made)
    assert iam.keys("u") == [key]
    assert iam.attached("u") == {policy}


def test_delete_is_refused_while_others_attach_policies(iam: Iam, users: Stack) -> None:
    ours, others = iam.policy("ours"), iam.policy("others")
    made = users.create(name="u", policies=[ours])
    iam.ask("attach_user_policy", UserName="u", PolicyArn=others)
    with pytest.raises(Blocked, match=others):
        users.delete(made)
    assert iam.attached("u") == {ours, others}


def test_a_conflict_puts_back_what_was_detached(iam: Iam, users: Stack) -> None:
    policy = iam.policy("p")
    made = users.create(name="u", policies=[policy])
    iam.ask("put_user_policy", UserName="u", PolicyName="inline", PolicyDocument=DOCUMENT)
    with pytest.raises(Blocked, match=r"inline policies.*must delete policies first"):
        users.delete(made)
    assert iam.attached("u") == {policy}


@pytest.mark.parametrize(
    "what", ["must detach all policies first.", "must delete access keys first."]
)
def test_what_was_removed_a_moment_ago_is_no_conflict(
    iam: Iam, users: Stack, clock: Clock, what: str
) -> None:
    user = users.create(name="u", policies=[iam.policy("read")])
    answer = f"Cannot delete entity, {what}"
    iam.answers["delete_user"] = [ApiError(answer, status=409, code="DeleteConflict")] * 3
    users.delete(user)
    assert not iam.users() and clock.now > 0


def test_delete_takes_a_lost_key_along(iam: Iam, users: Stack) -> None:
    made = users.create(name="u")
    key = iam.ask("create_access_key", UserName="u")["AccessKey"]["AccessKeyId"]
    note = {"Key": f"{MARK}-key/other:123456", "Value": f"made {key}"}
    iam.ask("tag_user", UserName="u", Tags=[note])
    users.delete(made)
    assert iam.users() == []


def test_delete_spares_what_a_later_create_adopted(iam: Iam, users: Stack) -> None:
    old = users.create(name="u")
    new = users.create(name="u")
    users.delete(old)
    assert iam.users() == ["u"]
    users.delete(new)
    assert iam.users() == []


def test_delete_leaves_a_user_without_our_mark_alone(iam: Iam, users: Stack) -> None:
    made = users.create(name="u")
    iam.ask("untag_user", UserName="u", TagKeys=[MARK])
    with pytest.raises(NotOwned, match=rf"no longer carries the mark.*\(the tag {MARK}\)"):
        users.delete(made)
    assert iam.users() == ["u"]


def test_a_user_that_is_gone_is_deleted_and_absent(iam: Iam, users: Stack) -> None:
    made = users.create(name="u")
    iam.ask("delete_user", UserName="u")
    users.delete(made)
    assert users.refresh(made) is None


def test_a_policy_made_a_moment_ago_is_waited_for(iam: Iam, users: Stack, clock: Clock) -> None:
    policy = iam.policy("p")
    iam.answers["attach_user_policy"] = [NotFound("not yet", code="NoSuchEntity")] * 3
    users.create(name="u", policies=[policy])
    assert iam.attached("u") == {policy}
    assert 0 < clock.now < 5


def test_a_policy_that_never_comes_is_given_up(iam: Iam, users: Stack, clock: Clock) -> None:
    with pytest.raises(WaitTimedOut, match="policy/absent"):
        users.create(name="u", policies=["arn:aws:iam::123456789012:policy/absent"])
    assert 30 <= clock.now < 36


def test_a_look_up_tells_everything(iam: Iam, users: Stack) -> None:
    policy = iam.policy("p")
    iam.ask("create_user", UserName="existing", Tags=[{"Key": "a", "Value": "b"}])
    iam.ask("attach_user_policy", UserName="existing", PolicyArn=policy)
    state = users.lifecycle.read("existing", {"__owner": OWNER})
    assert state is not None
    found = state.model_dump()
    assert found["name"] == "existing"
    assert found["arn"] == "arn:aws:iam::123456789012:user/existing"
    assert found["policies"] == [policy]
    assert found["tags"] == {"a": "b"}


def test_an_existing_user_is_known_in_preview_and_never_changed(iam: Iam, users: Stack) -> None:
    iam.ask("create_user", UserName="existing", Path="/people/")
    before = iam.ask("get_user", UserName="existing")["User"]
    made = users.create(name="existing", existing=True, tags={"team": "x"})
    assert made.id == "existing"
    assert made.outputs["arn"] == "arn:aws:iam::123456789012:user/people/existing"
    users.delete(users.update(made, name="existing", existing=True, tags={"team": "y"}))
    assert iam.ask("get_user", UserName="existing")["User"] == before


def test_a_user_does_not_bring_itself(iam: Iam, users: Stack) -> None:
    made = users.create(name="u")
    reasons = users.reasons(made.inputs, name="u", existing=True)
    assert "made u" in reasons and "Leave existing out" in reasons
    assert not users.reasons(name="u", existing=True)


def test_an_existing_user_that_does_not_exist_fails_the_preview(iam: Iam, users: Stack) -> None:
    reasons = users.reasons(name="absent", existing=True)
    assert "no user absent in the AWS account 123456789012" in reasons


def test_after_a_lost_state_a_user_is_taken_over_with_its_keys(iam: Iam, users: Stack) -> None:
    users.create(name="u")
    iam.ask("create_access_key", UserName="u")
    again = Stack(UserHandler, {"palette:recover": "true"}).create(name="u")
    assert iam.tags("u")[MARK].endswith(again.outputs["__incarnation"])
    assert len(iam.keys("u")) == 1
