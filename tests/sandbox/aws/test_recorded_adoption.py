"""The preview of an adoption that tests/unit/review renders is what the engine makes today."""

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.aws.by_hand import key
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.by_hand import Console, s3
from tests.sandbox.recorded import Record, record
from tests.sandbox.stack import Stack

__all__ = ["record"]


def test_an_adoption_is_recorded_as_it_is(
    running: Sandbox, aws: AwsInspector, stack: Stack, record: Record
) -> None:
    aws.client("s3").create_bucket(Bucket="theirs")
    access_key, secret_key = key(aws, "their-user")
    stack.set("key", secret_key, "--secret")
    stack.transcript.clear()  # the command that set it
    uid = Console(running).register("By hand", **s3("theirs", access_key, secret_key))
    stack.program(
        f"""\
        palette.BackupLocation("nightly", name="By hand", adopt={uid!r}, storage=palette.S3(
            bucket="theirs", region="us-east-1", force_path_style=True,
            credentials=palette.StaticCredentials(
                access_key={access_key!r}, secret_key=config.require_secret("key"))))
        """
    )
    record("adoption")
