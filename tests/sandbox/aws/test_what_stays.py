"""What an update leaves as it is, a preview does not show as unknown: what is previewed is run."""

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

KEY = "aws:AccessKey"
PROGRAM = """\
AwsBackupLocation("{name}", AwsBackupLocationArgs(region="us-east-1", rotation=config.get("r")),
    pulumi.ResourceOptions(aliases=[pulumi.Alias(name="nightly")]))
"""


def planned(stack: Stack, *flags: str) -> dict[str, str]:
    """What a preview plans of our resources, by type."""
    steps = {urn: s["op"] for urn, s in stack.steps(*flags).items() if s["op"] != "refresh"}
    return {
        u.partition("::")[0].rpartition("/")[2]: op for u, op in steps.items() if "dynamic" in u
    }


def test_of_a_key_that_is_put_right_or_renamed_the_location_keeps_its_storage(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    stack.program(PROGRAM.format(name="nightly"))
    stack.up()
    stack.set("r", "one")
    stack.up()
    (user,) = aws.users()
    (location,) = control.locations()
    key = location["body"]["spec"]["config"]["credentials"]["accessKey"]
    iam = aws.client("iam")
    iam.update_access_key(UserName=user, AccessKeyId=key, Status="Inactive")

    assert planned(stack, "--refresh") == {KEY: "update"}
    assert stack.up("--refresh").changes["updated"] == 1
    stack.unchanged()

    stack.program(PROGRAM.format(name="weekly"))
    shown = stack.preview("--diff").text
    assert "nightly is called weekly now: the marks of what it made change, in place." in shown
    assert "[unknown]" not in shown, shown
    assert "~ " not in shown.replace("~ pulumi-python", "").replace("~ 6 to", ""), shown
    assert set(planned(stack).values()) == {"update"}
    stack.up()
    stack.unchanged()
    (same,) = control.locations()
    assert same["uid"] == location["uid"] and len(aws.keys(user)) == 2
