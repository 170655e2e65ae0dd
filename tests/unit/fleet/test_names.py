"""What cannot be there twice is told; what is made up, or is elsewhere, can."""

import pytest

from palette_backup_provider.fleet.clouds import Thing, clouds
from palette_backup_provider.fleet.inventory import load
from tests.unit.fleet.conftest import Told, Write
from tests.unit.fleet.examples import CLOUDS, example

TWICE = {
    "the default of a project": (
        "projects: {p: {a: {cloud: $free, is_default: true}, b: {cloud: $free, is_default: true}}}",
        "projects.p.b.is_default: p/a and p/b cannot both have it",
    ),
    "the default of all": (
        "defaults: {all: {is_default: true}}\ntenant: {a: {cloud: $free}, b: {cloud: $free}}",
        "defaults.all.is_default: a and b cannot both have it",
    ),
    "a name in Palette": (
        "tenant: {a: {cloud: $free, location_name: n}, b: {cloud: $free, location_name: n}}",
        "tenant.b.location_name: a and b cannot both have it",
    ),
    "a bucket": (
        "projects: {p: {a: {cloud: $keyed, region: r, bucket_name: n}},"
        " q: {b: {cloud: $role, region: r, bucket_name: n}}}",
        "projects.q.b.bucket_name: p/a and q/b cannot both have it",
    ),
    "a container in an account": (
        "defaults: {$nested: {location: x, existing_resource_group: g,"
        " existing_storage_account: s}}\n"
        "tenant: {a: {cloud: $nested, container_name: n}, b: {cloud: $nested, container_name: n}}",
        "tenant.b.container_name: a and b cannot both have it",
    ),
}
APART = {
    "defaults of two scopes": (
        "defaults: {all: {is_default: true}}\n"
        "projects: {p: {a: {cloud: $free}}, q: {a: {cloud: $free}}}\ntenant: {a: {cloud: $free}}"
    ),
    "names in two projects": (
        "defaults: {all: {location_name: n}}\n"
        "projects: {p: {a: {cloud: $free}}, q: {a: {cloud: $free}}}"
    ),
    "containers in accounts of their own": (
        "defaults: {$nested: {location: x, container_name: velero}}\n"
        "tenant: {a: {cloud: $nested}, b: {cloud: $nested}}"
    ),
    "users of two accounts": (
        "identities: {other: {cloud: $keyed, profile: p}}\n"
        "defaults: {$keyed: {region: r, user_name: n}}\n"
        "tenant: {a: {cloud: $keyed}, b: {cloud: $keyed, identity: other}}"
    ),
    "a policy and a user": (
        "defaults: {$keyed: {region: r}}\n"
        "tenant: {a: {cloud: $keyed, user_name: n}, b: {cloud: $keyed, policy_name: n}}"
    ),
    "an existing thing": "defaults: {$free: {existing_policy: n}}\n"
    "tenant: {a: {cloud: $free}, b: {cloud: $free}}",
}


@pytest.mark.parametrize("case", TWICE)
def test_it_cannot_be_there_twice(told: Told, case: str) -> None:
    text, says = TWICE[case]
    (line,) = told(example(text))
    assert line.endswith(f": {says}")


@pytest.mark.parametrize("case", APART)
def test_it_can_be_there_twice(write: Write, case: str) -> None:
    assert len(load(write(example(APART[case]))).locations) >= 2


def test_things_are_told_by_the_arguments_that_bring_them() -> None:
    for cloud in clouds().values():
        existing = {name for name in cloud.arguments if name.startswith("existing_")}
        assert {thing.existing for thing in cloud.things.values()} == existing
    within = {
        thing: one.within for thing, one in clouds()[CLOUDS["nested"]].things.items() if one.within
    }
    assert within == {"container": "storage_account", "storage_account": "resource_group"}
    assert clouds()[CLOUDS["placed"]].things["service_account"] == Thing(
        "service_account_id", "existing_service_account", ""
    )
