"""What the credentials in use lack is told by AWS as it would refuse it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.clients.aws.client import AwsClient
from palette_backup_provider.clients.aws.permissions import STATEMENTS, permissions
from palette_backup_provider.core.errors import ApiError
from palette_backup_provider.core.permissions import Permissions
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.sandbox.aws.service import ACCOUNT
from palette_backup_provider.sandbox.run import Sandbox
from tests.unit.sandbox.aws.visitor import AwsVisitor
from tests.unit.sandbox.visitor import allow, policy

BY_NAME = {one.name: one for one in STATEMENTS}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(["aws"]) as sandbox:
        yield sandbox


@pytest.fixture
def visitor(running: Sandbox) -> AwsVisitor:
    visitor = AwsVisitor(running)
    assert visitor.control("POST", "reset").status_code == 204
    return visitor


def client(visitor: AwsVisitor, *keys: str) -> AwsClient:
    names = ("aws:accessKey", "aws:secretKey", "aws:token")
    url = visitor.env["AWS_ENDPOINT_URL"]
    config = {
        **dict(zip(names, keys, strict=False)),
        "aws:region": "us-east-1",
        "aws:endpoints": json.dumps([{"iam": url, "s3": url, "sts": url}]),
    }
    return AwsClient.connect(Settings(config.get, {}))


def asked(visitor: AwsVisitor, *names: str, without: str = "", on: str = "*") -> Permissions:
    """The permissions of a user who has these statements without one action."""
    actions = [a for name in names for a in BY_NAME[name].actions if a != without]
    return permissions(client(visitor, *visitor.new_user("u", allow(*actions, on=on))))


def lacking(found: Permissions) -> dict[str, tuple[str, ...]]:
    return {one.statement.name: one.missing for one in found.lacking}


def test_all_of_the_document_is_enough(visitor: AwsVisitor) -> None:
    found = asked(visitor, *BY_NAME)
    assert not found.lacking and not found.unclear and not found.left_out


def test_one_that_is_missing_is_named_with_its_statement(visitor: AwsVisitor) -> None:
    found = asked(visitor, *BY_NAME, without="iam:DeleteAccessKey")
    assert lacking(found) == {"UserAndKey": ("iam:DeleteAccessKey",)}
    assert found.lacking[0].statement.where == "statement UserAndKey of docs/permissions/aws.json"


def test_a_statement_for_what_is_not_used_may_be_left_out(visitor: AwsVisitor) -> None:
    found = asked(visitor, "Bucket", "Policy", "UserAndKey", "Doctor")
    assert not found.lacking
    left_out = [one.statement.only_for for one in found.left_out]
    assert left_out == ["force_destroy=True", "AwsStsBackupLocation"]


def test_of_user_and_role_it_takes_one(visitor: AwsVisitor) -> None:
    found = asked(visitor, "Bucket", "Policy", "ForceDestroy", "Doctor", without="iam:GetRole")
    assert lacking(found).keys() == {"UserAndKey", "RoleForAwsStsBackupLocation"}


def test_a_policy_may_allow_certain_names_only(visitor: AwsVisitor) -> None:
    kinds = ("policy", "role", "user")
    own = ["arn:aws:s3:::team-*", *(f"arn:aws:iam::{ACCOUNT}:{kind}/team-*" for kind in kinds)]
    simulate = allow("iam:SimulatePrincipalPolicy")
    actions = [action for one in STATEMENTS for action in one.actions]
    aws = client(visitor, *visitor.new_user("u", allow(*actions, on=own), simulate))
    assert not permissions(aws, "team-nightly").lacking
    assert lacking(permissions(aws)).keys() >= {"Bucket", "Policy"}


def test_without_the_right_to_simulate_it_cannot_be_told(visitor: AwsVisitor) -> None:
    found = asked(visitor, *BY_NAME, without="iam:SimulatePrincipalPolicy")
    assert not found.lacking and len(found.unclear) == 5
    why = found.unclear[0].unclear
    assert "Allow iam:SimulatePrincipalPolicy (statement Doctor of docs/permissions/aws.json" in why


def test_a_condition_that_a_call_alone_can_meet_is_told(visitor: AwsVisitor) -> None:
    here = {
        **allow("s3:*"),
        "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
    }
    keys = visitor.new_user("u", here, allow("iam:*"))
    found = permissions(client(visitor, *keys))
    assert not found.lacking
    assert [one.statement.name for one in found.unclear] == ["Bucket", "ForceDestroy"]
    assert "palette-backup-doctor it depends on aws:RequestedRegion." in found.unclear[0].unclear


def session(visitor: AwsVisitor, *actions: str) -> tuple[str, ...]:
    """The keys of a session of a role with a path."""
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    iam = visitor.aws("iam")
    made = iam.create_role(RoleName="r", Path="/team/", AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy(allow(*actions)))
    found = visitor.aws("sts").assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="me")
    return tuple(
        found["Credentials"][k] for k in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    )


def test_a_session_has_what_its_role_has(visitor: AwsVisitor) -> None:
    names = ("Policy", "Doctor", "RoleForAwsStsBackupLocation")
    keys = session(visitor, "s3:*", *(a for name in names for a in BY_NAME[name].actions))
    found = permissions(client(visitor, *keys))
    assert not found.lacking
    assert [one.statement.name for one in found.left_out] == ["UserAndKey"]


def test_the_path_of_a_role_may_be_unknown(visitor: AwsVisitor) -> None:
    keys = session(visitor, "iam:SimulatePrincipalPolicy")
    found = permissions(client(visitor, *keys))
    assert "A role's path is told with iam:GetRole" in found.unclear[0].unclear


@pytest.mark.parametrize(
    ("who", "unclear"),
    [("iam::123456789012:root", 0), ("sts::123456789012:federated-user/me", len(STATEMENTS))],
)
def test_who_has_no_policies_of_its_own_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch, who: str, unclear: int
) -> None:
    aws = AwsClient(region="us-east-1", profile=None)
    monkeypatch.setattr(aws, "arn", lambda: f"arn:aws:{who}")
    found = permissions(aws)
    assert not found.lacking and len(found.unclear) == unclear


@pytest.mark.parametrize("who", ["iam::123456789012:user/u", "sts::123456789012:assumed-role/r/s"])
def test_what_is_no_refusal_is_raised(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    def throttled(*_: Any, **__: Any) -> Any:
        raise ApiError("Rate exceeded", status=400, code="Throttling")

    aws = AwsClient(region="us-east-1", profile=None)
    monkeypatch.setattr(aws, "arn", lambda: f"arn:aws:{who}")
    monkeypatch.setattr(aws, "account", lambda: ACCOUNT)
    monkeypatch.setattr(aws, "call", throttled)
    with pytest.raises(ApiError, match="Rate exceeded"):
        permissions(aws)
