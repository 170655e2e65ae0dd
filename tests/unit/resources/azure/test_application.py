import pytest

from palette_backup_provider.core.errors import ApiError, NotFound, NotOwned, WaitTimedOut
from palette_backup_provider.resources.azure.application import ApplicationHandler
from palette_backup_provider.resources.azure.role_assignment import RoleAssignmentHandler
from palette_backup_provider.resources.azure.service_principal import ServicePrincipalHandler
from palette_backup_provider.sandbox.azure.directory import Application
from tests.unit.resources.azure.cloud import Cloud, killed
from tests.unit.resources.stack import OWNER, Clock, Stack, Thing


@pytest.fixture
def applications(cloud: Cloud) -> Stack:
    return cloud.stack(ApplicationHandler)


@pytest.fixture
def principals(cloud: Cloud) -> Stack:
    return cloud.stack(ServicePrincipalHandler)


def strangers(cloud: Cloud, name: str) -> Application:
    tenant = cloud.config["azure-native:tenantId"]
    made = Application(tenant, {"displayName": name}, unique_name=name, known=True)
    cloud.azure.entra.applications[made.id] = made
    return made


def test_it_is_found_by_its_unique_name_and_bears_the_mark(
    cloud: Cloud, applications: Stack
) -> None:
    made = applications.create(name="velero")
    (found,) = cloud.applications
    assert (found.unique_name, found.said["displayName"]) == ("velero", "velero")
    assert found.said["notes"].startswith(f"{OWNER}@")
    assert made.outputs["client_id"] == found.app_id
    assert made.outputs["tenant_id"] == cloud.config["azure-native:tenantId"]


def test_a_strangers_is_not_taken_over(cloud: Cloud, applications: Stack) -> None:
    theirs = strangers(cloud, "velero")
    with pytest.raises(NotOwned, match=f"client_id='{theirs.app_id}'"):
        applications.create(name="velero")
    assert "notes" not in theirs.said


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(3))
def test_a_retry_after_a_kill_leaves_one(
    cloud: Cloud, applications: Stack, when: str, index: int
) -> None:
    died = killed(cloud, when, index, lambda: applications.create(name="velero"))
    assert died == (index < 2 and (when, index) != ("die_after", 0))  # that call fails
    made = applications.create(name="velero")
    (found,) = cloud.applications
    assert found.id == made.id


def test_a_replaced_one_is_spared_by_the_delete_of_the_old(
    cloud: Cloud, applications: Stack
) -> None:
    old, new = applications.create(name="velero"), applications.create(name="velero")
    applications.delete(old)
    assert [one.id for one in cloud.applications] == [new.id]
    applications.delete(new)
    assert not cloud.applications and not cloud.azure.entra.deleted


def test_a_lost_answer_to_its_deletion_does_not_keep_its_name(
    cloud: Cloud, applications: Stack
) -> None:
    made = applications.create(name="velero")
    cloud.lost[f"DELETE {made.id}"] = NotFound("Repeated.", code="Request_ResourceNotFound")
    applications.delete(made)
    assert not cloud.applications and not cloud.azure.entra.deleted


def test_one_without_the_mark_is_not_deleted(cloud: Cloud, applications: Stack) -> None:
    made = applications.create()
    cloud.applications[0].said["notes"] = None
    with pytest.raises(NotOwned, match="no longer carries the mark"):
        applications.delete(made)


def test_a_new_name_of_the_stack_is_written(cloud: Cloud, applications: Stack) -> None:
    made = applications.create(name="velero")
    renamed = "acme/shop/prod/nightly:0a1b2c"
    applications.update(made, name="velero", __owner=renamed)
    assert cloud.applications[0].said["notes"].startswith(f"{renamed}@")


def test_a_name_that_a_deleted_one_still_has_is_told(cloud: Cloud, applications: Stack) -> None:
    theirs = strangers(cloud, "velero")
    cloud.azure.entra.deleted[theirs.id] = cloud.azure.entra.applications.pop(theirs.id)
    with pytest.raises(NotOwned, match="a deleted application"):
        applications.create(name="velero")


SAME_NAME = "Another object with the same value for property uniqueName already exists."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Request_MultipleObjectsWithSameKeyValue", "Taken."),
        ("Request_BadRequest", SAME_NAME),
    ],
)
def test_a_taken_name_is_known_in_all_its_shapes(
    cloud: Cloud, applications: Stack, code: str, said: str
) -> None:
    cloud.refused["PATCH applications(uniqueName='velero')"] = [
        ApiError(said, status=400, code=code)
    ]
    with pytest.raises(NotOwned, match="a deleted application"):
        applications.create(name="velero")


def test_a_principal_waits_for_its_application(
    cloud: Cloud, applications: Stack, principals: Stack, clock: Clock
) -> None:
    client_id = applications.create().outputs["client_id"]
    made = principals.create(client_id=client_id)
    assert clock.now > 0
    (found,) = [
        p for p in cloud.azure.entra.principals.values() if not p.application.known or p.said
    ]
    assert found.id == made.id == made.outputs["principal_id"]
    again = principals.create(client_id=client_id)
    principals.delete(made)
    assert made.id in cloud.azure.entra.principals
    principals.delete(again)
    assert made.id not in cloud.azure.entra.principals


def too_early(said: str) -> ApiError:
    return ApiError(f"Azure refused it: {said} Check its permission.", status=403, code="Denied")


LOCAL = "The backing application of the service principal being created must in the local tenant."


