import asyncio
from typing import Any

import pytest
from pulumi.runtime import settings

from palette_backup_provider import palette
from palette_backup_provider.engine.owner import Origin, Urn, owner_of

WHO = ("organization", "project", "stack", "nightly")
COMPONENT = "palette-backup:index:SomeBackupLocation"
START = "urn:pulumi:stack::project::"


def urn(*types: str, name: str = "nightly") -> Urn:
    return Urn(f"{START}{'$'.join(types)}::{name}")


def test_a_urn_tells_the_type() -> None:
    assert urn("palette-backup:some:Bucket").token == "some:Bucket"
    assert urn(COMPONENT, "palette-backup:some:Bucket").token == "some:Bucket"
    assert urn("palette-backup:some:Bucket", name="a::b$c:d").token == "some:Bucket"


def test_both_adapters_have_one_rule() -> None:
    above = f"{START}{COMPONENT}::nightly"
    native = urn(COMPONENT, "palette-backup:some:Bucket").owner("organization")
    assert native == owner_of(*WHO, above=above, token="some:Bucket")
    key = urn(COMPONENT, "palette-backup:some:Key", "palette-backup:some:RetiringKey")
    above = f"{START}{COMPONENT}$pulumi-python:dynamic/some:Key::nightly"
    assert key.owner("organization") == owner_of(*WHO, above=above, token="some:RetiringKey")


def test_the_program_and_the_urn_tell_the_same() -> None:
    async def told() -> str | None:
        return await palette.BackupLocation.owner_of("nightly", None).future()

    settings.reset_options(organization="acme", project="project", stack="stack")
    assert asyncio.run(told()) == urn("palette-backup:palette:BackupLocation").owner("acme")
    settings.reset_options()


def test_an_owner_is_readable_and_unique() -> None:
    found = Urn("urn:pulumi:dev::my proj::palette-backup:some:Bucket::a/b").owner("acme")
    assert found.startswith("acme/my-proj/dev/a-b:")
    others = {
        urn("palette-backup:some:Bucket").owner("acme"),
        urn("palette-backup:some:User").owner("acme"),
        urn("my:own:Component", "palette-backup:some:Bucket").owner("acme"),
        urn("palette-backup:some:Bucket").owner("other"),
    }
    assert len(others) == 4


@pytest.mark.parametrize(
    ("told", "before", "organization"),
    [
        ("", {}, "organization"),
        ("acme", {}, "acme"),
        ("", {"__owner": "acme/project/stack/nightly:ab12cd"}, "acme"),
        ("new", {"__owner": "acme/project/stack/nightly:ab12cd"}, "new"),
    ],
)
def test_the_organization_is_told_or_stays(told: str, before: Any, organization: str) -> None:
    marked = Origin(told).marked(urn("palette-backup:some:Bucket"), before, {})
    assert marked["__owner"].startswith(f"{organization}/project/stack/nightly:")


def test_what_a_program_gives_is_taken() -> None:
    given = {"__owner": "o/p/s/n:ab12cd", "__lineage": "x", "region": "eu"}
    assert Origin("acme", "y").marked(urn("palette-backup:some:Bucket"), {}, given) == given


def test_a_state_keeps_its_lineage() -> None:
    origin = Origin(lineage="drawn now")
    first = origin.marked(urn("palette-backup:some:Bucket"), {}, {})
    assert first["__lineage"] == "drawn now"
    old = origin.marked(urn("palette-backup:some:Bucket"), {"__lineage": "of the state"}, {})
    assert old["__lineage"] == "of the state"
    new = origin.marked(urn("palette-backup:some:User"), {}, {})
    assert new["__lineage"] == "drawn now"


def test_a_replacement_keeps_organization_and_lineage() -> None:
    origin, bucket = Origin(lineage="drawn now"), urn("palette-backup:some:Bucket")
    before = {"__owner": "acme/project/stack/nightly:ab12cd", "__lineage": "of the state"}
    asked_first = origin.marked(bucket, before, {})
    assert origin.marked(bucket, {}, {}) == asked_first


def test_a_lineage_that_is_not_known_yet_is_left_out() -> None:
    for given in ({}, {"__lineage": ""}):  # the second is a component's, which knows none
        marked = Origin().marked(urn("palette-backup:some:Bucket"), {}, given)
        assert marked.keys() == {"__owner"}
