"""`pulumi import` on the real engine: it takes what is no change for the next preview."""

from typing import Any

import pytest
import yaml

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.native.aws.test_life import PROGRAM
from tests.sandbox.native.yaml_stack import COMMAND, YamlStack

PARTS = ("bucket", "policy", "user")
MADE = yaml.safe_load(PROGRAM)["resources"]
IN_PYTHON = """\
name: lifecycle
runtime: {name: python, options: {toolchain: pip, virtualenv: venv}}
"""
OLD_HOST = "GeneratePackage not implemented"
"""It generates no SDK for a program to import."""


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


def forgotten(stack: YamlStack) -> dict[str, dict[str, Any]]:
    """The three resources, which are there and in no state any more."""
    stack.program(program())
    stack.up()
    made = {one["urn"].rpartition("::")[2]: one for one in stack.resources()}
    for part in reversed(PARTS):
        stack.run("state", "delete", made[part]["urn"], "--yes")
    return made


def usual(made: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What people call each."""
    return {
        "bucket": f"arn:aws:s3:::{made['bucket']['id']}",
        "policy": made["policy"]["outputs"]["name"],
        "user": made["user"]["outputs"]["arn"],
    }


@pytest.mark.stress
def test_an_import_is_no_change_and_is_marked_before_it_is_deleted(
    yaml_stack: YamlStack, aws: AwsInspector
) -> None:
    stack = yaml_stack
    made = forgotten(stack)
    for part, id in usual(made).items():
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


@pytest.mark.stress
def test_a_printed_program_in_python_is_no_change(yaml_stack: YamlStack, aws: AwsInspector) -> None:
    stack = yaml_stack
    made = forgotten(stack)
    (stack.home / "Pulumi.yaml").write_text(IN_PYTHON)
    (stack.home / "requirements.txt").write_text("pulumi\n")
    stack.write("")
    added = stack.run("package", "add", str(stack.plugin / COMMAND), ok=None).text
    if OLD_HOST in added:
        pytest.skip("the Python host of this engine generates no SDK; a release's does")
    printed = ""
    for part, id in usual(made).items():
        flags = ("--yes", "--protect=false", "--out", f"{part}.txt")
        stack.run("import", MADE[part]["type"], part, id, *flags)
        printed += (stack.home / f"{part}.txt").read_text()
    assert "import palette_backup_provider_palette_backup as palette_backup" in printed
    stack.write(printed)
    stack.preview("--expect-no-changes")
    stack.up("--refresh")
    stack.settled()
    stack.destroy("--target", stack.urn("aws:User"))  # the program names the policy by its ARN
    stack.destroy()
    assert aws.nothing_left()
