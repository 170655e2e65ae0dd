"""Azure as the storage of a location: its rules, and how its credential is tried."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from palette_backup_provider.clients.azure.trial import AzureBlobClient
from palette_backup_provider.core.errors import ApiError, WaitTimedOut
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.core.velero import PROBE_PREFIX
from palette_backup_provider.resources.palette.storage.azure_blob import (
    AzureBlobStorage,
)
from tests.unit.clients.loopback import FakeTime
from tests.unit.resources.palette.tenant import Tenant, flat

GUID = "00000000-0000-0000-0000-00000000000"
KEYS = {
    "tenant_id": f"{GUID}1",
    "client_id": f"{GUID}2",
    "client_secret": "never-to-be-printed",
    "subscription_id": f"{GUID}3",
}
STORAGE: dict[str, Any] = {
    "container": "backups",
    "storage_account": "account1",
    "resource_group": "rg",
    "credentials": KEYS,
}


def storage(**more: Any) -> AzureBlobStorage:
    return AzureBlobStorage.model_validate({**STORAGE, **more})


def unset() -> Run:
    """The clients of a stack without settings."""
    return Run(Settings(lambda _: None, {}))


def refusal(code: str) -> ApiError:
    return ApiError(f"Azure refused it ({code}).", status=403, code=code)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"credentials": {**KEYS, "tenant_id": "my-tenant"}}, "tenant_id"),
        ({"credentials": {**KEYS, "client_id": "velero"}}, "client_id"),
        ({"credentials": {**KEYS, "subscription_id": "mine"}}, "subscription_id"),
        ({"storage_account": "My-Acct"}, "storage_account"),
        ({"container": "a/b"}, "container"),
        ({"client_cloud": "usgovernment"}, "client_cloud"),
        ({"resource_group": ""}, "resource_group"),
    ],
)
def test_inputs_that_break_a_rule(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        storage(**given)
    assert [error["loc"][-1] for error in caught.value.errors()] == [field]
    assert KEYS["client_secret"] not in str(caught.value)


def test_palette_is_told_all_of_it_and_tells_it_back() -> None:
    have = storage(sku="Standard_GRS", client_cloud="azure-china")
    config = have.config()
    assert config["storageName"] == "account1" and config["sku"] == "Standard_GRS"
    assert config["credentials"]["clientCloud"] == "azure-china"
    config["credentials"]["clientSecret"] = "**********"
    assert AzureBlobStorage.observed(config, have) == have
    alone = AzureBlobStorage.observed(config, None)
    assert alone.credentials.client_secret == ""
    assert "sku" not in storage().config()


LOCATION: dict[str, Any] = {
    "storage": {"kind": "azure", **STORAGE, "sku": "Standard_GRS", "client_cloud": "azure-china"},
    "name": "n",
    "probe": False,
    "palette_validate": False,
}


@pytest.mark.parametrize(
    ("told", "value", "field"),
    [
        ("containerName", "others", "container"),
        ("storageName", "account2", "storage_account"),
        ("resourceGroup", "rg2", "resource_group"),
        ("sku", "Premium_LRS", "sku"),
        ("sku", "", "sku"),
        ("credentials.tenantId", f"{GUID}9", "credentials.tenant_id"),
        ("credentials.clientId", f"{GUID}9", "credentials.client_id"),
        ("credentials.subscriptionId", f"{GUID}9", "credentials.subscription_id"),
        ("credentials.clientCloud", "azure-government", "client_cloud"),
        ("credentials.clientCloud", "", "client_cloud"),
    ],
)
def test_what_others_change_is_told_and_put_back(
    tenant: Tenant, told: str, value: str, field: str
) -> None:
    made = tenant.stack().create(**LOCATION)
    config = tenant.changed().body["spec"]["config"]
    before = deepcopy(config)
    above, _, key = told.rpartition(".")
    (config[above] if above else config)[key] = value
    stack = tenant.stack()
    refreshed = stack.refresh(made)
    assert refreshed
    was, now = flat(made.inputs), flat(refreshed.inputs)
    assert {path for path in was | now if was.get(path) != now.get(path)} == {f"storage.{field}"}
    stack.update(refreshed, **LOCATION)
    assert tenant.only().body["spec"]["config"] == before


def test_what_nobody_changed_is_as_it_was(tenant: Tenant) -> None:
    made = tenant.stack().create(**LOCATION)
    tenant.changed()
    refreshed = tenant.stack().refresh(made)
    assert refreshed and refreshed.inputs == made.inputs
    assert not tenant.stack().differs(refreshed, **LOCATION)


def test_another_account_or_container_is_another_place() -> None:
    moved = [storage(container="b"), storage(storage_account="other"), storage(sku="Premium_LRS")]
    assert [one.location_key() == storage().location_key() for one in moved] == [False, False, True]


class Azure:
    """Stands in for the client: answers with errors, then lets pass."""

    def __init__(self, patch: pytest.MonkeyPatch, *errors: ApiError, every: ApiError | None = None):
        self.time, self.tries, self.names = FakeTime(), 0, list[str]()
        self._errors, self._every = list(errors), every
        patch.setattr(AzureBlobClient, "round_trip", lambda _, *args: self._try(args[2]))
        self.patience = Patience(600, "palette:azureWait", self.time.clock, self.time.sleep)
        self.run = unset()

    def _try(self, name: str) -> None:
        self.tries += 1
        self.names.append(name)
        if self._errors:
            raise self._errors.pop(0)
        if self._every:
            raise self._every


def test_what_a_fresh_secret_and_role_meet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = ("AADSTS700016", "AADSTS7000215", "AuthorizationFailed")
    azure = Azure(monkeypatch, *map(refusal, codes))
    storage().probe(azure.run, azure.patience, "nightly")
    assert azure.tries == 4
    assert azure.names[0].startswith(PROBE_PREFIX) and len(set(azure.names)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "AADSTS7000222",
        "ContainerNotFound",
        "KeyBasedAuthenticationNotPermitted",
        "AuthorizationFailure",
        "",
    ],
)
def test_what_does_not_heal_by_itself_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    azure = Azure(monkeypatch, every=refusal(code))
    with pytest.raises(ApiError):
        storage().probe(azure.run, azure.patience, "nightly")
    assert azure.tries == 1


def test_a_wrong_secret_is_believed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    azure = Azure(monkeypatch, every=refusal("AADSTS7000215"))
    started = azure.time.clock()
    with pytest.raises(ApiError, match="AADSTS7000215"):
        storage().probe(azure.run, azure.patience, "nightly")
    assert 120 <= azure.time.clock() - started <= 145


def test_a_role_that_never_arrives_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    azure = Azure(monkeypatch, every=refusal("AuthorizationFailed"))
    with pytest.raises(WaitTimedOut, match="set palette:azureWait"):
        storage().probe(azure.run, azure.patience, "nightly")


@pytest.mark.parametrize(
    ("cloud", "environment"),
    [
        ("public", "AzurePublicCloud"),
        ("azure-government", "AzureUSGovernmentCloud"),
        ("azure-china", "AzureChinaCloud"),
    ],
)
def test_palette_validates_in_the_same_cloud(cloud: str, environment: str) -> None:
    calls: list[Any] = []

    class Palette:
        def call(self, *args: Any, **how: Any) -> None:
            calls.append((*args, how["project"]))

    palette: Any = Palette()
    storage(client_cloud=cloud).validate_in(palette, "p", Patience(0), "nightly")
    ((method, path, body, project),) = calls
    assert (method, path, project) == ("POST", "/v1/clouds/azure/account/validate", "p")
    assert body["azureEnvironment"] == environment
    assert body["clientSecret"] == KEYS["client_secret"]
