"""What a program that gives AWS's component wrong arguments is told."""

import pytest
from pulumi import RunError

from palette_backup_provider import AwsBackupLocation, AwsBackupLocationArgs
from tests.contract.test_every_way import refused


def test_all_that_is_wrong_is_told_at_once() -> None:
    args = AwsBackupLocationArgs(
        region="eu-west-1",
        existing_bucket="theirs",
        existing_user="them",
        versioning=True,
        tags={"a": "b"},
        policy_name="p",
    )
    with pytest.raises(RunError) as caught:
        AwsBackupLocation("nightly", args)
    assert str(caught.value).splitlines()[:-1] == [
        "nightly: policy_name: needs a user made here, and existing_user names an existing "
        "one. Leave out either.",
        "nightly: versioning, tags: these arguments need a bucket made here, and existing_bucket "
        "names an existing one. Leave out either.",
    ]


def test_all_mistakes_are_told_at_once() -> None:
    wrong = {"regoin": "a", "principals": ["b"], "identity": {"profil": "c"}}
    assert refused("AwsBackupLocation", **wrong) == [
        "regoin: is no argument of AwsBackupLocation. Did you mean region?",
        "principals: is an argument of AwsStsBackupLocation, not of AwsBackupLocation.",
        "identity.profil: is no argument of aws.Identity. Did you mean profile?",
    ]
