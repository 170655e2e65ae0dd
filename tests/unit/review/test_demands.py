"""What the policy pack demands, asked as functions: see tests/sandbox/test_policy_pack.py."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from palette_backup_provider.review import demands
from palette_backup_provider.review.demands import LOCATION, Resource
from tests.credentials import CREDENTIALS
from tests.unit.review.demanded import DEFAULT, GIVEN, PASSED, REFUSED
from tests.unit.review.kinds import HOLDERS
from tests.unit.review.sample import UNKNOWN, asked

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


@pytest.mark.parametrize(("policy", "resources"), REFUSED)
def test_each_policy_refuses_its_own(policy: str, resources: list[Resource]) -> None:
    assert violated(resources) == {policy}


def test_all_pass_what_is_right() -> None:
    assert violated(PASSED) == set()
    assert {policy for policy, _ in REFUSED} == {*OF_EACH, "one-default-per-scope"}


@pytest.mark.parametrize("type", CREDENTIALS)
def test_the_reason_is_told(type: str) -> None:
    assert list(demands.rotates_within(asked(type, rotate_after=400), 90)) == [
        "the credential rotates after 400 days; at most 90 are allowed"
    ]


def test_the_default_of_the_tenant_is_told_with_the_others() -> None:
    several = [asked(LOCATION, name, **DEFAULT, scope="tenant") for name in "ab"]
    ((_, told),) = demands.one_default_per_scope(several)
    assert told == "is the default of the tenant, as a is"


def test_what_is_not_known_yet_is_not_refused() -> None:
    for type in CREDENTIALS:
        assert not list(demands.rotates_within(asked(type, rotate_after=UNKNOWN), 90))
    for type in HOLDERS:
        assert not list(demands.required_tags(asked(type, tags=UNKNOWN), ["x"]))
        assert not list(demands.versioned_or_locked(asked(type, versioning=UNKNOWN)))


def test_a_trial_that_palette_does_not_have_is_not_demanded() -> None:
    storage = {"kind": "s3", "url": "https://store.example"}
    own = {**GIVEN, "storage": storage, "palette_validate": False}
    assert not list(demands.trials_stay_on(asked(LOCATION, **own)))
    del own["storage"]
    assert list(demands.trials_stay_on(asked(LOCATION, **own)))
