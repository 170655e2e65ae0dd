"""Faults of locations."""

from datetime import UTC, datetime, timedelta

from tests.credentials import CREDENTIALS, RETIRED
from tests.unit.doctor.faults import of_each, red, yellow
from tests.unit.doctor.ward import PLACES, Ward


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


@of_each(PLACES, red("location.credential", "InvalidAccessKeyId"))
def a_deleted_key(ward: Ward, cloud: str) -> None:
    ward.on(cloud)
    ward.location()
    ward.resources[0].props["storage"]["credentials"]["access_key"] = "a-key-that-is-gone"


@of_each(PLACES, red("location.bucket", "folders that are not Velero's: photos/"))
def a_foreign_folder(ward: Ward, cloud: str) -> None:
    ward.on(cloud)
    ward.location()
    ward.place.put("photos/1.jpg")


@of_each(PLACES, red("location.bucket", " is gone"))
def no_bucket(ward: Ward, cloud: str) -> None:
    ward.on(cloud)
    ward.location()
    ward.place.remove()


@of_each(CREDENTIALS, red("location.rotation", "it is gone"))
def a_key_that_is_gone(ward: Ward, token: str) -> None:
    ward.record(token, "id", made_on=day(ago=100), gone=True)


@of_each(CREDENTIALS, yellow("location.rotation", "100 days old, rotate_after=90: a rotation is"))
def a_rotation_that_is_due(ward: Ward, token: str) -> None:
    ward.record(token, "id", made_on=day(ago=100), rotate_after=90)


@of_each(RETIRED, yellow("location.rotation", "was to end at 2026-01-01T00:00Z, and still works"))
def an_old_key_that_should_be_gone(ward: Ward, token: str) -> None:
    ward.record(token, "id", credential_id="old", until="2026-01-01T00:00Z")
