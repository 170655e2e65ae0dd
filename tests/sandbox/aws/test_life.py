"""The life of a backup location on AWS, from nothing to nothing."""

import pytest

from tests.sandbox.aws.components import AWS
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.component import access_key
from tests.sandbox.control import Control
from tests.sandbox.palette.inspector import Palette
from tests.sandbox.stack import Stack

ACCOUNT = "123456789012"


def test_a_first_preview_shows_names_arns_and_documents(stack: Stack) -> None:
    stack.program(AWS.program)
    planned = {
        urn.rpartition("::")[0].rpartition("/")[2]: step["newState"]["inputs"]
        for urn, step in stack.steps().items()
        if "dynamic" in urn
    }
    bucket, policy, user = (planned[f"aws:{kind}"] for kind in ("Bucket", "Policy", "User"))
    assert bucket["arn"] == f"arn:aws:s3:::{bucket['name']}"
    assert policy["arn"] == f"arn:aws:iam::{ACCOUNT}:policy/{policy['name']}"
    assert user["arn"] == f"arn:aws:iam::{ACCOUNT}:user/{user['name']}"
    assert user["policies"] == [policy["arn"]]
    assert f"{bucket['arn']}/*" in str(policy["document"])
    assert planned["aws:AccessKey"]["user"] == user["name"]
    location = planned["palette:BackupLocation"]
    assert location["storage"]["bucket"] == bucket["name"]
    assert location["name"].startswith("nightly-")
    assert location["project_uid"]


@pytest.mark.live("aws")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, aws: AwsInspector) -> None:
    stack.program(AWS.program)
    stack.up()
    outputs = stack.outputs()
    (location,) = palette.locations()
    assert outputs["uid"] == location["uid"]
    assert (outputs["name"], outputs["type"]) == (location["name"], "s3")
    assert outputs["bucket"] in aws.buckets()
    assert outputs["key"] == access_key(location)[0]
    AWS.works(palette, aws)
    stack.settled()
    stack.refresh()
    stack.unchanged()

    stack.set("team", "platform")
    steps = stack.steps()
    assert [s["op"] for s in steps.values()] == ["update"]
    stack.up()
    stack.unchanged()
    tags = aws.client("s3").get_bucket_tagging(Bucket=outputs["bucket"])["TagSet"]
    assert {"Key": "team", "Value": "platform"} in tags

    stack.set("region", "eu-west-1")
    stack.up()
    assert stack.outputs()["bucket"] != outputs["bucket"]
    assert stack.outputs()["uid"] == outputs["uid"]
    AWS.works(palette, aws)
    stack.unchanged()

    stack.destroy()
    assert not palette.locations()
    assert aws.nothing_left()


@pytest.mark.stress
def test_an_answer_that_got_lost_makes_no_second_location(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    stack.program(AWS.program)
    call = "POST /v1/users/assets/locations/s3"
    fault = {"service": "palette", "call": call, "fault": "status", "status": 503, "when": "after"}
    control.post("faults", [{**fault, "times": 1}])
    stack.up()
    AWS.works(control, aws)
    stack.unchanged()
    stack.destroy()


@pytest.mark.stress
def test_what_goes_in_a_run_that_refreshes_is_gone(
    stack: Stack, palette: Palette, aws: AwsInspector
) -> None:
    stack.program(AWS.program)
    stack.up()
    stack.set("region", "eu-west-1")
    stack.program(AWS.program.replace("tags=", 'project="team-a", tags='))
    stack.up("--refresh")  # the location is replaced, as its project is another
    AWS.works(palette, aws)
    stack.program("")
    stack.up("--refresh")
    assert not palette.locations()
    assert aws.nothing_left()


def test_what_goes_in_a_run_for_a_few_is_gone(
    stack: Stack, palette: Palette, aws: AwsInspector
) -> None:
    stack.program(AWS.program)
    stack.up()
    stack.destroy("--target", stack.urn("aws:Bucket"), "--target-dependents")
    assert not palette.locations()
    assert not aws.buckets()
    stack.destroy()
    assert aws.nothing_left()


@pytest.mark.live("aws")
def test_an_existing_object_is_never_changed_or_deleted(
    stack: Stack, palette: Palette, aws: AwsInspector
) -> None:
    with aws.bucket("their.bucket") as bucket, aws.user("their-user") as user:
        stack.program(
            f"""\
            theirs = AwsBackupLocation(own + "theirs", AwsBackupLocationArgs(
                region="us-east-1", existing_bucket="{bucket}", existing_user="{user}"))
            pulumi.export("statements", theirs.bucket_policy_statements)
            """
        )
        stack.up()
        stack.unchanged()
        (location,) = palette.locations()
        aws.can_back_up(access_key(location), bucket)
        theirs = f"arn:aws:iam::{aws.account()}:user/{user}"
        assert theirs in str(stack.outputs()["statements"])
        assert aws.policies() == []
        stack.destroy()
        assert aws.buckets() == [bucket]
        assert aws.users() == [user]
        assert aws.keys(user) == []


@pytest.mark.stress
def test_what_was_made_may_be_used_as_existing_later(
    stack: Stack, palette: Palette, aws: AwsInspector
) -> None:
    stack.program(AWS.program)
    stack.up()
    outputs = stack.outputs()
    stack.program(
        f"""\
        AwsBackupLocation("nightly", AwsBackupLocationArgs(
            region="us-east-1", existing_bucket="{outputs["bucket"]}",
            existing_policy="{outputs["policy"]}"))
        """
    )
    stack.up()
    stack.unchanged()
    AWS.works(palette, aws)
    stack.destroy()
    assert aws.buckets() == [outputs["bucket"]]
    assert [f":policy/{name}" in outputs["policy"] for name in aws.policies()] == [True]
    assert aws.users() == []
