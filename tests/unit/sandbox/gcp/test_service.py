import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core.exceptions import Conflict, Forbidden, NotFound, PreconditionFailed
from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError

from palette_backup_provider.sandbox.backing import Backing, Credential
from palette_backup_provider.sandbox.gcp.calls import CALLS
from palette_backup_provider.sandbox.gcp.iam import KEY_HOURS, NO_KEYS
from palette_backup_provider.sandbox.gcp.inspector import inspect
from palette_backup_provider.sandbox.gcp.roles import DAY
from palette_backup_provider.sandbox.gcp.service import OTHER_PROJECT, PROJECT
from palette_backup_provider.sandbox.gcp.validator import GcpValidator
from palette_backup_provider.sandbox.palette.errors import Refusal
from tests.gcp_signer import SCOPES
from tests.unit.sandbox import gcp_server
from tests.unit.sandbox.gcp.discovery import errors, methods
from tests.unit.sandbox.gcp_server import Cloud

ADMIN = "roles/storage.objectAdmin"


one, cloud = gcp_server.one, gcp_server.cloud


def account(cloud: Cloud, id: str = "backups") -> str:
    accounts = cloud.api("iam").projects().serviceAccounts()
    made = accounts.create(name=f"projects/{PROJECT}", body={"accountId": id}).execute()
    return str(made["email"])


def key(cloud: Cloud, email: str) -> str:
    keys = cloud.api("iam").projects().serviceAccounts().keys()
    made = keys.create(name=f"projects/{PROJECT}/serviceAccounts/{email}", body={}).execute()
    return b64decode(made["privateKeyData"]).decode()


def grant(cloud: Cloud, bucket: str, email: str, role: str = ADMIN) -> None:
    there = cloud.storage().bucket(bucket)
    policy = there.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": role, "members": {f"serviceAccount:{email}"}})
    there.set_iam_policy(policy)


def test_what_is_behind_a_location(cloud: Cloud) -> None:
    email = account(cloud)
    text = key(cloud, email)
    config = {"bucketName": "backups", "credentials": {"jsonCredentials": text}}
    credential = Credential(json.loads(text)["private_key_id"], cloud.now)
    assert inspect(cloud.gcp, config) == Backing(False, email, credential)
    cloud.storage().create_bucket("backups")
    assert inspect(cloud.gcp, config) == Backing(True, email, credential)
    cloud.api("iam").projects().serviceAccounts().delete(
        name=f"projects/-/serviceAccounts/{email}"
    ).execute()
    assert inspect(cloud.gcp, config) == Backing(True)
    for odd in ("no JSON", "[]", "{}", "null"):
        assert inspect(cloud.gcp, config | {"credentials": {"jsonCredentials": odd}}) == Backing(
            True
        )


@pytest.fixture
def shown(cloud: Cloud) -> str:
    """The key of an account that may use the bucket `backups`."""
    cloud.storage().create_bucket("backups")
    email = account(cloud)
    grant(cloud, "backups", email)
    return key(cloud, email)


def test_every_call_is_documented_by_google() -> None:
    assert CALLS.keys() <= methods().keys()


def test_the_judge_refuses_what_google_does_not_know() -> None:
    assert list(errors("storage.v1", "Bucket", {"name": "b", "loction": "EU"}, patch=False))
    assert not list(errors("storage.v1", "Bucket", {"name": "b", "labels": None}, patch=True))
    assert list(errors("storage.v1", "Bucket", {"name": "b", "labels": None}, patch=False))


def test_google_s_own_client_backs_up(cloud: Cloud, shown: str) -> None:
    bucket = cloud.storage(shown).bucket("backups")
    bucket.blob("a/b").upload_from_string(b"data")
    assert bucket.blob("a/b").download_as_bytes() == b"data"
    assert [blob.name for blob in bucket.list_blobs(prefix="a/")] == ["a/b"]
    assert bucket.test_iam_permissions(["storage.objects.get", "storage.buckets.delete"]) == [
        "storage.objects.get"
    ]
    bucket.blob("a/b").delete()
    with pytest.raises(NotFound):
        bucket.blob("a/b").download_as_bytes()


