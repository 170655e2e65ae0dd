"""The life of a backup location on MinIO, from nothing to nothing."""

import pytest

from palette_backup_provider.core.policy_language import ARN
from tests.sandbox.component import access_key
from tests.sandbox.control import Control
from tests.sandbox.minio.components import MINIO
from tests.sandbox.minio.inspector import MinioInspector
from tests.sandbox.palette.inspector import Palette
from tests.sandbox.stack import PAST, Stack


def test_a_first_preview_shows_names_and_documents(stack: Stack, minio: MinioInspector) -> None:
    stack.program(MINIO.program)
    planned = {
        urn.rpartition("::")[0].rpartition("/")[2]: step["newState"]["inputs"]
        for urn, step in stack.steps().items()
        if "dynamic" in urn
    }
    bucket, policy, user = (planned[f"minio:{kind}"] for kind in ("Bucket", "Policy", "User"))
    location = planned["palette:BackupLocation"]
    assert bucket["name"].startswith("nightly-")
    assert f"{ARN}{bucket['name']}/*" in str(policy["document"])
    assert user["policies"] == [policy["name"]]
    storage = location["storage"]
    assert storage["bucket"] == bucket["name"]
    assert storage["url"] == bucket["url"]
    assert user["keys_only"] is True
    assert planned["minio:AccessKey"]["user"] == user["name"]
    assert minio.nothing_left()


@pytest.mark.live("minio")
@pytest.mark.live("palette")
def test_from_nothing_to_nothing(stack: Stack, palette: Palette, minio: MinioInspector) -> None:
    stack.program(MINIO.program)
    stack.up()
    outputs = stack.outputs()
    (location,) = palette.locations()
    assert outputs["uid"] == location["uid"]
    assert (outputs["name"], outputs["type"]) == (location["name"], "minio")
    assert [outputs["bucket"]] == minio.buckets()
    MINIO.works(palette, minio)
    stack.settled()
    stack.refresh()
    stack.unchanged()

    stack.set("team", "platform")
    assert [step["op"] for step in stack.steps().values()] == ["update"]
    stack.up()
    stack.unchanged()
    assert minio.tags(outputs["bucket"])["team"] == "platform"

    held = access_key(palette.locations()[0])
    assert held[0] == outputs["key"] != outputs["user"]
    stack.set("secret", "a-secret-of-my-own", "--secret")
    stack.transcript.pop()
    stack.up()
    assert access_key(palette.locations()[0]) == held
    assert minio.signs_in(outputs["user"], "a-secret-of-my-own")
    MINIO.works(palette, minio)
    stack.unchanged()

    stack.set("bucket", f"{minio.own}another-bucket")
    stack.up()
    assert minio.buckets() == [f"{minio.own}another-bucket"]
    assert stack.outputs()["uid"] == outputs["uid"]
    MINIO.works(palette, minio)
    stack.unchanged()

    stack.destroy()
    assert not palette.locations()
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
@pytest.mark.sampled
def test_an_answer_that_got_lost_makes_nothing_twice(
    stack: Stack, control: Control, minio: MinioInspector, call: str
) -> None:
    stack.program(MINIO.program)
    fault = {"service": "minio", "call": call, "fault": "reset", "when": "after"}
    control.post("faults", [{**fault, "times": 1}])
    stack.up()
    MINIO.works(control, minio)
    stack.unchanged()
    stack.destroy()
    assert minio.nothing_left()


