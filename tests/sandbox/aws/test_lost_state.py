"""The way back from a lost state file, of locations on AWS that are in use."""

from typing import Any

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.stack import Stack

PROGRAM = """\
keyed = AwsBackupLocation("keyed", AwsBackupLocationArgs(region="us-east-1"))
keyless = AwsStsBackupLocation("keyless", AwsStsBackupLocationArgs(region="us-east-1"))
for name, made in {"keyed": keyed, "keyless": keyless}.items():
    pulumi.export(f"{name} uid", made.location_uid)
    pulumi.export(f"{name} bucket", made.bucket_name)
    pulumi.export(f"{name} policy", made.policy_arn)
pulumi.export("user", keyed.user_name)
pulumi.export("role", keyless.role_arn)
"""


def shape(location: dict[str, Any]) -> Any:
    """A location without what may differ: the mark, and the key that was made anew."""
    body = location["body"]
    body["metadata"].pop("annotations")
    credentials = body["spec"]["config"]["credentials"]
    return (
        {**location, "body": body},
        credentials.pop("accessKey", None),
        credentials.pop("secretKey", None),
    )


def test_what_is_in_use_is_taken_over_when_its_user_says_so(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    stack.program(PROGRAM)
    stack.up()
    before, outputs = control.locations(), stack.outputs()
    for name in ("keyed", "keyless"):
        bucket, uid = outputs[f"{name} bucket"], outputs[f"{name} uid"]
        aws.client("s3").put_object(Bucket=bucket, Key="backups/one", Body=b"data")
        clusters = [{"kind": "spectrocluster", "name": "prod", "uid": "1"}]
        control.post("clusters", {"uid": uid, "clusters": clusters})
    (old,) = aws.keys(outputs["user"])

    stack.begin()
    refused = stack.up(ok=False).errors
    assert "exists already: another state of this stack (begun on " in refused
    assert "`pulumi config set palette:recover true`" in refused

    stack.set("palette:recover", "true")
    stack.up()
    stack.unset("palette:recover")
    stack.unchanged()
    assert stack.outputs() == outputs
    after = control.locations()
    keys = {}
    for was, now in zip(before, after, strict=True):
        (same, *_), (found, *keys[now["uid"]]) = shape(was), shape(now)
        assert found == same
    key, secret = keys[outputs["keyed uid"]]
    assert sorted(aws.keys(outputs["user"])) == sorted([old, key])
    objects = aws.client("s3", (key, secret)).list_objects_v2(Bucket=outputs["keyed bucket"])
    assert [found["Key"] for found in objects["Contents"]] == ["backups/one"]
    assert len(aws.buckets()) == len(aws.policies()) == 2


def test_a_location_stays_with_its_backups_when_names_have_changed(
    stack: Stack, control: Control
) -> None:
    stack.program(PROGRAM)
    stack.up()
    stack.run("stack", "rename", "prod")
    stack.call("prod")
    stack.up()
    before = control.locations()
    stack.begin()
    stack.set("palette:recover", "true")
    refused = stack.up(ok=False).errors
    kept = "({}), which this stack made, has its backups in"
    assert any(kept.format(location["uid"]) in refused for location in before)
    assert control.locations() == before
