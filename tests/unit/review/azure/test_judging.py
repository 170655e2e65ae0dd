"""What a change in Azure means."""

from tests.unit.review.sample import step, told
from tests.unit.review.test_judging import BUCKET, DELETES


def test_what_holds_a_container_goes_as_its_location_says() -> None:
    serves = {"__serves": {"force_destroy": True}}
    for type in ("azure:StorageAccount", "azure:ResourceGroup"):
        assert told(step("delete", type, {**BUCKET, **serves})) == [(DELETES, "red")]
        assert told(step("delete", type, BUCKET)) == [(DELETES, "orange")]
