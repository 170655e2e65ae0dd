"""`pulumi import` on the real engine: it takes what is no change for the next preview."""

import pytest
import yaml

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.native.aws.test_life import PROGRAM
from tests.sandbox.native.yaml_stack import YamlStack

PARTS = ("bucket", "policy", "user")
MADE = yaml.safe_load(PROGRAM)["resources"]


def program(**named: str) -> str:
    """The three resources, with the names that they are given."""
    resources = {
        part: {
            **MADE[part],
            "properties": {
                **MADE[part]["properties"],
                **({"name": named[part]} if part in named else {}),
            },
        }
        for part in PARTS
    }
    config = {"team": {"default": "storage"}}
    return yaml.safe_dump({"config": config, "resources": resources})


@pytest.mark.stress
def test_an_import_is_no_change_and_is_marked_before_it_is_deleted(
    yaml_stack: YamlStack, aws: AwsInspector
) -> None:
    stack = yaml_stack
    stack.program(program())
    stack.up()
    made = {one["urn"].rpartition("::")[2]: one for one in stack.resources()}
    for part in reversed(PARTS):
        stack.run("state", "delete", made[part]["urn"], "--yes")
    usual = {
        "bucket": f"arn:aws:s3:::{made['bucket']['id']}",
        "policy": made["policy"]["outputs"]["name"],
        "user": made["user"]["outputs"]["arn"],
    }
    for part, id in usual.items():
        stack.run("import", MADE[part]["type"], part, id, "--yes", "--protect=false")
    assert {one["id"] for one in stack.resources()} == {one["id"] for one in made.values()}
    stack.program(program(**{part: made[part]["outputs"]["name"] for part in PARTS}))
    stack.preview("--expect-no-changes")
    assert "marked for this state anew" in stack.up("--refresh").text
    stack.settled()

    iam, user = aws.client("iam"), made["user"]["id"]
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    told = stack.run("import", "palette-backup:aws:AccessKey", "key", key, "--yes", ok=False)
    assert "cannot be imported: what is secret of a credential is shown once" in told.text
    iam.delete_access_key(UserName=user, AccessKeyId=key)
    stack.destroy()
    assert aws.nothing_left()