def test_bucket_and_key_of_any_store_need_no_administrator(
    stack: Stack, control: Control, minio: MinioInspector
) -> None:
    where = [f"{ARN}theirs", f"{ARN}theirs/*"]
    allow = [{"Effect": "Allow", "Action": "s3:*", "Resource": where}]
    document = {"Version": "2012-10-17", "Statement": allow}
    minio.s3().create_bucket(Bucket="theirs")
    minio.admin("policy_add", "their-policy", policy=document)
    secret = "0123456789abcdef" * 4  # longer than what is made here may be
    minio.admin("user_add", "their-key", secret)
    minio.admin("attach_policy", ["their-policy"], user="their-key")
    url = stack.environment["MINIO_ENDPOINT"]
    kept = {k: v for k, v in stack.environment.items() if not k.startswith("MINIO_")}
    stack.environment = kept
    stack.set("secret", secret, "--secret")
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
    minio.can_back_up(access_key(location), "theirs")
    assert not any(
        "/minio/admin" in call for call in control.get("calls")["minio"] if "info" in call
    )
    stack.destroy()
    assert not control.locations()
    assert (minio.buckets(), minio.users()) == (["theirs"], ["their-key"])
    assert minio.policies() == ["their-policy"]


@pytest.mark.stress
def test_what_was_made_may_be_used_as_existing_later(
    stack: Stack, palette: Palette, minio: MinioInspector
) -> None:
    stack.program(MINIO.program)
    stack.up()
    bucket = stack.outputs()["bucket"]
    stack.program(
        f"""\
        MinioBackupLocation("nightly", MinioBackupLocationArgs(existing_bucket="{bucket}"))
        """
    )
    stack.up()
    MINIO.works(palette, minio)
    stack.destroy()
    assert minio.buckets() == [bucket]


@pytest.mark.stress
def test_a_bucket_with_backups_is_not_destroyed(
    stack: Stack, palette: Palette, minio: MinioInspector
) -> None:
    stack.program(MINIO.program)
    stack.up()
    bucket = stack.outputs()["bucket"]
    minio.s3().put_object(Bucket=bucket, Key="backups/one", Body=b"data")
    refused = stack.destroy(ok=False)
    assert f"The bucket {bucket} holds one object or version" in refused.errors
    stack.program(MINIO.program.replace("tags=", "force_destroy=True, tags="))
    stack.up()
    stack.destroy()
    assert minio.nothing_left()


@pytest.mark.stress
def test_a_rotated_key_works_and_the_old_one_until_its_deadline(
    stack: Stack, control: Control, minio: MinioInspector
) -> None:
    stack.program(MINIO.program.replace("tags={", 'rotation=config.get("rotation"), tags={'))
    stack.up()
    (location,) = control.locations()
    bucket, first = stack.outputs()["bucket"], access_key(location)
    stack.set("rotation", "one")
    stack.up()
    (location,) = control.locations()
    second = access_key(location)
    assert second[0] == stack.outputs()["key"] != first[0]
    for key in (first, second):
        minio.can_back_up(key, bucket)
    stack.unchanged()

    stack.edit("minio:AccessKey", retiring_until=PAST)
    stack.up()
    assert not minio.signs_in(*first)
    MINIO.works(control, minio)
    stack.unchanged()
    stack.unset("rotation")
    stack.up()
    assert access_key(control.locations()[0]) == second
    stack.unchanged()
    stack.destroy()
    assert minio.nothing_left()


@pytest.mark.stress
def test_the_secret_of_an_existing_user_outlives_a_rotation_and_that_is_told(
    stack: Stack, control: Control, minio: MinioInspector
) -> None:
    theirs = ("their-key", "their-secret-key")
    minio.admin("user_add", *theirs)
    minio.admin("attach_policy", ["readwrite"], user="their-key")
    stack.set("secret", theirs[1], "--secret")
    stack.transcript.pop()
    program = """\
        MinioBackupLocation("theirs", MinioBackupLocationArgs(
            existing_user="their-key", secret_key=config.require_secret("secret")ROTATION))
        """
    stack.program(program.replace("ROTATION", ""))
    stack.up()
    assert access_key(control.locations()[0]) == theirs
    stack.program(program.replace("ROTATION", ', rotation="one", retire_after=0'))
    assert "existing_user itself is not ours to change and goes on working" in stack.preview().text
    stack.up()
    assert access_key(control.locations()[0])[0] in minio.keys("their-key")
    assert minio.signs_in(*theirs)
    stack.destroy()
    assert (minio.users(), minio.keys("their-key")) == (["their-key"], [])
