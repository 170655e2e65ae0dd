"""A location on AWS whose key rotates, and what its tests ask of it."""

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

PROGRAM = """\
nightly = AwsBackupLocation(
    "nightly",
    AwsBackupLocationArgs(
        region="us-east-1",
        rotate_after=config.get_int("rotate_after"),
        rotation=config.get("rotation"),
        retire_after=config.get_int("retire_after"),
    ),
)
pulumi.export("key", nightly.credential_id)
"""
KEY, OLD, LOCATION = "aws:AccessKey", "aws:RetiringKey", "palette:BackupLocation"


class Nightly:
    """One location on its stack, and the keys that it had."""

    def __init__(self, stack: Stack, control: Control, aws: AwsInspector) -> None:
        self.stack, self.control, self.aws = stack, control, aws
        stack.program(PROGRAM)
        stack.up()

    def held(self) -> tuple[str, str]:
        """What Palette holds, which has to work at any time."""
        (location,) = self.control.locations()
        config = location["body"]["spec"]["config"]
        keys = config["credentials"]["accessKey"], config["credentials"]["secretKey"]
        self.aws.can_back_up(keys, config["bucketName"])
        return keys

    def works(self, keys: tuple[str, str]) -> bool:
        (bucket,) = self.aws.buckets()
        try:
            self.aws.can_back_up(keys, bucket)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidAccessKeyId"
            return False
        return True

    def keys(self) -> set[str]:
        (user,) = self.aws.users()
        return set(self.aws.keys(user))

    def planned(self) -> dict[str, str]:
        """What a preview plans, by type."""
        steps = self.stack.steps()
        kinds = {urn.split("::")[0].rpartition("/")[2]: s["op"] for urn, s in steps.items()}
        return {kind: op for kind, op in kinds.items() if ":" in kind}

    def gone(self) -> None:
        self.stack.destroy()
        assert not self.control.locations()
        assert self.aws.nothing_left()


@pytest.fixture
def nightly(stack: Stack, control: Control, aws: AwsInspector) -> Nightly:
    return Nightly(stack, control, aws)
