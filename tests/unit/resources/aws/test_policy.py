import json
import re
from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, NotOwned
from palette_backup_provider.core.tags import MARK
from palette_backup_provider.resources.aws.iam.policy_documents import access_policy
from palette_backup_provider.resources.aws.policy import PolicyHandler
from tests.unit.resources.aws.iam_calls import Iam
from tests.unit.resources.stack import OWNER, Killed, Stack

ACCOUNT = "arn:aws:iam::123456789012"
DOCUMENT = access_policy("nightly", snapshots=True)


@pytest.fixture
def policies() -> Stack:
    return Stack(PolicyHandler)


def other(number: int) -> dict[str, Any]:
    return access_policy(f"other-{number}")


def in_force(iam: Iam, arn: str) -> Any:
    version = iam.ask("get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = iam.ask("get_policy_version", PolicyArn=arn, VersionId=version)
    return found["PolicyVersion"]["Document"]


def tags(iam: Iam, arn: str) -> dict[str, str]:
    found = iam.ask("get_policy", PolicyArn=arn)["Policy"]["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def versions(iam: Iam, arn: str) -> list[str]:
    found = iam.ask("list_policy_versions", PolicyArn=arn)["Versions"]
    return [version["VersionId"] for version in found]


def test_create_makes_the_policy_with_everything_asked_for(iam: Iam, policies: Stack) -> None:
    given = {"name": "p", "path": "/b/", "description": "For Velero.", "tags": {"team": "x"}}
    made = policies.create(document=DOCUMENT, **given)
    found = iam.ask("get_policy", PolicyArn=made.id)["Policy"]
    assert made.id == found["Arn"] == made.outputs["arn"] == f"{ACCOUNT}:policy/b/p"
    assert (found["Path"], found["Description"]) == ("/b/", "For Velero.")
    assert in_force(iam, made.id) == DOCUMENT
    assert tags(iam, made.id) == {
        "team": "x",
        MARK: f"{OWNER}@{made.outputs['__incarnation']}",
    }
    assert "tag_policy" not in iam.calls  # the mark is given in the call that makes the policy


def test_preview_shows_the_name_and_the_arn(iam: Iam, policies: Stack) -> None:
    props = policies.check(document=DOCUMENT)
    assert props["name"].startswith("nightly-")
    assert props["arn"] == f"{ACCOUNT}:policy/{props['name']}"


def test_settings_give_path_and_tags(iam: Iam) -> None:
    config = {"palette:iamPath": "/org/", "palette:tags": '{"cost": "1"}'}
    props = Stack(PolicyHandler, config).check(document=DOCUMENT, tags={"team": "x"})
    assert (props["path"], props["tags"]) == ("/org/", {"cost": "1", "team": "x"})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "a" * 129}, "name: .*1 to 128 letters"),
        ({"name": "with space"}, "name: .*1 to 128 letters"),
        ({"path": "backup"}, "path: .*begins and ends with /"),
        ({"description": "d" * 1001}, "description: .*at most 1000"),
        ({"document": {"Version": "2012-10-17"}}, "document: has no Statement"),
        (
            {"document": {"Statement": [{"Resource": ["r" * 50] * 200}]}},
            "document: [0-9]+ characters are too many: AWS takes 6144",
        ),
    ],
)
def test_what_aws_would_refuse_is_refused_in_preview(
    iam: Iam, policies: Stack, given: dict[str, Any], says: str
) -> None:
    assert re.search(says, policies.reasons(**{"document": DOCUMENT, **given}))


def test_blanks_do_not_count(iam: Iam, policies: Stack) -> None:
    document = {"Statement": [{"Sid": "a" * 3000 + " " * 6000}]}
    assert policies.reasons(document=document) == ""


def test_another_path_replaces_under_another_name(iam: Iam, policies: Stack) -> None:
    made = policies.create(document=DOCUMENT)
    props = policies.check(made.inputs, document=DOCUMENT, path="/b/")
    difference = policies.lifecycle.diff(made.id, made.outputs, props, set())
    assert set(difference.replaces) == {"name", "path"}
    assert not difference.delete_first


def test_nothing_changed_is_no_drift(iam: Iam, policies: Stack) -> None:
    given = {"document": DOCUMENT, "description": "d", "tags": {"team": "x"}}
    made = policies.create(**given)
    iam.ask("tag_policy", PolicyArn=made.id, Tags=[{"Key": "theirs", "Value": "1"}])
    assert policies.refresh(made) == made
    assert not policies.differs(made, **given)


def test_the_form_of_a_document_means_nothing(iam: Iam, policies: Stack) -> None:
    made = policies.create(document=DOCUMENT)
    form = json.loads(json.dumps(DOCUMENT))
    form["Statement"][2] = {"Resource": "arn:aws:s3:::nightly", "Action": "s3:ListBucket",
                            "Effect": "Allow"}  # fmt: skip
    iam.ask(
        "create_policy_version", PolicyArn=made.id, PolicyDocument=json.dumps(form),
        SetAsDefault=True,
    )  # fmt: skip
    assert policies.refresh(made) == made
    iam.calls.clear()
    policies.update(made, document=form)
    assert "create_policy_version" not in iam.calls


def test_a_document_changed_by_another_hand_is_seen_and_put_back(iam: Iam, policies: Stack) -> None:
    made = policies.create(document=DOCUMENT)
    theirs = json.dumps(other(1))
    iam.ask("create_policy_version", PolicyArn=made.id, PolicyDocument=theirs, SetAsDefault=True)
    drifted = policies.refresh(made)
    assert drifted
    assert drifted.outputs["document"] == other(1)
    policies.update(drifted, document=DOCUMENT)
    assert in_force(iam, made.id) == DOCUMENT


