"""A bucket that holds data does not go by accident, and a preview says so."""

from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.control import Control
from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack

PROGRAM = 'AwsBackupLocation("nightly", AwsBackupLocationArgs({}))'
HERE, THERE = 'region="us-east-1"', 'region="eu-west-1"'
RETAIN = 'replace_with_data="retain"'


def use(stack: Stack, *arguments: str) -> None:
    stack.program(PROGRAM.format(", ".join(arguments)))


def test_a_bucket_with_data_is_kept_when_it_is_replaced(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    use(stack, HERE)
    stack.up()
    (old,) = aws.buckets()
    aws.client("s3").put_object(Bucket=old, Key="backups/one", Body=b"data")

    use(stack, THERE)
    told(stack.preview(ok=False), f"The bucket {old} holds 1 object", "replace_with_data='retain'")

    use(stack, HERE, RETAIN)
    stack.up()
    use(stack, THERE, RETAIN)
    announced = f"a new bucket replaces {old}, which is kept, out of this stack's state"
    assert announced in stack.preview().text
    assert aws.buckets() == [old]

    done = stack.up()
    assert f"nightly: the bucket {old} is kept, as it holds 1 object." in done.text
    assert f"existing_bucket='{old}'" in done.text
    (new,) = set(aws.buckets()) - {old}
    assert old not in [resource["id"] for resource in stack.resources()]
    (location,) = control.locations()
    assert location["body"]["spec"]["config"]["bucketName"] == new

    stack.destroy()
    assert aws.buckets() == [old]
    found = aws.client("s3").get_object(Bucket=old, Key="backups/one")
    assert found["Body"].read() == b"data"
