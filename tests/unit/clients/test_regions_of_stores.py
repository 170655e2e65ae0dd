"""A store of another region than a trial signs for: nothing is mended, and its region is named."""

from collections.abc import Callable

import pytest

from palette_backup_provider.core.errors import ApiError
from tests.clouds import merged
from tests.unit.clients.small_store import Call, SmallStore, small_store

TRIALS: dict[str, Callable[[SmallStore, str], bool]] = merged(__package__, "trials", "TRIALS")
MALFORMED = "AuthorizationHeaderMalformed"
NAMED = {
    **merged(__package__, "trials", "OTHER_REGION"),
    "versitygw": 'The authorization header is malformed; the region "{}" is wrong; expecting '
    '"garage"',
}


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize(
    ("status", "code", "message", "headers", "advice"),
    [
        *((400, MALFORMED, message, {}, "Set region to 'garage'.") for message in NAMED.values()),
        (400, MALFORMED, "The region is wrong", {}, "Set region to what the store calls its own."),
        (301, "PermanentRedirect", "Not here", {"x-amz-bucket-region": "garage"}, "to 'garage'."),
        (307, "TemporaryRedirect", "Not here", {"Location": "http://127.0.0.1:1/"}, "Set region"),
        (400, "IllegalLocationConstraintException", "No", {}, "Set region to what the store"),
        (400, MALFORMED, "A non-empty Access Key must be provided", {}, ""),
    ],
)
def test_no_region_is_mended_and_the_right_one_is_named(
    trial: str, status: int, code: str, message: str, headers: dict[str, str], advice: str
) -> None:
    def refuse(call: Call) -> tuple[int, str, str, dict[str, str]] | None:
        if call.region == "garage":
            return None
        return status, code, message.format(call.region), headers

    with small_store() as store:
        store.refuse = refuse
        with pytest.raises(ApiError) as told:
            TRIALS[trial](store, "us-east-1")
        assert str(told.value).startswith(f"{store.url} refused s3:put_object")
        assert advice in str(told.value) and ("Set region" in str(told.value)) is bool(advice)
        assert {call.region for call in store.calls} == {"us-east-1"}
        assert TRIALS[trial](store, "garage") is False and store.objects == {}
