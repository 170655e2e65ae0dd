"""A secret of the program, in whatever field: in no message, and in state only encrypted."""

from tests.sandbox.aws.inspector import OTHER, AwsInspector
from tests.sandbox.stack import Stack

NAME, TEAM = "pl4nted-name-of-a-bucket", "Pl4nted-team-of-nobody"
PROGRAM = """\
aws.Bucket("nightly", aws.BucketArgs(
    region="eu-west-1", {}tags={{"team": pulumi.Output.secret({!r}), "shown": "platform"}}))
"""


def test_a_secret_in_an_ordinary_field(stack: Stack, aws: AwsInspector) -> None:
    stack.program(PROGRAM.format(f"name=pulumi.Output.secret('{NAME}/'), ", TEAM))
    assert "name: '[secret]' is not allowed" in stack.preview(ok=False).errors
    aws.client("s3", who=OTHER).create_bucket(Bucket=NAME)
    stack.program(PROGRAM.format(f"name=pulumi.Output.secret('{NAME}'), ", TEAM))
    assert "The bucket name [secret] is taken by another AWS account" in stack.up(ok=False).errors
    stack.program(PROGRAM.format("", TEAM))
    stack.up()
    stack.unchanged()
    (bucket,) = [r for r in stack.resources() if r["type"].endswith("aws:Bucket")]
    for kept in (bucket["inputs"], bucket["outputs"]):
        assert kept["__sealed"] == [["tags", "team"]]
        assert kept["tags"]["shown"] == "platform"
    stack.destroy()
    for where, text in stack.stored():
        if not where.endswith(("__main__.py", ".pyc")):
            assert NAME not in text and TEAM not in text, where
    assert aws.buckets() == []
