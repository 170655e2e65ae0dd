"""IAM in the sandbox tells what policies allow, judged by boto3, and enforces just that."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from palette_backup_provider.sandbox.aws.service import ACCOUNT
from tests.unit.sandbox.aws.visitor import AwsVisitor
from tests.unit.sandbox.visitor import allow, policy

IAM = f"arn:aws:iam::{ACCOUNT}"
USER = f"{IAM}:user/u"
MADE = f"{IAM}:user/backup-1"


def simulated(
    visitor: AwsVisitor, *actions: str, of: str = USER, on: tuple[str, ...] = (MADE,), **more: Any
) -> dict[str, str]:
    answer = visitor.aws("iam").simulate_principal_policy(
        PolicySourceArn=of, ActionNames=actions, ResourceArns=on, **more
    )
    return {one["EvalActionName"]: one["EvalDecision"] for one in answer["EvaluationResults"]}


def test_it_tells_what_is_allowed_denied_and_on_what(visitor: AwsVisitor) -> None:
    deny = {"Effect": "Deny", "Action": "iam:DeleteUser", "Resource": "*"}
    visitor.new_user("u", allow("iam:*User", on=f"{IAM}:user/backup-*"), deny)
    assert simulated(visitor, "iam:CreateUser", "iam:DeleteUser", "iam:CreateRole") == {
        "iam:CreateUser": "allowed",
        "iam:DeleteUser": "explicitDeny",
        "iam:CreateRole": "implicitDeny",
    }
    other = f"{IAM}:user/other"
    assert simulated(visitor, "iam:CreateUser", on=(other,)) == {"iam:CreateUser": "implicitDeny"}
    (both,) = visitor.aws("iam").simulate_principal_policy(
        PolicySourceArn=USER, ActionNames=["iam:CreateUser"], ResourceArns=[MADE, other]
    )["EvaluationResults"]
    assert both["EvalDecision"] == "implicitDeny"
    decisions = [one["EvalResourceDecision"] for one in both["ResourceSpecificResults"]]
    assert decisions == ["allowed", "implicitDeny"]


def test_it_is_what_is_enforced(visitor: AwsVisitor) -> None:
    keys = visitor.new_user("u", allow("iam:CreateUser", on=f"{IAM}:user/backup-*"))
    iam = visitor.aws("iam", keys)
    iam.create_user(UserName="backup-1")
    with pytest.raises(ClientError, match="no identity-based policy allows the iam:CreateUser"):
        iam.create_user(UserName="other")
    with pytest.raises(ClientError, match=f"iam:GetUser on resource: {USER} because"):
        iam.get_user()


def test_policies_of_groups_and_managed_ones_count(visitor: AwsVisitor) -> None:
    iam = visitor.aws("iam")
    visitor.new_user("u")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="u")
    iam.put_group_policy(
        GroupName="g", PolicyName="p", PolicyDocument=policy(allow("s3:GetObject"))
    )
    made = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow("s3:PutObject")))
    iam.attach_group_policy(GroupName="g", PolicyArn=made["Policy"]["Arn"])
    told = {"s3:GetObject": "allowed", "s3:PutObject": "allowed"}
    on = ("arn:aws:s3:::b/k",)
    assert simulated(visitor, *told, on=on) == told
    assert simulated(visitor, *told, of=f"{IAM}:group/g", on=on) == told


def test_a_role_is_asked_for_and_no_session_of_it(visitor: AwsVisitor) -> None:
    iam = visitor.aws("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName="r", Path="/team/", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy(allow("iam:*")))
    told = {"iam:CreateUser": "allowed"}
    assert simulated(visitor, *told, of=f"{IAM}:role/team/r") == told
    for arn, said in (
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/r/me", "does not clearly define entity type"),
        (f"{IAM}:root", "does not clearly define entity type"),
        (f"{IAM}:role/missing", "The role with name missing cannot be found."),
        (f"{IAM}:role/r", "The role with name r cannot be found."),
    ):
        with pytest.raises(ClientError, match=said):
            simulated(visitor, "iam:CreateUser", of=arn)


def test_it_comes_in_pages(visitor: AwsVisitor) -> None:
    visitor.new_user("u", allow("iam:*"))
    actions = [f"iam:Do{number}" for number in range(150)]
    first = visitor.aws("iam").simulate_principal_policy(PolicySourceArn=USER, ActionNames=actions)
    assert first["IsTruncated"] and len(first["EvaluationResults"]) == 100
    pages = visitor.aws("iam").get_paginator("simulate_principal_policy")
    found = pages.paginate(
        PolicySourceArn=USER, ActionNames=actions, PaginationConfig={"PageSize": 40}
    )
    assert [one["EvalActionName"] for one in found.search("EvaluationResults")] == actions


def test_it_takes_a_right_of_its_own(visitor: AwsVisitor) -> None:
    ask = {"PolicySourceArn": USER, "ActionNames": ["iam:CreateUser"]}
    keys = visitor.new_user("u", allow("iam:CreateUser"))
    with pytest.raises(ClientError, match="allows the iam:SimulatePrincipalPolicy action"):
        visitor.aws("iam", keys).simulate_principal_policy(**ask)
    own = allow("iam:SimulatePrincipalPolicy", on=USER)
    visitor.aws("iam").put_user_policy(UserName="u", PolicyName="own", PolicyDocument=policy(own))
    visitor.aws("iam", keys).simulate_principal_policy(**ask)
    with pytest.raises(ClientError, match="signature we calculated does not match"):
        visitor.aws("iam", (keys[0], "wrong")).simulate_principal_policy(**ask)


def test_what_it_does_not_know_is_refused(visitor: AwsVisitor) -> None:
    visitor.new_user("u")
    with pytest.raises(ClientError, match="does not know CallerArn"):
        simulated(visitor, "iam:CreateUser", CallerArn=USER)
    with pytest.raises(ClientError, match="not in a valid ARN format: some-bucket"):
        simulated(visitor, "s3:ListBucket", on=("some-bucket",))
