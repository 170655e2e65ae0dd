"""What the policy pack demands, asked as functions: see tests/sandbox/test_policy_pack.py."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from palette_backup_provider.review import demands
from palette_backup_provider.review.demands import Resource
from tests.unit.review.demanded import BUCKET, KEPT, LOCATION, OURS, PASSED, REFUSED

OF_EACH: dict[str, Callable[[Resource], Iterator[str]]] = {
    "no-force-destroy": demands.no_force_destroy,
    "versioned-or-locked": demands.versioned_or_locked,
    "rotates-within": lambda one: demands.rotates_within(one, 90),
    "no-grant-on-everything": demands.no_grant_on_everything,
    "required-tags": lambda one: demands.required_tags(one, ["team"]),
    "probe-and-validate-stay-on": demands.trials_stay_on,
}


def violated(resources: Iterable[Resource]) -> set[str]:
    """The policies that refuse one of these resources."""
    listed = list(resources)
    found = {name for name, demand in OF_EACH.items() for one in listed if list(demand(one))}
    if list(demands.one_default_per_scope(listed)):
        found.add("one-default-per-scope")
    return found


@pytest.mark.parametrize("policy", REFUSED)
def test_each_policy_refuses_its_own(policy: str) -> None:
    assert violated(REFUSED[policy]) == {policy}


def test_all_pass_what_is_right() -> None:
    assert violated(PASSED) == set()
    assert REFUSED.keys() == {*OF_EACH, "one-default-per-scope"}


def test_the_reason_is_told() -> None:
    key = Resource(f"{OURS}aws:AccessKey", "k", {"rotate_after": 400})
    assert list(demands.rotates_within(key, 90)) == [
        "the credential rotates after 400 days; at most 90 are allowed"
    ]
    several = [
        Resource(
            f"{OURS}palette:BackupLocation", n, {**LOCATION, "is_default": True, "scope": "tenant"}
        )
        for n in "ab"
    ]
    ((_, told),) = demands.one_default_per_scope(several)
    assert told == "is the default of the tenant, as a is"


def test_what_is_not_known_yet_is_not_refused() -> None:
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    key = Resource(f"{OURS}aws:AccessKey", "k", {"rotate_after": unknown})
    assert not list(demands.rotates_within(key, 90))
    assert not list(demands.required_tags(Resource(BUCKET, "b", {**KEPT, "tags": unknown}), ["x"]))
    assert not list(demands.versioned_or_locked(Resource(BUCKET, "b", {"versioning": unknown})))


def test_a_trial_that_palette_does_not_have_is_not_demanded() -> None:
    storage = {"kind": "s3", "url": "https://store.example"}
    own = {**LOCATION, "storage": storage, "palette_validate": False}
    assert not list(demands.trials_stay_on(Resource(f"{OURS}palette:BackupLocation", "l", own)))
    del own["storage"]
    assert list(demands.trials_stay_on(Resource(f"{OURS}palette:BackupLocation", "l", own)))
