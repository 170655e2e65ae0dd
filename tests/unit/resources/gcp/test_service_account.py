from typing import Any

import pytest

from palette_backup_provider.clients.gcp.client import email_of, project_of
from palette_backup_provider.core.errors import Blocked, NotOwned, ProviderError
from tests.unit.resources.stack import Stack
from tests.unit.sandbox.gcp_server import Cloud

PROJECT = "sandbox-project"


def there(cloud: Cloud, email: str) -> Any:
    accounts = cloud.api("iam").projects().serviceAccounts()
    return accounts.get(name=f"projects/{PROJECT}/serviceAccounts/{email}").execute()


def make(cloud: Cloud, id: str) -> str:
    accounts = cloud.api("iam").projects().serviceAccounts()
    made = accounts.create(name=f"projects/{PROJECT}", body={"accountId": id}).execute()
    return str(made["email"])


def make_key(cloud: Cloud, email: str) -> str:
    keys = cloud.api("iam").projects().serviceAccounts().keys()
    made = keys.create(name=f"projects/{PROJECT}/serviceAccounts/{email}", body={}).execute()
    return str(made["name"].rpartition("/")[2])


def test_it_is_made_and_marked(cloud: Cloud, accounts: Stack) -> None:
    made = accounts.create()
    id, email = made.inputs["account_id"], made.inputs["email"]
    assert id.startswith("nightly-") and len(id) <= 30
    assert made.id == email == f"{id}@{PROJECT}.iam.gserviceaccount.com"
    found = there(cloud, email)
    assert found["displayName"] == "Palette backups"
    assert found["description"].endswith(made.outputs["__incarnation"])
    assert made.outputs["unique_id"] == found["uniqueId"]
    assert accounts.refresh(made).inputs == made.inputs  # type: ignore[union-attr]


@pytest.mark.parametrize("id", ["short", "a" * 31, "1account", "account-", "Account", "a_b_c_d"])
def test_ids_are_judged_before_anything_is_made(cloud: Cloud, accounts: Stack, id: str) -> None:
    assert "6 to 30 lower-case letters" in accounts.reasons(account_id=id)
    assert cloud.calls() == []


def test_a_made_id_begins_with_a_letter(accounts: Stack) -> None:
    assert accounts.check(__owner="a/b/c/42-nights:0a1b2c")["account_id"].startswith("nights-")


def test_one_that_was_disabled_is_enabled_again(cloud: Cloud, accounts: Stack) -> None:
    made = accounts.create()
    name = f"projects/{PROJECT}/serviceAccounts/{made.id}"
    cloud.api("iam").projects().serviceAccounts().disable(name=name, body={}).execute()
    seen = accounts.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "enabled": False}
    accounts.update(seen)
    assert not there(cloud, made.id).get("disabled")
    assert accounts.refresh(made) == made


def test_another_display_name_is_put_back(cloud: Cloud, accounts: Stack) -> None:
    made = accounts.create()
    about = {"serviceAccount": {"displayName": "Changed"}, "updateMask": "displayName"}
    name = f"projects/{PROJECT}/serviceAccounts/{made.id}"
    cloud.api("iam").projects().serviceAccounts().patch(name=name, body=about).execute()
    seen = accounts.refresh(made)
    assert seen and seen.inputs == {**made.inputs, "display_name": "Changed"}
    accounts.update(seen)
    assert there(cloud, made.id)["displayName"] == "Palette backups"
    assert accounts.refresh(made) == made


def test_update_keeps_the_notes(cloud: Cloud, accounts: Stack, keys: Stack) -> None:
    made = accounts.create()
    key = keys.create(service_account=made.id)
    note = f"0a1b2c={key.id[:10]}"
    assert note in there(cloud, made.id)["description"]
    accounts.update(made, display_name="Other")
    found = there(cloud, made.id)
    assert (found["displayName"], note in found["description"]) == ("Other", True)


def test_an_unused_one_of_an_interrupted_run_is_adopted(cloud: Cloud, accounts: Stack) -> None:
    first = accounts.create(account_id="backups")
    second = accounts.create(account_id="backups")
    assert first.outputs["unique_id"] == second.outputs["unique_id"]
    accounts.delete(first)
    assert there(cloud, second.id)
    foreign = make_key(cloud, second.id)
    with pytest.raises(NotOwned, match=f"keys that this stack did not make: {foreign}"):
        accounts.create(account_id="backups")
    with pytest.raises(Blocked, match=f"{foreign} .made 20.*, 0 days ago"):
        accounts.delete(second)


def test_another_s_is_not_taken(cloud: Cloud, accounts: Stack) -> None:
    make(cloud, "theirs-1")
    with pytest.raises(NotOwned, match="does not carry our mark"):
        accounts.create(account_id="theirs-1")


def test_delete_takes_noted_keys_along(cloud: Cloud, accounts: Stack, keys: Stack) -> None:
    made = accounts.create()
    keys.create(service_account=made.id)
    accounts.delete(made)
    assert accounts.refresh(made) is None


def test_an_existing_one_is_read_and_no_more(cloud: Cloud, accounts: Stack) -> None:
    assert "There is no service account" in accounts.reasons(account_id="theirs-1", existing=True)
    email = make(cloud, "theirs-1")
    for id in ("theirs-1", email):
        made = accounts.create(account_id=id, existing=True)
        assert made.id == made.inputs["email"] == email
        accounts.delete(made)
    assert "description" not in there(cloud, email)


def test_keys_that_are_not_found_yet_do_not_make_the_account_gone(
    cloud: Cloud, accounts: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = accounts.create()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(cloud.gcp.iam, "list_keys", lambda _: cloud.gcp.iam.account("nobody"))
        with pytest.raises(ProviderError, match="The rest is still there"):
            accounts.delete(made)
    assert there(cloud, made.id)
    accounts.delete(made)
    assert accounts.refresh(made) is None


def test_an_account_does_not_bring_itself(cloud: Cloud, accounts: Stack) -> None:
    made = accounts.create(account_id="nightly-1")
    for id in ("nightly-1", made.id):
        reasons = accounts.reasons(made.inputs, account_id=id, existing=True)
        assert f"made {made.id}" in reasons and "Leave existing out" in reasons
        assert not accounts.reasons(account_id=id, existing=True)


@pytest.mark.parametrize("project", ["my-project", "example.com:my-project"])
def test_the_project_is_told_by_the_email(project: str) -> None:
    assert project_of(email_of("backups", project)) == project


def test_other_emails_tell_no_project() -> None:
    assert project_of("1234-compute@developer.gserviceaccount.com") == "-"