def test_a_project_is_found_by_id_and_by_number(cloud: Cloud, shown: str) -> None:
    found = cloud.api("cloudresourcemanager").projects().get(projectId=PROJECT).execute()
    number = found["projectNumber"]
    by_number = cloud.api("cloudresourcemanager").projects().get(projectId=number).execute()
    assert by_number == found and found["projectId"] == PROJECT
    with pytest.raises(HttpError, match="403"):
        cloud.api("cloudresourcemanager", key=shown).projects().get(projectId=number).execute()


def test_a_project_tells_what_its_policy_grants(cloud: Cloud, shown: str) -> None:
    def granted(*permissions: str, key: str = "", project: str = PROJECT) -> Any:
        projects = cloud.api("cloudresourcemanager", key=key).projects()
        body = {"permissions": permissions}
        return projects.testIamPermissions(resource=project, body=body).execute()

    asked = ("storage.buckets.create", "iam.roles.undelete", "compute.disks.create")
    assert granted(*asked) == {"permissions": [*asked[:2]]}
    assert granted(*asked, key=shown) == granted(*asked, project="no-such-project") == {}
    for wrong in (("storage.*",), asked * 40):
        with pytest.raises(HttpError, match="400"):
            granted(*wrong)


def test_a_role_on_one_bucket_reaches_no_other(cloud: Cloud, shown: str) -> None:
    cloud.storage().create_bucket("others")
    client = cloud.storage(shown)
    calls: list[Callable[[], Any]] = [
        lambda: client.bucket("others").blob("x").upload_from_string(b""),
        lambda: list(client.bucket("others").list_blobs()),
        lambda: client.get_bucket("backups"),
        lambda: client.create_bucket("more"),
    ]
    for call in calls:
        with pytest.raises(Forbidden, match=r"does not have storage\..* access"):
            call()
    with pytest.raises(HttpError, match=r"Permission 'iam\.serviceAccounts\.create' denied"):
        cloud.api("iam", key=shown).projects().serviceAccounts().create(
            name=f"projects/{PROJECT}", body={"accountId": "intruder"}
        ).execute()


def test_a_key_of_the_right_id_and_the_wrong_secret_is_refused(cloud: Cloud, shown: str) -> None:
    other = json.loads(key(cloud, account(cloud, "another")))
    forged = json.dumps({**json.loads(shown), "private_key": other["private_key"]})
    with pytest.raises(RefreshError, match="invalid_grant: Invalid JWT Signature"):
        list(cloud.storage(forged).list_blobs("backups"))


def test_a_disabled_role_grants_nothing_and_stays_bound(cloud: Cloud) -> None:
    cloud.storage().create_bucket("backups")
    email, roles = account(cloud), cloud.api("iam").projects().roles()
    lists = {"includedPermissions": ["storage.objects.list"], "stage": "GA"}
    body = {"roleId": "lister", "role": lists}
    role = roles.create(parent=f"projects/{PROJECT}", body=body).execute()["name"]
    grant(cloud, "backups", email, role)
    client = cloud.storage(key(cloud, email))
    assert list(client.list_blobs("backups")) == []
    roles.patch(name=role, body={"stage": "DISABLED"}, updateMask="stage").execute()
    assert roles.get(name=role).execute()["stage"] == "DISABLED"
    grant(cloud, "backups", account(cloud, "another"))  # writes the whole policy, ours in it
    with pytest.raises(Forbidden, match=r"does not have storage\.objects\.list access"):
        list(client.list_blobs("backups"))
    roles.patch(name=role, body={"stage": "GA"}, updateMask="stage").execute()
    assert list(client.list_blobs("backups")) == []


def test_a_deleted_role_is_restored_for_a_week_and_keeps_its_id_longer(cloud: Cloud) -> None:
    roles, ended = cloud.api("iam").projects().roles(), cloud.gcp.iam.roles.ended
    what = {"parent": f"projects/{PROJECT}", "body": {"roleId": "lister", "role": {}}}
    name = roles.create(**what).execute()["name"]
    for days, restorable in ((6, True), (8, False)):
        roles.delete(name=name).execute()
        ended[name] -= days * DAY
        with pytest.raises(HttpError, match="marked for deletion"):
            roles.create(**what).execute()
        if restorable:
            roles.undelete(name=name, body={}).execute()
    with pytest.raises(HttpError, match="can't be undeleted"):
        roles.undelete(name=name, body={}).execute()
    ended[name] -= 30 * DAY
    assert "deleted" not in roles.create(**what).execute()


