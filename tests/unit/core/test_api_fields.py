from palette_backup_provider.core.api_fields import ApiField, body, read
from palette_backup_provider.core.model import Model


class Shelf(Model):
    name: str
    days: int = 7
    locked: bool = True


FIELDS = (
    ApiField("name", "name", fixed=True),
    ApiField("days", "keep.time.seconds", absent="0", read=int, write=str),
    ApiField("locked", "keep.locked", absent=False),
)


def test_a_request_is_read_as_the_fields_it_was_made_of() -> None:
    shelf = Shelf(name="top")
    request = body(FIELDS, shelf, new=True)
    assert request == {"name": "top", "keep": {"time": {"seconds": "7"}, "locked": True}}
    assert Shelf(**read(FIELDS, request)) == shelf


def test_a_change_leaves_out_what_is_fixed() -> None:
    assert body(FIELDS, Shelf(name="top"), new=False).keys() == {"keep"}


def test_a_key_that_is_left_out_has_the_value_that_its_absence_means() -> None:
    found = read(FIELDS, {"name": "top", "keep": {"time": None}})
    assert found == {"name": "top", "days": 0, "locked": False}
