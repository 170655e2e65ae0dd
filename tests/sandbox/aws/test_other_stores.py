"""A location on a store that speaks S3 and is not AWS, by `palette.S3` with `url`."""

from collections.abc import Iterator
from typing import Any

import pytest

from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.aws.inspector import AwsInspector
from tests.sandbox.by_hand import Console, s3
from tests.sandbox.control import Control
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack
from tests.unit.clients.aws.trials import StoreOfChunks
from tests.unit.clients.small_store import small_store

PROGRAM = """\
palette.BackupLocation("nightly", palette.BackupLocationArgs(
    name="nightly", {more}
    storage=palette.S3(bucket="theirs", region={region!r}, url={url!r},
        credentials=palette.StaticCredentials(
            access_key={key[0]!r}, secret_key=config.require_secret("key")))))
"""
VALIDATE = "POST /v1/clouds/aws/s3/validate"
LEFT_OVER = {
    "AWS_PROFILE": "leftover",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1",
    "AWS_REGION": "ap-south-1 ",
    "AWS_SESSION_TOKEN": "of-another-key",
}


def program(stack: Stack, key: tuple[str, str], **given: Any) -> None:
    stack.set("key", key[1], "--secret")
    stack.transcript.pop()
    stack.program(PROGRAM.format(**{"region": "us-east-1", "more": "", "key": key, **given}))


@pytest.fixture
def theirs() -> Iterator[dict[str, Any]]:
    """Endpoint and key of a store which Palette cannot judge."""
    with small_store(kind=StoreOfChunks) as store:
        yield {"url": store.url, "key": ("GK0123456789", "a-secret-of-theirs")}


def test_another_region_than_the_store_s_is_refused_and_named(
    stack: Stack, control: Control
) -> None:
    with small_store(kind=StoreOfChunks) as store:
        scope = "unexpected scope: d/{0}/s3/aws4_request, expected: d/garage/s3/aws4_request"
        store.refuse = lambda call: (
            None
            if call.region == "garage"
            else (400, "AuthorizationHeaderMalformed", scope.format(call.region), {})
        )
        key = "GK0123456789", "a-secret-of-theirs"
        program(stack, key, url=store.url)
        refused = f"{store.url} refused s3:put_object on theirs (AuthorizationHeaderMalformed)"
        told(stack.up(ok=False), refused, "Set region to 'garage'.")
        assert not control.locations()
        program(stack, key, url=store.url, region="garage")
        stack.up()
        assert len(control.locations()) == 1


def test_palette_is_not_asked_of_what_it_cannot_judge(
    stack: Stack, running: Sandbox, control: Control, theirs: dict[str, Any]
) -> None:
    stack.environment = {**stack.environment, "PALETTE_DEEP_REFRESH": "true"}
    change(stack, **LEFT_OVER)
    program(stack, **theirs)
    stack.up()
    stack.destroy()
    config = s3("theirs", *theirs["key"], s3Url=theirs["url"], s3ForcePathStyle=True)
    uid = Console(running).register("nightly", **config)
    program(stack, **theirs, more=f"adopt={uid!r},")
    stack.up()
    program(stack, **theirs, more='labels={"team": "storage"},')
    assert stack.up().changes["updated"] == 1
    stack.refresh("--expect-no-changes")
    assert VALIDATE not in control.get("calls")["palette"]


def test_given_keys_need_no_profile_on_aws_either(
    stack: Stack, control: Control, aws: AwsInspector
) -> None:
    env = stack.environment
    aws.client("s3").create_bucket(Bucket="theirs")
    change(stack, **LEFT_OVER)
    program(stack, (env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]), url=None)
    stack.up()
    assert len(control.locations()) == 1 and VALIDATE in control.get("calls")["palette"]


def test_a_store_without_new_checksums_is_told_as_such(stack: Stack, control: Control) -> None:
    with small_store(kind=StoreOfChunks) as store:
        store.refuse = lambda call: (
            (400, "XAmzContentSHA256Mismatch", "No.", {}) if call.checksum else None
        )
        program(stack, ("AKIAEXAMPLE", "a-secret-of-theirs"), url=store.url)
        told(
            stack.up(ok=False),
            f"{store.url} refused s3:put_object on theirs (XAmzContentSHA256Mismatch)",
            "This store is not AWS, and checksums are the cause",
            "Velero's plugin for AWS sends them too, from 1.9.1 on",
        )
    assert not control.locations()