@pytest.mark.parametrize("what", ["delete", "disable", "account"])
def test_a_key_that_is_gone_is_refused(cloud: Cloud, shown: str, what: str) -> None:
    accounts = cloud.api("iam").projects().serviceAccounts()
    known = json.loads(shown)
    name = f"projects/{PROJECT}/serviceAccounts/{known['client_email']}"
    if what == "account":
        accounts.delete(name=name).execute()
    else:
        whole = f"{name}/keys/{known['private_key_id']}"
        getattr(accounts.keys(), what)(name=whole).execute()
    with pytest.raises(RefreshError, match="invalid_grant"):
        list(cloud.storage(shown).list_blobs("backups"))


def test_a_fresh_key_is_unknown_for_a_while(cloud: Cloud, shown: str) -> None:
    cloud.conditions.delay = 5
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        list(cloud.storage(shown).list_blobs("backups"))
    cloud.now += 6
    assert list(cloud.storage(shown).list_blobs("backups")) == []


def test_a_token_outlives_no_account(cloud: Cloud, shown: str) -> None:
    client = cloud.storage(shown)
    assert list(client.list_blobs("backups")) == []
    email = json.loads(shown)["client_email"]
    accounts = cloud.api("iam").projects().serviceAccounts()
    accounts.delete(name=f"projects/{PROJECT}/serviceAccounts/{email}").execute()
    account(cloud)  # another principal of the same email
    grant_still = cloud.storage().bucket("backups").get_iam_policy(requested_policy_version=3)
    members = {m for b in grant_still.bindings if b["role"] == ADMIN for m in b["members"]}
    assert [m.startswith(f"deleted:serviceAccount:{email}?uid=") for m in members] == [True]
    with pytest.raises((RefreshError, HttpError, Forbidden)):
        list(client.list_blobs("backups"))


def test_each_delegate_must_be_allowed_to_act_as_the_next(cloud: Cloud) -> None:
    deployer = f"deployer@{OTHER_PROJECT}.iam.gserviceaccount.com"
    between = account(cloud, "between")

    def token(key: str, *delegates: str) -> str:
        """As the deployer, whom the operator may act as."""
        accounts = cloud.api("iamcredentials", key=key).projects().serviceAccounts()
        chain = [f"projects/-/serviceAccounts/{each}" for each in delegates]
        body = {"delegates": chain, "scope": SCOPES}
        asked = accounts.generateAccessToken(
            name=f"projects/-/serviceAccounts/{deployer}", body=body
        )
        return str(asked.execute()["accessToken"])

    assert token(cloud.key)
    with pytest.raises(HttpError, match="getAccessToken' denied"):
        token(cloud.key, between)
    creator = {"role": "roles/iam.serviceAccountTokenCreator"}
    projects = cloud.gcp.iam.projects
    operator = f"serviceAccount:operator@{PROJECT}.iam.gserviceaccount.com"
    projects[PROJECT].bindings.append({**creator, "members": [operator]})
    with pytest.raises(HttpError, match="getAccessToken' denied"):
        token(cloud.key, between)
    projects[OTHER_PROJECT].bindings.append({**creator, "members": [f"serviceAccount:{between}"]})
    assert token(cloud.key, between)
    with pytest.raises(HttpError, match="getAccessToken' denied"):
        token(cloud.other_key, between)


def test_policies_are_written_by_who_read_them_last(cloud: Cloud) -> None:
    bucket = cloud.storage().create_bucket("backups")
    stale = bucket.get_iam_policy(requested_policy_version=3)
    grant(cloud, "backups", account(cloud))
    with pytest.raises(PreconditionFailed):
        bucket.set_iam_policy(stale)


def test_a_member_must_exist(cloud: Cloud) -> None:
    cloud.storage().create_bucket("backups")
    with pytest.raises(Exception, match="Service account no@no does not exist"):
        grant(cloud, "backups", "no@no")