def test_the_oldest_version_not_in_force_makes_room(iam: Iam, policies: Stack) -> None:
    thing = policies.create(document=DOCUMENT)
    for number in range(3):
        thing = policies.update(thing, document=other(number))
    iam.ask("set_default_policy_version", PolicyArn=thing.id, VersionId="v1")
    for number in range(3, 6):
        thing = policies.update(thing, document=other(number))
    assert in_force(iam, thing.id) == other(5)
    assert sorted(versions(iam, thing.id)) == ["v3", "v4", "v5", "v6", "v7"]


def test_a_version_that_is_gone_already_is_not_the_policy(iam: Iam, policies: Stack) -> None:
    policy = policies.create(name="p", document=DOCUMENT)
    policy = policies.update(policy, name="p", document=other(1))
    gone = NotFound("There is no such version", code="NoSuchEntity")
    iam.answers["delete_policy_version"] = [gone]  # to a repeated call whose first answer got lost
    policies.delete(policy)
    assert not iam.ask("list_policies", Scope="Local")["Policies"]


def test_tags_change_in_place_and_those_of_others_stay(iam: Iam, policies: Stack) -> None:
    made = policies.create(document=DOCUMENT, tags={"team": "x", "env": "dev"})
    iam.ask("tag_policy", PolicyArn=made.id, Tags=[{"Key": "theirs", "Value": "1"}])
    policies.update(made, document=DOCUMENT, tags={"team": "y"})
    found = tags(iam, made.id)
    assert found.pop(MARK).startswith(OWNER)
    assert found == {"team": "y", "theirs": "1"}


def test_a_renamed_stack_rewrites_the_mark(iam: Iam, policies: Stack) -> None:
    made = policies.create(document=DOCUMENT)
    stack = "acme/shop/prod/nightly:0a1b2c"
    policies.update(made, document=DOCUMENT, __owner=stack)
    assert tags(iam, made.id)[MARK] == f"{stack}@{made.outputs['__incarnation']}"


def test_a_policy_of_another_is_not_touched(iam: Iam, policies: Stack) -> None:
    arn = iam.policy("p")
    with pytest.raises(NotOwned, match="does not carry our mark"):
        policies.create(name="p", document=DOCUMENT)
    assert in_force(iam, arn) != DOCUMENT


def test_a_name_used_under_another_path_is_told(iam: Iam, policies: Stack) -> None:
    iam.answers["create_policy"] = [ApiError("exists", status=409, code="EntityAlreadyExists")]
    with pytest.raises(NotOwned, match="under another path than /b/"):
        policies.create(name="p", path="/b/", document=DOCUMENT)


def test_adoption_mends_the_policy_and_delete_spares_it(iam: Iam, policies: Stack) -> None:
    first = policies.create(name="p", document=other(1))
    second = policies.create(name="p", document=DOCUMENT, tags={"team": "x"})
    assert first.outputs["__incarnation"] != second.outputs["__incarnation"]
    assert policies.refresh(second) == second
    policies.delete(first)
    assert in_force(iam, second.id) == DOCUMENT
    policies.delete(second)
    assert policies.refresh(second) is None
    policies.delete(second)


def test_a_policy_in_use_names_who_uses_it(iam: Iam, policies: Stack) -> None:
    made = policies.create(name="p", document=DOCUMENT)
    policies.update(made, document=other(1), name="p")
    iam.ask("create_user", UserName="velero")
    iam.ask("attach_user_policy", UserName="velero", PolicyArn=made.id)
    iam.ask("create_group", GroupName="ops")
    iam.ask("attach_group_policy", GroupName="ops", PolicyArn=made.id)
    with pytest.raises(Blocked, match="attached to the user velero, the group ops, so it is not"):
        policies.delete(made)
    assert len(versions(iam, made.id)) == 2  # nothing is undone before all is asked
    iam.ask("detach_user_policy", UserName="velero", PolicyArn=made.id)
    iam.ask("detach_group_policy", GroupName="ops", PolicyArn=made.id)
    policies.delete(made)
    assert policies.refresh(made) is None


def test_who_uses_a_policy_may_take_pages(iam: Iam, policies: Stack) -> None:
    made = policies.create(name="p", document=DOCUMENT)
    iam.answers["list_entities_for_policy"] = [
        {"PolicyUsers": [{"UserName": "a"}], "IsTruncated": True, "Marker": "m"},
        {"PolicyRoles": [{"RoleName": "b"}], "IsTruncated": False},
    ]
    with pytest.raises(Blocked, match="the user a, the role b"):
        policies.delete(made)


def test_a_look_up_by_arn_tells_what_is_there(iam: Iam, policies: Stack) -> None:
    made = policies.create(name="p", path="/b/", document=DOCUMENT, tags={"team": "x"})
    state = policies.lifecycle.read(made.id, {"__owner": OWNER})
    assert state
    found = state.model_dump()
    assert (found["name"], found["path"], found["arn"]) == ("p", "/b/", made.id)
    assert (found["document"], found["tags"]) == (DOCUMENT, {"team": "x"})


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(2))
def test_a_run_killed_at_any_call_is_mended_by_the_next(iam: Iam, when: str, index: int) -> None:
    setattr(iam, when, index)
    with pytest.raises(Killed):
        Stack(PolicyHandler).create(name="p", document=DOCUMENT)
    assert len(iam.calls) == index + 1
    setattr(iam, when, None)
    policies = Stack(PolicyHandler)
    made = policies.create(name="p", document=DOCUMENT)
    assert policies.refresh(made) == made
    assert versions(iam, made.id) == ["v1"]
