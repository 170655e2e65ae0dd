from datetime import timedelta

import pytest

from palette_backup_provider.core.errors import ApiError, NotFound, WaitTimedOut
from palette_backup_provider.core.secrets import cleared
from palette_backup_provider.resources.azure.application import ApplicationHandler
from palette_backup_provider.resources.azure.client_secret import ClientSecretHandler
from palette_backup_provider.resources.azure.retiring_secret import RetiringSecretHandler
from tests.unit.resources.azure.cloud import Cloud, killed
from tests.unit.resources.stack import Clock, Stack, Thing

STRANGER = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def application(cloud: Cloud) -> Thing:
    """An application that this stack made."""
    return cloud.stack(ApplicationHandler).create()


@pytest.fixture
def secrets(cloud: Cloud) -> Stack:
    return cloud.stack(ClientSecretHandler)


def texts(cloud: Cloud) -> list[str]:
    (application,) = cloud.applications
    return [secret.text for secret in application.secrets]


def make(secrets: Stack, application: Thing) -> Thing:
    return secrets.create(client_id=application.outputs["client_id"])


def test_a_secret_is_made_and_cleared_from_texts(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    made = make(secrets, application)
    text = made.outputs["client_secret"]
    assert texts(cloud) == [text]
    assert text not in cleared(f"the secret is {text}")
    assert made.outputs["key_id"] == made.id
    assert made.outputs["tenant_id"] == cloud.config["azure-native:tenantId"]
    assert made.outputs["expires"].startswith("2028-")


def test_it_is_good_for_as_long_as_asked(secrets: Stack, application: Thing) -> None:
    client_id = application.outputs["client_id"]
    made = secrets.create(client_id=client_id, valid_days=1)
    assert made.outputs["expires"] < "2028"
    for days in (0, 3651):
        assert "valid_days" in secrets.reasons(client_id=client_id, valid_days=days)


def test_a_client_id_is_a_guid(secrets: Stack) -> None:
    assert "a GUID" in secrets.reasons(client_id="velero")


@pytest.mark.parametrize("when", ["die_before", "die_after"])
@pytest.mark.parametrize("index", range(5))
def test_a_retry_after_a_kill_leaves_one_secret(
    cloud: Cloud, secrets: Stack, application: Thing, when: str, index: int
) -> None:
    died = killed(cloud, when, index, lambda: make(secrets, application))
    assert died == (index < 4)  # there are four calls
    if died and (when, index) != ("die_after", 3):  # then all was done but to say so
        made = make(secrets, application)
        assert texts(cloud) == [made.outputs["client_secret"]]


def test_a_replacement_leaves_the_secret_in_use_until_it_is_deleted(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    old, new = make(secrets, application), make(secrets, application)
    assert texts(cloud) == [old.outputs["client_secret"], new.outputs["client_secret"]]
    secrets.delete(old)
    assert texts(cloud) == [new.outputs["client_secret"]]
    secrets.delete(old)
    secrets.delete(new)
    assert texts(cloud) == []
    assert cloud.applications[0].said["tags"] == []


def test_an_application_that_is_not_ours_is_not_cleaned(
    cloud: Cloud, secrets: Stack, application: Thing, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.applications[0].said["notes"] = "somebody's"
    old, new = make(secrets, application), make(secrets, application)
    assert texts(cloud) == [old.outputs["client_secret"], new.outputs["client_secret"]]
    assert old.id in capsys.readouterr().out
    assert "tags" not in cloud.applications[0].said


def test_an_answer_that_gets_lost_leaves_no_secret_that_nobody_knows(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    cloud.lost["POST addPassword"] = ApiError("no answer", status=0)
    made = make(secrets, application)
    assert texts(cloud) == [made.outputs["client_secret"]]


UNKNOWN = NotFound("Resource 'x' does not exist.", code="Request_ResourceNotFound")


def test_an_application_that_is_not_known_everywhere_is_waited_for(
    cloud: Cloud, secrets: Stack, application: Thing, clock: Clock
) -> None:
    client_id = application.outputs["client_id"]
    cloud.refused["POST addPassword"] = [UNKNOWN]
    cloud.refused[f"PATCH applications(appId='{client_id}')"] = [UNKNOWN]
    made = make(secrets, application)
    assert clock.now > 0
    assert texts(cloud) == [made.outputs["client_secret"]]
    cloud.refused["POST addPassword"] = [UNKNOWN] * 100
    with pytest.raises(
        WaitTimedOut, match=f"of the application {application.outputs['client_id']}: gave"
    ):
        make(secrets, application)


@pytest.mark.parametrize("code", ["ConcurrencyViolation", "Directory_ConcurrencyViolation"])
def test_another_change_of_the_application_at_the_same_time_is_waited_out(
    cloud: Cloud, secrets: Stack, application: Thing, code: str
) -> None:
    at_once = ApiError("Concurrent.", status=409, code=code)
    cloud.refused["POST addPassword"] = [at_once]
    client_id = application.outputs["client_id"]
    cloud.refused[f"PATCH applications(appId='{client_id}')"] = [at_once]
    made = make(secrets, application)
    assert texts(cloud) == [made.outputs["client_secret"]]


def test_a_lost_answer_of_an_application_that_is_not_known_everywhere(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    client_id = application.outputs["client_id"]
    cloud.lost["POST addPassword"] = ApiError("no answer", status=0)
    cloud.refused[f"GET applications(appId='{client_id}')"] = [None, UNKNOWN]
    made = make(secrets, application)
    assert texts(cloud) == [made.outputs["client_secret"]]


def test_a_secret_that_is_gone_is_told_from_an_application_that_is(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    made = make(secrets, application)
    found = secrets.refresh(made)
    assert found and found.outputs["client_secret"] == made.outputs["client_secret"]
    cloud.applications[0].secrets.clear()
    assert secrets.refresh(made) is None
    secrets.delete(made)


def test_a_secret_that_cannot_be_removed_yet_is_not_taken_as_gone(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    made = make(secrets, application)
    cloud.refused["POST removePassword"] = [UNKNOWN]
    with pytest.raises(ApiError, match=r"not know it everywhere yet\. Wait a minute"):
        secrets.delete(made)
    assert texts(cloud) == [made.outputs["client_secret"]]
    client_id = application.outputs["client_id"]
    cloud.refused[f"PATCH applications(appId='{client_id}')"] = [UNKNOWN]
    with pytest.raises(ApiError, match="not know it everywhere yet"):
        secrets.delete(made)
    secrets.delete(made)
    assert texts(cloud) == [] and cloud.applications[0].said["tags"] == []


def test_a_secret_that_goes_meanwhile_is_removed(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    made = make(secrets, application)
    cloud.lost["POST removePassword"] = UNKNOWN
    secrets.delete(made)
    assert texts(cloud) == [] and cloud.applications[0].said["tags"] == []


def test_an_unknown_application_is_named(secrets: Stack) -> None:
    with pytest.raises(NotFound, match=f"no application {STRANGER} in the tenant"):
        secrets.create(client_id=STRANGER)


def test_a_policy_against_secrets_is_explained(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    cloud.azure.graph.forbids_secrets = True
    with pytest.raises(ApiError, match="Have the application exempted"):
        make(secrets, application)


def test_a_rotation_makes_one_more_secret_and_the_old_one_goes_later(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    client_id = application.outputs["client_id"]
    old = make(secrets, application)
    new = secrets.update(old, client_id=client_id, rotation="now")
    both = [old.outputs["client_secret"], new.outputs["client_secret"]]
    assert texts(cloud) == both
    assert new.outputs["previous"] == old.id
    assert not secrets.differs(new, client_id=client_id, rotation="now")
    assert secrets.refresh(new) == new

    beside = cloud.stack(RetiringSecretHandler)
    beside.delete(beside.create(client_id=client_id, __told=old.id))
    assert texts(cloud) == both[1:]
    secrets.delete(new)
    assert texts(cloud) == []
    assert cloud.applications[0].said["tags"] == []


def test_rotations_wait_for_the_end_of_a_secret_that_a_location_never_let_go_of(
    cloud: Cloud, secrets: Stack, application: Thing
) -> None:
    client_id = application.outputs["client_id"]
    first = make(secrets, application)
    for secret in cloud.applications[0].secrets:
        secret.starts -= timedelta(days=1)
    thing = secrets.update(first, client_id=client_id, rotation="a", retire_after=0)
    for rotation in "bc":
        assert not secrets.differs(thing, client_id=client_id, rotation=rotation, retire_after=0)
    assert first.outputs["client_secret"] in texts(cloud)


@pytest.mark.parametrize("index", range(4))
def test_a_rotation_that_was_killed_spares_the_secret_in_use(
    cloud: Cloud, secrets: Stack, application: Thing, index: int
) -> None:
    client_id = application.outputs["client_id"]
    old = make(secrets, application)
    killed(
        cloud,
        "die_after",
        index,
        lambda: secrets.update(old, client_id=client_id, rotation="now"),
    )
    new = secrets.update(old, client_id=client_id, rotation="now")
    assert texts(cloud)[0] == old.outputs["client_secret"]
    assert texts(cloud)[-1] == new.outputs["client_secret"]
    assert len(texts(cloud)) == 2
