"""The life of a backup location on MinIO, from nothing to nothing."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Control
from tests.sandbox.minio_cloud import MinioEyes
from tests.sandbox.palette_cloud import Palette
from tests.sandbox.stack import Stack

PROGRAM = """\
weekly = MinioBackupLocation(
    own + "weekly",
    MinioBackupLocationArgs(
        tags={"team": config.get("team") or "storage"},
        bucket_name=config.get("bucket"),
        secret_key=config.get_secret("secret"),
    ),
)
pulumi.export("uid", weekly.location_uid)
pulumi.export("name", weekly.location_name)
pulumi.export("type", weekly.location_type)
pulumi.export("bucket", weekly.bucket_name)
pulumi.export("policy", weekly.policy_name)
pulumi.export("user", weekly.user_name)
"""
TYPES = ["minio:Bucket", "minio:Policy", "minio:User", "palette:BackupLocation"]


def credential(location: dict[str, Any]) -> tuple[str, str]:
    keys = location["body"]["spec"]["config"]["credentials"]
    return keys["accessKey"], keys["secretKey"]


def works(palette: Palette, minio: MinioEyes) -> None:
    """Palette holds one location, whose credential does what Velero needs and nothing else."""
    (location,) = palette.locations()
    assert location["kind"] == "minio"
    config = location["body"]["spec"]["config"]
    assert config["s3ForcePathStyle"] is True
    minio.can_back_up(credential(location), config["bucketName"])
    with minio.bucket("somebody-elses") as other:
        minio.reaches_nothing_else(credential(location), other)
    assert len(minio.users()) == 1
    assert [len(minio.buckets()), len(minio.policies())] == [1, 1]


def test_a_first_preview_shows_names_and_documents(stack: Stack, minio: MinioEyes) -> None:
    stack.program(PROGRAM)
    planned = {
        urn.rpartition("::")[0].rpartition("/")[2]: step["newState"]["inputs"]
        for urn, step in stack.steps().items()
        if "dynamic" in urn
    }
    bucket, policy, user = (planned[f"minio:{kind}"] for kind in ("Bucket", "Policy", "User"))
    location = planned["palette:BackupLocation"]
    assert bucket["name"].startswith("weekly-")
    assert f"arn:aws:s3:::{bucket['name']}/*" in str(policy["document"])
    assert user["policies"] == [policy["name"]]
    storage = location["storage"]
    assert storage["bucket"] == bucket["name"]
    assert storage["url"] == bucket["url"]
    assert storage["credentials"]["access_key"] == user["name"]
    assert minio.nothing_left()


@pytest.mark.live("minio")
@pytest.mark.live("palette")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, minio: MinioEyes) -> None:
    stack.program(PROGRAM)
    stack.up()
    outputs = stack.outputs()
    (location,) = palette.locations()
    assert outputs["uid"] == location["uid"]
    assert (outputs["name"], outputs["type"]) == (location["name"], "minio")
    assert [outputs["bucket"]] == minio.buckets()
    works(palette, minio)
    stack.unchanged()
    stack.refresh()
    stack.unchanged()

    stack.set("team", "platform")
    assert [step["op"] for step in stack.steps().values()] == ["update"]
    stack.up()
    stack.unchanged()
    assert minio.tags(outputs["bucket"])["team"] == "platform"

    stack.set("secret", "a-secret-of-my-own", "--secret")
    stack.transcript.pop()
    stack.up()
    assert credential(palette.locations()[0]) == (outputs["user"], "a-secret-of-my-own")
    works(palette, minio)
    stack.unchanged()

    stack.set("bucket", f"{minio.own}another-bucket")
    stack.up()
    assert minio.buckets() == [f"{minio.own}another-bucket"]
    assert stack.outputs()["uid"] == outputs["uid"]
    works(palette, minio)
    stack.unchanged()

    stack.destroy()
    assert not palette.locations()
    assert minio.nothing_left()


@pytest.mark.live("minio")
@pytest.mark.live("palette")
def test_forced_replacements_leave_one_that_works(
    stack: Stack, palette: Palette, minio: MinioEyes
) -> None:
    stack.program(PROGRAM)
    stack.up()
    for type in TYPES:
        stack.up("--replace", stack.urn(type))
        works(palette, minio)
    stack.unchanged()
    stack.destroy()
    assert not palette.locations()
    assert minio.nothing_left()


@pytest.mark.live("minio")
@pytest.mark.live("palette")
def test_names_stay_when_project_and_stack_are_renamed(
    stack: Stack, palette: Palette, minio: MinioEyes
) -> None:
    stack.program(PROGRAM)
    stack.up()
    before = stack.outputs()
    stack.run("stack", "rename", "organization/renamed/prod")
    stack.name("renamed")
    stack.run("stack", "select", "organization/renamed/prod")
    stack.up()
    assert stack.outputs() == before
    stack.unchanged()
    works(palette, minio)
    stack.destroy()
    assert minio.nothing_left()


@pytest.mark.parametrize(
    "call",
    [
        "PUT /{bucket}",
        "PUT /{bucket}?tagging",
        "PUT /minio/admin/v3/add-canned-policy",
        "PUT /minio/admin/v3/add-user",
        "POST /minio/admin/v3/idp/builtin/policy/attach",
    ],
)
def test_an_answer_that_got_lost_makes_nothing_twice(
    stack: Stack, control: Control, minio: MinioEyes, call: str
) -> None:
    stack.program(PROGRAM)
    fault = {"service": "minio", "call": call, "fault": "reset", "when": "after"}
    control.post("faults", [{**fault, "times": 1}])
    stack.up()
    works(control, minio)
    stack.unchanged()
    stack.destroy()
    assert minio.nothing_left()


def test_a_user_that_takes_its_time_is_waited_for(
    stack: Stack, control: Control, minio: MinioEyes
) -> None:
    stack.program(PROGRAM)
    control.post("delay", {"seconds": 7})
    waiting = stack.up().text
    assert "weekly: waiting for http://127.0.0.1" in waiting
    assert "to accept the access key" in waiting
    works(control, minio)
    control.post("delay", {"seconds": 0})
    stack.destroy()


def test_bucket_and_key_of_any_store_need_no_administrator(
    stack: Stack, control: Control, minio: MinioEyes
) -> None:
    where = ["arn:aws:s3:::theirs", "arn:aws:s3:::theirs/*"]
    allow = [{"Effect": "Allow", "Action": "s3:*", "Resource": where}]
    document = {"Version": "2012-10-17", "Statement": allow}
    minio.s3().create_bucket(Bucket="theirs")
    minio.admin("policy_add", "their-policy", policy=document)
    minio.admin("user_add", "their-key", "their-secret-key")
    minio.admin("attach_policy", ["their-policy"], user="their-key")
    url = stack.environment["MINIO_ENDPOINT"]
    kept = {k: v for k, v in stack.environment.items() if not k.startswith("MINIO_")}
    stack.environment = kept
    stack.set("secret", "their-secret-key", "--secret")
    stack.transcript.pop()
    stack.program(
        f"""\
        MinioBackupLocation("theirs", MinioBackupLocationArgs(
            url="{url}", existing_bucket="theirs", existing_user="their-key",
            secret_key=config.require_secret("secret")))
        """
    )
    stack.up()
    stack.unchanged()
    (location,) = control.locations()
    minio.can_back_up(credential(location), "theirs")
    assert not any(
        "/minio/admin" in call for call in control.get("calls")["minio"] if "info" in call
    )
    stack.destroy()
    assert not control.locations()
    assert (minio.buckets(), minio.users()) == (["theirs"], ["their-key"])
    assert minio.policies() == ["their-policy"]


def test_what_was_made_may_be_brought_later(
    stack: Stack, palette: Palette, minio: MinioEyes
) -> None:
    stack.program(PROGRAM)
    stack.up()
    bucket = stack.outputs()["bucket"]
    stack.program(
        f"""\
        MinioBackupLocation("weekly", MinioBackupLocationArgs(existing_bucket="{bucket}"))
        """
    )
    stack.up()
    works(palette, minio)
    stack.destroy()
    assert minio.buckets() == [bucket]


def test_a_bucket_with_backups_is_not_destroyed(
    stack: Stack, palette: Palette, minio: MinioEyes
) -> None:
    stack.program(PROGRAM)
    stack.up()
    bucket = stack.outputs()["bucket"]
    minio.s3().put_object(Bucket=bucket, Key="backups/one", Body=b"data")
    refused = stack.destroy(ok=False)
    assert f"The bucket {bucket} holds one object or version" in refused.errors
    stack.program(PROGRAM.replace("tags=", "force_destroy=True, tags="))
    stack.up()
    stack.destroy()
    assert minio.nothing_left()


def test_a_rotated_key_works_and_the_old_one_until_its_deadline(
    stack: Stack, control: Control, minio: MinioEyes
) -> None:
    stack.program(PROGRAM.replace("tags={", 'rotation=config.get("rotation"), tags={'))
    stack.up()
    (location,) = control.locations()
    bucket, first = stack.outputs()["bucket"], credential(location)
    assert first[0] == stack.outputs()["user"]
    held = [first]
    for text in ("one", "two"):  # from the user's own secret to a key of it, and to the next key
        stack.set("rotation", text)
        stack.up()
        (location,) = control.locations()
        held.append(credential(location))
        for key in held:
            minio.can_back_up(key, bucket)
    assert len({id for id, _ in held}) == 3
    stack.unchanged()

    stack.edit("minio:AccessKey", retiring_until="2026-01-01T00:00Z")
    stack.up()
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        minio.can_back_up(held[1], bucket)
    works(control, minio)
    stack.unchanged()
    stack.destroy()
    assert minio.nothing_left()
