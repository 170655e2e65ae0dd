"""The life of a location on AWS, as pictures of terminals show it."""

from collections.abc import Iterator

from palette_backup_provider.sandbox.run import Sandbox
from tests.contract.blocks import blocks
from tests.pictures.shown import Shown, run
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.stack import Stack

VOLATILE = {r"\bAKIA[A-Z0-9]{16}\b": "access-key-1"}


def terminals(stack: Stack, sandbox: Sandbox) -> Iterator[Shown]:
    """From its first preview on: created, refused, rotated, and asked about."""
    program = next(
        block.text
        for block in blocks()
        if block.where.startswith("docs/first/aws.md") and "import pulumi" in block.text
    )
    stack.write(program)
    yield run(stack, "preview", "pulumi preview")
    yield run(stack, "up", "pulumi up --yes --skip-preview")
    aws = AwsInspector(sandbox.env)
    (bucket,) = aws.buckets()
    aws.client("s3").put_object(Bucket=bucket, Key="backups/monday", Body=b"-")
    stack.write(program.replace("eu-west-1", "us-west-2"))
    yield run(stack, "refused", "pulumi preview")
    stack.write(program.replace("is_default", 'rotation="now",\n    is_default'))
    yield run(stack, "diff", "pulumi preview --json | palette-backup diff --format text")
    aws.client("s3").delete_public_access_block(Bucket=bucket)
    stack.set("palette:project", "Defualt")
    yield run(stack, "doctor", "palette-backup doctor")
