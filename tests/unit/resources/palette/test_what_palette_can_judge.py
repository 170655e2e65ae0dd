"""Palette's validate call is asked about storage that it can judge, unless a program says."""

from typing import Any

import pytest

from palette_backup_provider.engine.properties import load_state
from palette_backup_provider.resources.palette.location.state import BackupLocationState
from tests.contract.clouds import in_each_folder
from tests.unit.resources.palette.tenant import ON_CLOUD, STATIC, Tenant, storage
from tests.unit.resources.stack import OWNER, Thing

OTHER = "https://s3.example.com"
THEIRS: dict[str, Any] = storage(
    bucket="b", region="us-east-1", url=OTHER, credentials={**STATIC, "access_key": "a"}
)
EVERY = [
    (storage(url=OTHER)["storage"], False),
    *((given, True) for cloud in in_each_folder("samples").values() for given in cloud.STORAGES),
]


@pytest.mark.parametrize(("given", "asks"), EVERY)
def test_the_default_goes_by_the_storage(tenant: Tenant, given: dict[str, Any], asks: bool) -> None:
    def judged(**asked: Any) -> bool:
        props = tenant.stack().check(storage=given, **asked)
        return bool(load_state(BackupLocationState, props).palette_validate)

    assert judged() is asks
    assert judged(palette_validate=True) and not judged(palette_validate=False)


@pytest.mark.parametrize(
    ("url", "asked", "validated"),
    [
        (None, {}, 1),
        (ON_CLOUD.ENDPOINT, {}, 1),
        (OTHER, {}, 0),
        (OTHER, {"palette_validate": True}, 1),
        (ON_CLOUD.ENDPOINT, {"palette_validate": False}, 0),
    ],
)
def test_another_store_is_sent_to_palette_only_if_asked_for(
    tenant: Tenant, url: str | None, asked: dict[str, bool], validated: int
) -> None:
    tenant.stack().create(**storage(url=url), **asked)
    assert (len(tenant.bucket.tried), len(tenant.validated)) == (1, validated)


def test_neither_adoption_nor_a_label_nor_a_refresh_asks_palette_of_another_store(
    tenant: Tenant,
) -> None:
    uid = tenant.others("theirs")
    tenant.changed(s3Url=OTHER)
    tenant.refusals = ["InvalidAccessKeyId: no"]
    made = tenant.stack().create(**THEIRS, name="theirs", adopt=uid)
    given = {**THEIRS, "name": "theirs", "labels": {"team": "storage"}}
    made = tenant.stack().update(made, **given)
    refreshed = tenant.stack(deepRefresh="true").refresh(made)
    assert refreshed and refreshed.outputs["refused"] is None
    assert tenant.bucket.tried and tenant.validated == []
    assert not tenant.stack().differs(
        refreshed, **THEIRS, name="theirs", labels={"team": "storage"}
    )


@pytest.mark.parametrize("url", [None, ON_CLOUD.ENDPOINT, OTHER])
@pytest.mark.parametrize("readable", [True, False])
def test_state_of_earlier_code_upgrades_without_a_diff(
    tenant: Tenant, url: str | None, readable: bool
) -> None:
    made = tenant.stack().create(**storage(url=url), name="n")
    earlier = {"__schema_version": 1, "palette_validate": True}
    if not readable:  # by today's rules
        earlier["annotations"] = {"palette-backup/x": "y"}  # type: ignore[assignment]
    made = Thing(made.id, {**made.inputs, **earlier}, {**made.outputs, **earlier})
    more = {"annotations": earlier["annotations"]} if not readable else {}
    assert not tenant.stack().differs(made, **storage(url=url), name="n", **more)
    tenant.validated.clear()
    tenant.refusals = ["InvalidAccessKeyId: no"]
    refreshed = tenant.stack(deepRefresh="true").refresh(made)
    assert refreshed and bool(refreshed.outputs["refused"]) is (url != OTHER)
    assert len(tenant.validated) == (url != OTHER)
    assert refreshed.outputs["__schema_version"] == 2


def test_what_a_program_asked_for_stays_asked_for(tenant: Tenant) -> None:
    given = {**storage(url=OTHER), "name": "n", "palette_validate": True}
    made = tenant.stack().create(**given)
    assert not tenant.stack().differs(made, **given)
    tenant.refusals = ["InvalidAccessKeyId: no"]
    refreshed = tenant.stack(deepRefresh="true").refresh(made)
    assert refreshed and "InvalidAccessKeyId" in refreshed.outputs["refused"]


@pytest.mark.parametrize(
    ("unknown", "told"),
    [("storage.credentials.secret_key", True), ("storage.url", False), ("storage", False)],
)
def test_a_preview_tells_as_soon_as_the_endpoint_is_known(
    tenant: Tenant, unknown: str, told: bool
) -> None:
    given = {"__owner": OWNER, **storage(url=OTHER)}
    checked = tenant.stack().lifecycle.check({}, given, {unknown})
    assert not checked.failures
    assert ("palette_validate" in checked.props) is told
    assert ("palette_validate" in checked.unknown) is not told