@pytest.mark.parametrize(
    "said", [LOCAL, "The appId 'x' does not reference a valid application object."]
)
def test_what_graph_says_of_an_application_made_a_moment_ago_is_waited_out(
    cloud: Cloud, applications: Stack, principals: Stack, said: str
) -> None:
    client_id = applications.create().outputs["client_id"]
    cloud.refused[f"PATCH servicePrincipals(appId='{client_id}')"] = [too_early(said)]
    assert principals.create(client_id=client_id).id in cloud.azure.entra.principals


def test_what_graph_goes_on_saying_is_told(
    cloud: Cloud, applications: Stack, principals: Stack
) -> None:
    client_id = applications.create().outputs["client_id"]
    cloud.refused[f"PATCH servicePrincipals(appId='{client_id}')"] = [too_early(LOCAL)] * 100
    with pytest.raises(WaitTimedOut, match=r"local tenant\. Check its permission"):
        principals.create(client_id=client_id)
    cloud.refused.clear()
    denied = ApiError("Insufficient privileges.", status=403, code="Authorization_RequestDenied")
    cloud.refused[f"PATCH servicePrincipals(appId='{client_id}')"] = [denied]
    with pytest.raises(ApiError, match="Insufficient privileges"):
        principals.create(client_id=client_id)


def test_an_existing_principal_is_found_by_its_application_and_left_alone(
    cloud: Cloud, applications: Stack, principals: Stack, clock: Clock
) -> None:
    client_id = applications.create().outputs["client_id"]
    before = clock.now
    assert "There is no service principal of the application" in principals.reasons(
        client_id=client_id, existing=True
    )
    assert clock.now > before
    made = cloud.stack(ServicePrincipalHandler).create(client_id=client_id)
    existing = principals.create(client_id=client_id, existing=True)
    assert existing.id == made.id
    principals.delete(existing)
    (found,) = [p for p in cloud.azure.entra.principals.values() if p.said.get("notes")]
    assert found.id == made.id


def test_a_principal_that_may_not_be_looked_at_is_used_all_the_same(
    cloud: Cloud, applications: Stack, principals: Stack
) -> None:
    client_id = applications.create().outputs["client_id"]
    denied = ApiError("Insufficient privileges.", status=403, code="Authorization_RequestDenied")
    cloud.refused[f"GET servicePrincipals(appId='{client_id}')"] = [denied] * 10
    assert principals.create(client_id=client_id, existing=True).id == client_id


def test_a_principal_does_not_bring_itself(
    cloud: Cloud, applications: Stack, principals: Stack
) -> None:
    client_id = applications.create().outputs["client_id"]
    made = principals.create(client_id=client_id)
    for same in (client_id, client_id.upper()):
        reasons = principals.reasons(made.inputs, client_id=same, existing=True)
        assert f"made {same}" in reasons and "Leave existing out" in reasons
    assert not principals.reasons(client_id=client_id, existing=True)


def test_a_role_is_given_once_by_a_name_that_follows(
    cloud: Cloud, applications: Stack, principals: Stack, clock: Clock
) -> None:
    given = assigned(cloud, applications, principals)
    roles = cloud.stack(RoleAssignmentHandler)
    again = roles.create(**{k: given.inputs[k] for k in ("scope", "role", "principal_id")})
    assert again.id == given.id
    assert [one.id for one in cloud.assignments] == [given.id]
    roles.delete(given)
    assert [one.id for one in cloud.assignments] == [given.id]
    roles.delete(again)
    assert not cloud.assignments


def test_a_role_that_was_given_by_others_is_left_alone(
    cloud: Cloud, applications: Stack, principals: Stack
) -> None:
    given = assigned(cloud, applications, principals)
    wanted = {k: given.inputs[k] for k in ("scope", "role", "principal_id")}
    roles = cloud.stack(RoleAssignmentHandler)
    (theirs,) = cloud.assignments
    theirs.said["description"] = None
    with pytest.raises(NotOwned, match="does not carry our mark"):
        roles.create(**wanted)
    with pytest.raises(NotOwned, match="no longer carries the mark"):
        roles.delete(given)
    del cloud.azure.arm.access.assignments[theirs.id.lower()]
    theirs.id = theirs.id[:-1] + ("0" if theirs.id[-1] != "0" else "1")
    cloud.azure.arm.access.assignments[theirs.id.lower()] = theirs
    with pytest.raises(NotOwned, match="by an assignment that was not made here"):
        roles.create(**wanted)


def test_a_role_has_a_name_or_a_guid_and_a_scope_an_id(cloud: Cloud) -> None:
    roles = cloud.stack(RoleAssignmentHandler)
    nobody = "00000000-0000-0000-0000-000000000001"
    wrong = roles.reasons(scope="my-group", role="Backup King", principal_id="velero")
    for path in ("scope", "role", "principal_id"):
        assert f"{path}: " in wrong
    scope = f"/subscriptions/{nobody}/resourceGroups/g"
    assert not roles.reasons(scope=scope, role=nobody, principal_id=nobody)


def assigned(cloud: Cloud, applications: Stack, principals: Stack) -> Thing:
    client_id = applications.create().outputs["client_id"]
    principal = principals.create(client_id=client_id).id
    return cloud.stack(RoleAssignmentHandler).create(
        scope=f"/subscriptions/{cloud.config['azure-native:subscriptionId']}",
        role="Reader and Data Access",
        principal_id=principal,
    )


def test_the_name_of_one_whose_deletion_was_interrupted_is_free(
    cloud: Cloud, applications: Stack
) -> None:
    applications.create(name="velero")
    (ours,) = cloud.applications
    cloud.azure.entra.deleted[ours.id] = cloud.azure.entra.applications.pop(ours.id)
    applications.create(name="velero")
    (made,) = cloud.applications
    assert made.id != ours.id
    assert not cloud.azure.entra.deleted
