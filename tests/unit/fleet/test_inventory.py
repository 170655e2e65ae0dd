"""An inventory is judged as a whole, by the components' arguments; a mistake has its place."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from palette_backup_provider.engine.given import args_type_of
from palette_backup_provider.fleet.clouds import DISTRIBUTION, Cloud, clouds
from palette_backup_provider.fleet.inventory import NO_SECRET, load
from tests.unit.fleet.conftest import Told, Write
from tests.unit.fleet.examples import INVENTORY, example, placed


def test_defaults_are_below_what_a_location_says(write: Write) -> None:
    found = {one.name: one for one in load(write(INVENTORY)).locations}
    assert {name: one.args for name, one in found.items()} == {
        "shared": {
            "scope": "tenant",
            "location": "EU",
            "is_default": True,
            "rotate_after": 90,
            "probe": False,
        },
        "shop/nightly": {
            "project": "shop",
            "region": "eu-west-1",
            "rotate_after": 90,
            "probe": False,
            "is_default": True,
            "tags": {"team": "shop"},
        },
        "shop/lab": {
            "project": "shop",
            "region": "us-east-1",
            "probe": True,
            "identity": {"role_arn": "a role"},
        },
        "data/nightly": {
            "project": "data",
            "probe": False,
            "identity": {
                "url": "https://store",
                "user": "admin",
                "password": {"secret": "storePassword"},
            },
        },
    }
    assert found["shop/lab"].identity == "lab" and found["shared"].identity is None


def test_an_inventory_may_be_empty(write: Write) -> None:
    assert load(write("projects: {shop: {}, data: }\ntenant:\n")).locations == []


WRONG = {
    "no such section": ("@project: {}", "project: is not known here. Did you mean projects?"),
    "no map": ("projects: {a: {@b: }}", "projects.a.b: must be a map"),
    "no cloud": (
        "projects: {a: {@b: {region: c}}}",
        f"projects.a.b: needs `cloud`: {' or '.join(clouds())}",
    ),
    "another cloud": (
        "tenant: {b: {@cloud: heaven}}",
        f"tenant.b.cloud: must be {', '.join(map(repr, clouds()))}",
    ),
    "a misspelt argument": (
        "tenant: {b: {cloud: $placed, @labls: {}}}",
        "tenant.b.labls: is not known here. Did you mean labels?",
    ),
    "a place that is said twice": (
        "projects: {a: {b: {cloud: $placed, location: EU, @project: c}}}",
        "projects.a.b.project: its place, below `projects` or `tenant`, says that",
    ),
    "a number for a text": (
        "tenant: {b: {cloud: $placed, @location: 1}}",
        "tenant.b.location: must be text: put it in quotes",
    ),
    "a text for a number": (
        "defaults: {all: {@rotate_after: soon}}",
        "defaults.all.rotate_after: must be a whole number",
    ),
    "a text for a switch": (
        "defaults: {$placed: {@versioning: 'yes'}}",
        "defaults.$placed.versioning: must be true or false",
    ),
    "another word": (
        "defaults: {$placed: {@replace_with_data: keep}}",
        "defaults.$placed.replace_with_data: must be 'refuse' or 'retain'",
    ),
    "within an argument": (
        "tenant: {b: {cloud: $keyed, region: r, object_lock:"
        " {mode: GOVERNANCE, days: 1, @dys: 2}}}",
        "tenant.b.object_lock.dys: is not known here. Did you mean days?",
    ),
    "missing": (
        "tenant: {@b: {cloud: $keyed}}",
        "tenant.b: needs `region`, here or in defaults.$keyed",
    ),
    "a name of other letters": (
        "tenant: {@a/b: {cloud: $free}}",
        "tenant.a/b: a name has letters, digits, dots, hyphens and underscores alone",
    ),
    "an empty name": ("projects: {@'': {}}", "projects.: a name is not empty"),
    "a secret": (
        "tenant: {b: {cloud: $free, @secret_key: s3cr3t-0f-the-user}}",
        f"tenant.b.secret_key: {NO_SECRET}",
    ),
    "no such identity": (
        "identities: {ab: {cloud: $keyed}}\ntenant: {b: {cloud: $free, @identity: c}}",
        "tenant.b.identity: `identities` has no 'c'. There are: ab.",
    ),
    "an identity of another cloud": (
        "identities: {ab: {cloud: $keyed}}\ntenant: {b: {cloud: $free, @identity: ab}}",
        "tenant.b.identity: the identity 'ab' is of $keyed, and the location is on $free",
    ),
    "an identity that is none": (
        "identities: {ab: {cloud: $keyed, @profle: p}}",
        "identities.ab.profle: is not known here. Did you mean profile?",
    ),
    "arguments that exclude each other": (
        "tenant: {b: {cloud: $keyed, region: r, existing_bucket: b, @tags: {a: b}}}",
        "tenant.b.tags: needs a bucket made here, and existing_bucket names an existing "
        "one. Leave out either.",
    ),
}
"""Inventories with `@` where the mistake is, and what is said of it."""


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_has_its_place_and_what_is_allowed(told: Told, case: str) -> None:
    (text, place), says = placed(WRONG[case][0]), example(WRONG[case][1])
    assert told(text) == [f"{place}: {says}"]


def test_every_mistake_is_told_in_the_order_of_the_file(told: Told) -> None:
    second, place = placed(
        "projects:\n  shop:\n    a: {cloud: $placed}\n"
        "    b: {cloud: $keyed, region: r, existing_bucket: b, @versioning: true, tags: {}}\n"
    )
    assert told(second) == [
        example("fleet.yaml:3:5: projects.shop.a: needs `location`, here or in defaults.$placed"),
        f"{place}: projects.shop.b.versioning: and tags: these arguments need a bucket made here, "
        "and existing_bucket names an existing one. Leave out either.",
    ]


def test_a_mistake_in_a_default_is_told_once(told: Told) -> None:
    text, place = placed(
        "defaults: {$placed: {location: EU, @identity: nobody}}\n"
        "tenant: {a: {cloud: $placed}, b: {cloud: $placed}}\n"
    )
    says = example("defaults.$placed.identity: `identities` has no 'nobody'. There are: none.")
    assert told(text) == [f"{place}: {says}"]


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What is installed is asked anew, now and afterwards."""
    clouds.cache_clear()
    yield
    clouds.cache_clear()


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("cloud", clouds().values())
def test_a_cloud_that_is_not_installed_is_told_with_what_installs_it(
    told: Told, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = f'nothing>=1; extra == "{cloud.family}"'
    monkeypatch.setattr(
        "palette_backup_provider.fleet.clouds.requires", {DISTRIBUTION: [needs]}.get
    )
    lines = told(f"tenant: {{a: {{cloud: {cloud.name}}}}}")
    assert (
        "fleet.yaml:1:14: tenant.a.cloud: nothing is not installed. Run: pip install "
        f"'palette-backup-provider[{cloud.family}]'"
    ) in lines


@pytest.mark.parametrize("cloud", clouds().values())
def test_the_extras_of_each_cloud_are_found(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def installed(name: str) -> Any:
        asked.append(name)
        return "1"

    monkeypatch.setattr("palette_backup_provider.fleet.clouds.version", installed)
    assert Cloud(cloud.name, cloud.component).missing == ""
    assert asked


def test_every_component_is_a_cloud_of_a_fleet() -> None:
    from tests.contract.test_every_component import COMPONENTS

    assert {one.component for one in clouds().values()} == set(COMPONENTS.values())
    for one in clouds().values():
        assert one.arguments.keys() == {field.name for field in fields(args_type_of(one.component))}
