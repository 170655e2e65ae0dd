"""Faults of locations."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.doctor.faults import red, yellow
from tests.unit.doctor.ward import Ward


def key(ward: Ward, **more: Any) -> None:
    """Have the state hold an access key."""
    ward.record("aws:AccessKey", "AKIA", user="u", made_on=day(ago=100), **more)


def day(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()


@red("location.registered", "Palette does not list")
def deleted_in_the_console(ward: Ward) -> None:
    uid = ward.location()
    ward.sandbox.store.delete(ward.sandbox.store.find(ward.project, uid))


@red("location.registered", "neither Palette nor the stack has it; Palette lists nightly")
def a_name_of_nothing(ward: Ward) -> None:
    ward.location()
    ward.changes["locations"] = ("weekly",)


@yellow("location.registered", "the state does not know it")
def a_lost_state(ward: Ward) -> None:
    ward.location(in_state=False)


@yellow("location.registered", "by its mark other/shop/dev/nightly holds it")
def held_by_another(ward: Ward) -> None:
    ward.location(mark="other/shop/dev/nightly:0a1b2c@0123456789.0123456789")


@red("location.credential", "InvalidAccessKeyId")
def a_deleted_key(ward: Ward) -> None:
    ward.location()
    ward.resources[0].props["storage"]["credentials"]["access_key"] = "a-key-that-is-gone"


@red("location.bucket", "folders that are not Velero's: photos/")
def a_foreign_folder(ward: Ward) -> None:
    ward.location()
    ward.s3.put_object(Bucket="backups", Key="photos/1.jpg", Body=b"x")


@red("location.bucket", "backups, us-east-1 is gone")
def no_bucket(ward: Ward) -> None:
    ward.location()
    ward.s3.delete_bucket(Bucket="backups")


@red("location.rotation", "it is gone")
def a_key_that_is_gone(ward: Ward) -> None:
    key(ward, gone=True)


@yellow("location.rotation", "100 days old, rotate_after=90: a rotation is due")
def a_rotation_that_is_due(ward: Ward) -> None:
    key(ward, rotate_after=90)


@yellow("location.rotation", "the one before was to end at 2026-01-01T00:00Z, and still works")
def an_old_key_that_should_be_gone(ward: Ward) -> None:
    ward.record(
        "aws:RetiringKey", "AKIA", credential_id="AKIAOLD", until="2026-01-01T00:00Z", user="u"
    )