def test_addresses_are_kept_in_lower_case(cloud: Cloud) -> None:
    bucket = cloud.storage().create_bucket("backups")
    pool = "principal://iam.googleapis.com/projects/1/subject/Nightly"
    policy = bucket.get_iam_policy(requested_policy_version=3)
    members = {"group:Admins@Example.com", "domain:Example.com", pool}
    policy.bindings.append({"role": ADMIN, "members": members})
    found = bucket.set_iam_policy(policy).bindings[-1]["members"]
    assert set(found) == {"group:admins@example.com", "domain:example.com", pool}


def test_bucket_names_are_taken_and_buckets_must_be_empty(cloud: Cloud) -> None:
    bucket = cloud.storage().create_bucket("backups")
    with pytest.raises(Conflict, match="you already own it"):
        cloud.storage().create_bucket("backups")
    with pytest.raises(Conflict, match="is not available"):
        cloud.storage(cloud.other_key).create_bucket("backups", project="other-project")
    bucket.blob("x").upload_from_string(b"")
    with pytest.raises(Conflict, match="not empty"):
        bucket.delete()


def test_versions_stay_until_they_are_deleted(cloud: Cloud) -> None:
    bucket = cloud.storage().create_bucket("backups")
    bucket.versioning_enabled = True
    bucket.patch()
    for _ in range(2):
        bucket.blob("x").upload_from_string(b"")
    bucket.blob("x").delete()
    assert list(bucket.list_blobs()) == []
    assert len(list(bucket.list_blobs(versions=True))) == 2


def test_lists_come_in_pages_and_folders(cloud: Cloud) -> None:
    bucket = cloud.storage().create_bucket("backups")
    for name in ("a/1", "a/2", "b/1", "c"):
        bucket.blob(name).upload_from_string(b"")
    assert [b.name for b in bucket.list_blobs(page_size=1)] == ["a/1", "a/2", "b/1", "c"]
    found = bucket.list_blobs(delimiter="/")
    assert [b.name for b in found] == ["c"]
    assert found.prefixes == {"a/", "b/"}


def test_an_api_that_is_not_enabled_says_so_in_its_own_shape(cloud: Cloud) -> None:
    cloud.gcp.disabled = {"iam.googleapis.com", "storage.googleapis.com"}
    with pytest.raises(HttpError, match="has not been used in project 123") as told:
        account(cloud)
    error = json.loads(told.value.content)["error"]
    assert (error["status"], error["details"][0]["reason"]) == (
        "PERMISSION_DENIED",
        "SERVICE_DISABLED",
    )
    with pytest.raises(Forbidden, match="has not been used in project 123") as refused:
        cloud.storage().create_bucket("backups")
    assert refused.value.errors[0]["reason"] == "accessNotConfigured"


def test_organisation_policies_hold(cloud: Cloud) -> None:
    email = account(cloud)
    cloud.gcp.iam.constraints = {KEY_HOURS: 168}
    keys = cloud.api("iam").projects().serviceAccounts().keys()
    made = keys.create(name=f"projects/-/serviceAccounts/{email}", body={}).execute()
    assert not made["validBeforeTime"].startswith("9999")
    cloud.gcp.iam.constraints = {NO_KEYS: 1}
    with pytest.raises(HttpError, match=NO_KEYS):
        keys.create(name=f"projects/-/serviceAccounts/{email}", body={}).execute()


def validate(cloud: Cloud, credentials: str, bucket: str = "backups") -> None:
    body = {"bucketName": bucket, "credentials": {"jsonCredentials": credentials}}
    GcpValidator(cloud.url)(body)


def test_palette_s_validate_call_uses_the_credential(cloud: Cloud, shown: str) -> None:
    validate(cloud, shown)
    cloud.storage().create_bucket("others")
    for credentials, bucket, told in [
        (shown, "others", "does not have storage.objects.list access"),
        (shown, "no-such", "does not exist"),
        ("{}", "backups", "is not the key of a service account"),
    ]:
        with pytest.raises(Refusal, match=told):
            validate(cloud, credentials, bucket)
    cloud.gcp.iam.keys.clear()
    with pytest.raises(Refusal, match="invalid_grant"):
        validate(cloud, shown)
