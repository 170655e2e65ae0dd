from typing import Any

import pytest

from palette_backup_provider.core.errors import ApiError, NotImportable, NotOwned
from palette_backup_provider.resources.gcp.iam.custom_role import PERMISSIONS
from palette_backup_provider.sandbox.gcp.roles import DAY
from tests.unit.resources.gcp.test_bucket_access import CONDITION
from tests.unit.resources.gcp.test_service_account import PROJECT, make
from tests.unit.resources.stack import Stack
from tests.unit.sandbox.gcp_server import Cloud


@pytest.fixture
def member(cloud: Cloud) -> str:
    return f"serviceAccount:{make(cloud, 'backups')}"


def custom(cloud: Cloud) -> list[dict[str, Any]]:
    found = cloud.gcp.iam.projects[PROJECT].bindings
    return [b for b in found if b["role"].startswith("projects/")]


def role(cloud: Cloud, name: str) -> Any:
    return cloud.api("iam").projects().roles().get(name=name).execute()


def disable(cloud: Cloud, name: str) -> None:
    roles = cloud.api("iam").projects().roles()
    roles.patch(name=name, body={"stage": "DISABLED"}, updateMask="stage").execute()


def test_a_role_is_made_and_given(cloud: Cloud, snapshots: Stack, member: str) -> None:
    made = snapshots.create(member=member)
    assert made.id == made.inputs["role"] == f"projects/{PROJECT}/roles/{made.inputs['role_id']}"
    assert role(cloud, made.id)["includedPermissions"] == list(PERMISSIONS)
    assert custom(cloud) == [{"role": made.id, "members": [member]}]
    assert snapshots.refresh(made).inputs == made.inputs  # type: ignore[union-attr]
    assert not any(p.startswith("storage.") for p in PERMISSIONS)


def test_deleted_and_made_anew_it_is_restored(cloud: Cloud, snapshots: Stack, member: str) -> None:
    made = snapshots.create(member=member)
    snapshots.delete(made)
    assert custom(cloud) == []
    assert role(cloud, made.id)["deleted"]
    assert snapshots.refresh(made) is None
    again = snapshots.create(member=member)
    assert "deleted" not in role(cloud, again.id)
    assert custom(cloud) == [{"role": again.id, "members": [member]}]


def test_a_delete_spares_what_a_later_create_took_over(
    cloud: Cloud, snapshots: Stack, member: str
) -> None:
    old, new = snapshots.create(member=member), snapshots.create(member=member)
    snapshots.delete(old)
    assert custom(cloud) == [{"role": new.id, "members": [member]}]


def test_what_others_took_away_is_put_back(cloud: Cloud, snapshots: Stack, member: str) -> None:
    made = snapshots.create(member=member)
    policy = cloud.gcp.iam.projects[PROJECT]
    policy.bindings = [b for b in policy.bindings if b["role"] != made.id]
    cloud.gcp.iam.roles.named[made.id]["includedPermissions"] = ["compute.zones.get"]
    seen = snapshots.refresh(made)
    assert seen and not seen.outputs["granted"]
    snapshots.update(seen, member=member)
    assert custom(cloud) == [{"role": made.id, "members": [member]}]
    assert role(cloud, made.id)["includedPermissions"] == list(PERMISSIONS)


def test_one_that_was_disabled_is_enabled_again(
    cloud: Cloud, snapshots: Stack, member: str
) -> None:
    made = snapshots.create(member=member)
    disable(cloud, made.id)
    seen = snapshots.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "enabled": False}
    snapshots.update(seen, member=member)
    assert role(cloud, made.id)["stage"] == "GA"
    assert snapshots.refresh(made) == made


def test_a_binding_that_was_given_a_condition_is_put_back_beside_it(
    cloud: Cloud, snapshots: Stack, member: str
) -> None:
    made = snapshots.create(member=member)
    (given,) = custom(cloud)
    given["condition"] = CONDITION
    seen = snapshots.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "granted": False}
    snapshots.update(seen, member=member)
    ours = {"role": made.id, "members": [member]}
    assert custom(cloud) == [{**ours, "condition": CONDITION}, ours]
    assert snapshots.refresh(made) == made


def test_a_role_that_was_deleted_is_gone_and_restored(
    cloud: Cloud, snapshots: Stack, member: str
) -> None:
    made = snapshots.create(member=member)
    cloud.api("iam").projects().roles().delete(name=made.id).execute()
    assert snapshots.refresh(made) is None
    again = snapshots.create(member=member)
    assert again.id == made.id and "deleted" not in role(cloud, made.id)
    assert custom(cloud) == [{"role": made.id, "members": [member]}]


@pytest.mark.parametrize("purged", [False, True])
def test_a_role_that_was_deleted_is_taken_from_its_member(
    cloud: Cloud, snapshots: Stack, member: str, purged: bool
) -> None:
    made = snapshots.create(member=member)
    cloud.api("iam").projects().roles().delete(name=made.id).execute()
    if purged:
        del cloud.gcp.iam.roles.named[made.id]
    assert custom(cloud) == [{"role": made.id, "members": [member]}]
    snapshots.delete(made)
    assert custom(cloud) == []


@pytest.mark.parametrize("api", ["iam", "cloudresourcemanager"])
def test_an_api_that_is_not_enabled_is_no_missing_role(
    cloud: Cloud, snapshots: Stack, member: str, api: str
) -> None:
    cloud.gcp.disabled = {f"{api}.googleapis.com"}
    with pytest.raises(ApiError, match=r"SERVICE_DISABLED.*Enable it by visiting") as told:
        snapshots.create(member=member)
    assert "may not" not in str(told.value)


@pytest.mark.parametrize("told", [True, False])
def test_an_id_that_is_not_free_again_is_named_with_what_to_do(
    cloud: Cloud,
    snapshots: Stack,
    member: str,
    monkeypatch: pytest.MonkeyPatch,
    told: bool,
) -> None:
    """Google does not document whether it still tells of such a role."""
    iam = cloud.gcp.iam
    made = snapshots.create(member=member)
    snapshots.delete(made)
    iam.roles.ended[made.id] -= 8 * DAY
    id = made.inputs["role_id"]
    with monkeypatch.context() as silent:
        if not told:
            silent.setattr(iam.roles, "get", lambda *_: iam.account("nobody"))
        with pytest.raises(ApiError, match=rf"{id} is that .* 37 days after .* another role_id"):
            snapshots.create(member=member)
    assert custom(cloud) == []
    iam.roles.ended[made.id] -= 30 * DAY
    assert snapshots.create(member=member).id == made.id


def test_another_s_role_is_not_taken(cloud: Cloud, snapshots: Stack, member: str) -> None:
    body = {"roleId": "theirs", "role": {"title": "Theirs"}}
    cloud.api("iam").projects().roles().create(parent=f"projects/{PROJECT}", body=body).execute()
    with pytest.raises(NotOwned, match="Give this one another role_id"):
        snapshots.create(member=member, role_id="theirs")


def test_a_role_that_two_have_is_not_imported(cloud: Cloud, snapshots: Stack, member: str) -> None:
    made = snapshots.create(member=member)
    (binding,) = custom(cloud)
    binding["members"] = [member, "user:ann@example.com"]
    with pytest.raises(NotImportable, match=r"user:ann@example\.com has it in the project"):
        snapshots.lifecycle.locate(made.id, {})


def test_a_role_of_another_project_is_not_imported(snapshots: Stack) -> None:
    with pytest.raises(NotImportable, match="it is no role in the project"):
        snapshots.lifecycle.locate("projects/other/roles/theirs", {})
