"""Settings of Pulumi's AWS provider, on the real engine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from palette_backup_provider.sandbox.aws.service import ACCOUNT, OTHER_ACCOUNT
from tests.sandbox.aws.inspector import OTHER, AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack

PROGRAM = 'AwsBackupLocation("nightly", AwsBackupLocationArgs(region="us-east-1"))'


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@contextmanager
def role(aws: AwsInspector, name: str) -> Iterator[str]:
    """A role in the other account that may do everything, while it is needed."""
    iam = aws.client("iam", who=OTHER)
    trusts = {**EVERYTHING, "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    del trusts["Resource"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [trusts]})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    allow = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=allow)
    yield made["Arn"]
    iam.delete_role_policy(RoleName=name, PolicyName="all")
    iam.delete_role(RoleName=name)


def test_nothing_is_made_in_an_account_that_the_settings_forbid(
    stack: Stack, aws: AwsInspector, control: Control
) -> None:
    stack.program(PROGRAM)
    stack.set("aws:allowedAccountIds[0]", "999999999999", "--path")
    for command in (stack.preview, stack.up):
        told(
            command(ok=False),
            f"The AWS credentials in use belong to {ACCOUNT}",
            "aws:allowedAccountIds allows 999999999999 alone. Nothing is done there.",
        )
    assert aws.nothing_left() and not control.locations()
    stack.unset("aws:allowedAccountIds")
    stack.set("aws:forbiddenAccountIds[0]", ACCOUNT, "--path")
    told(stack.up(ok=False), "aws:forbiddenAccountIds forbids it")
    assert aws.nothing_left() and not control.locations()


def test_a_chain_of_roles_acts_where_it_leads(
    stack: Stack, aws: AwsInspector, control: Control
) -> None:
    stack.program(PROGRAM)
    with role(aws, "deployer") as arn:
        stack.set("aws:assumeRoles[0].roleArn", arn, "--path")
        stack.set("aws:assumeRoles[0].externalId", "an-id", "--path")
        stack.set("aws:allowedAccountIds[0]", OTHER_ACCOUNT, "--path")
        stack.set("aws:defaultTags.tags.team", "platform", "--path")
        stack.up()
        assert stack.made_under("aws") == {OTHER_ACCOUNT}
        there = aws.client("s3", who=OTHER)
        (bucket,) = [found["Name"] for found in there.list_buckets()["Buckets"]]
        tags = there.get_bucket_tagging(Bucket=bucket)["TagSet"]
        assert {"Key": "team", "Value": "platform"} in tags
        assert aws.nothing_left() and len(control.locations()) == 1
        stack.unchanged()
        stack.destroy()
        assert not there.list_buckets()["Buckets"]


def test_what_must_not_be_ignored_is_refused_and_what_is_ignored_is_told(stack: Stack) -> None:
    stack.program(PROGRAM)
    stack.set("aws:insecure", "true")
    stack.set("aws:regoin", "eu-west-1")
    run = stack.preview()
    line = "Settings without effect on what is made here: aws:insecure (Certificates are always "
    assert run.text.partition("Diagnostics:")[2].count(line) == 1
    assert "aws:regoin is no setting: do you mean aws:region?" in run.text
    stack.set("aws:tagPolicyCompliance", "error")
    told(stack.preview(ok=False), "aws:tagPolicyCompliance is set, and is not honoured here.")
