"""Azure in the sandbox, judged by Microsoft's own clients, which are used unchanged."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import requests
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.identity import ClientAssertionCredential

from palette_backup_provider.sandbox.azure.inspector import inspect
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.azure.validator import AzureValidator
from palette_backup_provider.sandbox.backing import Backing
from palette_backup_provider.sandbox.palette.errors import Refusal
from palette_backup_provider.sandbox.run import Sandbox
from tests.azure_sdk import GRAPH, SCOPE, Sdk

READER = "c12c1c16-33a1-487b-954d-41c89c60f349"
WRITER = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
ACCOUNT = {
    "sku": {"name": "Standard_LRS"},
    "kind": "StorageV2",
    "location": "westeurope",
    "properties": {"minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": False},
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["azure"]) as sandbox:
        yield sandbox


@pytest.fixture
def operator(sandbox: Sandbox) -> Sdk:
    """The one whom the settings name, in a cloud without anything."""
    sandbox.service(Azure).reset()
    sandbox.conditions.reset()
    return Sdk.operator(sandbox.env)


@pytest.fixture
def account(operator: Sdk) -> str:
    """A storage account with a container `backups`."""
    operator.groups.create_or_update("rg", {"location": "westeurope"})
    operator.storage.storage_accounts.begin_create("rg", "account1", ACCOUNT).result()
    operator.storage.blob_containers.create("rg", "account1", "backups", {})
    return "account1"


def test_what_is_behind_a_location(operator: Sdk, account: str, sandbox: Sandbox) -> None:
    azure = sandbox.service(Azure)
    credentials = {"clientId": operator.client_id, "clientSecret": operator.secret}
    config = {"storageName": account, "containerName": "backups", "credentials": credentials}
    found = inspect(azure, config)
    assert found.credential
    assert (found.bucket, found.identity, found.credential.made) == (True, "operator", 0)
    assert found.credential.ends == datetime(2099, 1, 1, tzinfo=UTC).timestamp()
    wrong = config | {"credentials": credentials | {"clientSecret": "wrong"}}
    assert inspect(azure, wrong) == Backing(True, "operator")
    operator.storage.blob_containers.delete("rg", account, "backups")
    assert inspect(azure, config | {"credentials": {}}) == Backing(False)
    assert inspect(azure, config | {"storageName": "none"}) == Backing(
        False, "operator", found.credential
    )


def test_a_federated_token_signs_in_where_it_is_trusted(operator: Sdk, sandbox: Sandbox) -> None:
    how: dict[str, Any] = {
        "authority": f"https://{operator.env['ARM_METADATA_HOSTNAME']}",
        "disable_instance_discovery": True,
        "connection_verify": operator.ca,
    }
    who = sandbox.service(Azure).operator
    for token, trusted in ((who.oidc_token, True), ("a-token-of-nobody", False)):
        asks = partial(str, token)
        credential = ClientAssertionCredential(who.tenant, who.client_id, asks, **how)
        with credential:
            if trusted:
                assert credential.get_token(SCOPE).token
            else:
                with pytest.raises(ClientAuthenticationError, match="AADSTS7002138"):
                    credential.get_token(SCOPE)


def new_principal(operator: Sdk) -> tuple[str, str, Sdk]:
    """A service principal with a secret: its object id, its application's, and its clients."""
    app = operator.graph("POST", "/applications", {"displayName": "velero"}).json()
    for status in (400, 201):
        made = operator.graph("POST", "/servicePrincipals", {"appId": app["appId"]})
        assert made.status_code == status
    named = {"passwordCredential": {"displayName": "one"}}
    secret = operator.graph("POST", f"/applications/{app['id']}/addPassword", named).json()
    clients = Sdk(operator.env, app["appId"], secret["secretText"])
    return made.json()["id"], app["id"], clients


def assign(operator: Sdk, principal: str, role: str, scope: str, name: str, **more: str) -> Any:
    definition = f"/subscriptions/{operator.subscription}/providers/Microsoft.Authorization"
    wanted = {
        "properties": {
            "roleDefinitionId": f"{definition}/roleDefinitions/{role}",
            "principalId": principal,
            "principalType": "ServicePrincipal",
            **more,
        }
    }
    return operator.roles.create(scope, name, wanted)


def code(call: Callable[..., Any], *args: Any, **params: Any) -> str:
    with pytest.raises(HttpResponseError) as caught:
        call(*args, **params)
    found: Any = caught.value
    told = getattr(found, "error_code", None) or found.error.code
    return str(getattr(told, "value", told))


def custom(scope: str, name: str = "ours", *actions: str) -> Any:
    return {
        "role_name": name,
        "role_type": "CustomRole",
        "permissions": [{"actions": list(actions)}],
        "assignable_scopes": [scope],
    }


FIRST, SECOND = f"{1:08d}-0000-0000-0000-000000000000", f"{2:08d}-0000-0000-0000-000000000000"


def test_a_caller_is_told_what_roles_allow(operator: Sdk) -> None:
    operator.groups.create_or_update("rg", {"location": "westeurope"})
    group = f"/subscriptions/{operator.subscription}/resourceGroups/rg"
    principal, _, made = new_principal(operator)
    assert code(lambda: list(made.permissions.list_for_resource_group("rg"))) == (
        "AuthorizationFailed"
    )
    reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    with pytest.raises(HttpResponseError, match="PrincipalNotFound"):
        assign(operator, principal, reader, group, FIRST)
    for role, name in ((reader, FIRST), (WRITER, SECOND)):
        assign(operator, principal, role, group, name)
    reads, writes = made.permissions.list_for_resource_group("rg")
    assert reads.actions == ["*/read"] and not reads.not_actions
    assert any(action.endswith("/blobs/write") for action in writes.data_actions)
    (all_of_it,) = operator.permissions.list_for_resource_group("rg")
    assert all_of_it.actions == ["*"]


def test_a_token_for_graph_tells_its_roles(operator: Sdk) -> None:
    _, _, made = new_principal(operator)
    for sdk, roles in ((operator, ["Application.ReadWrite.OwnedBy"]), (made, None)):
        token = sdk.credential.get_token(f"{GRAPH}/.default").token
        assert claims(token).get("roles") == roles
    assert "roles" not in claims(operator.credential.get_token(SCOPE).token)
    assert made.graph("GET", "/applications").status_code == 403


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1] + "==="))
    return found


def test_a_group_and_an_account_are_made_changed_and_removed(operator: Sdk) -> None:
    group = operator.groups.create_or_update("rg", {"location": "westeurope", "tags": {"a": "b"}})
    assert group.id.endswith("/resourceGroups/rg") and group.tags == {"a": "b"}
    accounts = operator.storage.storage_accounts
    made = accounts.begin_create("rg", "account1", ACCOUNT).result()
    assert made.sku.name == "Standard_LRS" and made.minimum_tls_version == "TLS1_2"
    changed: Any = {"sku": {"name": "Standard_GRS"}, "tags": {"team": "x"}}
    assert accounts.update("rg", "account1", changed).sku.name == "Standard_GRS"
    asked: Any = {"name": "account1", "type": "Microsoft.Storage/storageAccounts"}
    assert accounts.check_name_availability(asked).reason == "AlreadyExists"
    accounts.delete("rg", "account1")
    with pytest.raises(ResourceNotFoundError):
        accounts.get_properties("rg", "account1")
    operator.groups.begin_delete("rg").result()
    assert code(operator.groups.get, "rg") == "ResourceGroupNotFound"


def test_what_arm_refuses(operator: Sdk, account: str) -> None:
    create = operator.storage.storage_accounts.begin_create
    assert code(create, "rg", "My-Acct", ACCOUNT) == "AccountNameInvalid"
    unknown = {**ACCOUNT, "sku": {"name": "Standard_XXL"}}
    assert code(create, "rg", "account2", unknown) == "InvalidValuesForRequestParameters"
    assert code(create, "none", "account2", ACCOUNT) == "ResourceGroupNotFound"
    operator.groups.create_or_update("rg2", {"location": "westeurope"})
    assert code(create, "rg2", account, ACCOUNT) == "StorageAccountAlreadyTaken"
    containers = operator.storage.blob_containers
    assert code(containers.create, "rg", account, "a--b", {}) == "ContainerOperationFailure"
    assert code(containers.get, "rg", account, "none") == "ContainerNotFound"
    assert code(containers.get, "rg", "none", "backups") == "ParentResourceNotFound"


def test_a_list_of_containers_tells_no_metadata(operator: Sdk, account: str) -> None:
    containers = operator.storage.blob_containers
    containers.create("rg", account, "marked", {"properties": {"metadata": {"a": "b"}}})
    assert containers.get("rg", account, "marked").metadata == {"a": "b"}
    assert {one.name: one.metadata for one in containers.list("rg", account)} == {
        "backups": None,
        "marked": None,
    }


FOR_BLOBS: dict[str, Any] = {
    "BlobStorage": {
        **ACCOUNT,
        "kind": "BlobStorage",
        "properties": {"accessTier": "Hot"},
    },
    "BlockBlobStorage": {
        **ACCOUNT,
        "kind": "BlockBlobStorage",
        "sku": {"name": "Premium_LRS"},
    },
}


def test_an_access_tier_is_demanded_of_one_kind_and_refused_of_another(operator: Sdk) -> None:
    operator.groups.create_or_update("rg", {"location": "westeurope"})
    create = operator.storage.storage_accounts.begin_create
    missing: Any = {**ACCOUNT, "kind": "BlobStorage"}
    assert code(create, "rg", "account1", missing) == "MissingRequiredAccountProperty"
    given: Any = {**FOR_BLOBS["BlockBlobStorage"], "properties": {"accessTier": "Hot"}}
    assert code(create, "rg", "account1", given) == "InvalidRequestPropertyValue"


@pytest.mark.parametrize("kind", FOR_BLOBS)
def test_an_account_for_blobs_has_no_other_service(operator: Sdk, kind: str) -> None:
    operator.groups.create_or_update("rg", {"location": "westeurope"})
    wanted: Any = FOR_BLOBS[kind]
    operator.storage.storage_accounts.begin_create("rg", "account1", wanted).result()
    assert not list(operator.storage.blob_containers.list("rg", "account1"))
    unsupported = "FeatureNotSupportedForAccount"
    assert code(lambda: list(operator.storage.file_shares.list("rg", "account1"))) == unsupported
    assert code(lambda: list(operator.storage.queue.list("rg", "account1"))) == unsupported
    assert code(lambda: list(operator.storage.table.list("rg", "account1"))) == unsupported


def test_a_tenant_that_is_not_the_subscriptions_is_refused(operator: Sdk) -> None:
    env, other = operator.env, "PALETTE_BACKUP_SANDBOX_OTHER_ARM"
    stranger = Sdk(
        operator.env,
        env[f"{other}_CLIENT_ID"],
        env[f"{other}_CLIENT_SECRET"],
        env[f"{other}_TENANT_ID"],
    )
    assert code(stranger.groups.get, "rg") == "InvalidAuthenticationTokenTenant"


def test_keys_open_the_blobs(operator: Sdk, account: str) -> None:
    service = operator.blobs(account, operator.keys(account)[0])
    blob = service.get_blob_client("backups", "folder/one two.txt")
    blob.upload_blob(b"data")
    assert blob.download_blob().readall() == b"data"
    container = service.get_container_client("backups")
    assert [b.name for b in container.list_blobs(name_starts_with="folder/")] == [
        "folder/one two.txt"
    ]
    blob.delete_blob()
    assert code(blob.download_blob) == "BlobNotFound"
    wrong = operator.blobs(account, "d3Jvbmc=").get_blob_client("backups", "x")
    assert code(wrong.upload_blob, b"x") == "AuthenticationFailed"
    elsewhere = service.get_blob_client("none", "x")
    assert code(elsewhere.upload_blob, b"x") == "ContainerNotFound"


def test_shared_keys_can_be_switched_off(operator: Sdk, account: str) -> None:
    blob = operator.blobs(account, operator.keys(account)[0]).get_blob_client("backups", "x")
    off: Any = {"properties": {"allowSharedKeyAccess": False}}
    operator.storage.storage_accounts.update("rg", account, off)
    assert code(blob.upload_blob, b"x") == "KeyBasedAuthenticationNotPermitted"


def test_network_rules_are_obeyed(operator: Sdk, account: str) -> None:
    blob = operator.blobs(account, operator.keys(account)[0]).get_blob_client("backups", "x")
    accounts = operator.storage.storage_accounts
    deny: Any = {"properties": {"networkAcls": {"defaultAction": "Deny"}}}
    accounts.update("rg", account, deny)
    assert code(blob.upload_blob, b"x") == "AuthorizationFailure"
    deny["properties"]["networkAcls"]["ipRules"] = [{"value": "127.0.0.1", "action": "Allow"}]
    accounts.update("rg", account, deny)
    blob.upload_blob(b"x")
    deny["properties"]["networkAcls"]["ipRules"] = [{"value": "127.0.0.1/32", "action": "Allow"}]
    assert code(accounts.update, "rg", account, deny) == "InvalidValuesForRequestParameters"
    off: Any = {"properties": {"publicNetworkAccess": "Disabled"}}
    assert accounts.update("rg", account, off).public_network_access == "Disabled"
    assert code(blob.upload_blob, b"x") == "AuthorizationFailure"


def test_a_principal_may_what_its_roles_allow(operator: Sdk, account: str) -> None:
    principal, _, velero = new_principal(operator)
    scope = f"/subscriptions/{operator.subscription}/resourceGroups/rg"
    scope += f"/providers/Microsoft.Storage/storageAccounts/{account}"
    assert code(velero.keys, account) == "AuthorizationFailed"
    first = (operator, principal, READER, scope, FIRST)
    assert code(assign, *first) == "PrincipalNotFound"
    assert assign(*first).principal_id == principal
    assert assign(*first).name == FIRST
    assert code(assign, operator, principal, READER, scope, SECOND) == "RoleAssignmentExists"
    assert len(velero.keys(account)) == 2
    assert code(velero.groups.create_or_update, "x", {"location": "a"}) == "AuthorizationFailed"
    assert velero.graph("GET", "/applications").status_code == 403
    blob = velero.blobs(account).get_blob_client("backups", "x")
    assert code(blob.upload_blob, b"x") == "AuthorizationPermissionMismatch"
    assign(operator, principal, WRITER, scope, SECOND)
    blob.upload_blob(b"x")
    operator.roles.delete(scope, FIRST)
    assert code(velero.keys, account) == "AuthorizationFailed"
    assert operator.roles.delete(scope, FIRST) is None


def test_secrets_are_good_until_they_are_removed(operator: Sdk) -> None:
    _, app, velero = new_principal(operator)
    assert velero.credential.get_token(SCOPE).token
    (kept,) = operator.graph("GET", f"/applications/{app}").json()["passwordCredentials"]
    assert kept["secretText"] is None and kept["displayName"] == "one"
    wrong = Sdk(operator.env, velero.client_id, "wrong")
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        wrong.credential.get_token(SCOPE)
    nobody = Sdk(operator.env, FIRST, "wrong")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700016"):
        nobody.credential.get_token(SCOPE)
    gone = operator.graph("POST", f"/applications/{app}/removePassword", {"keyId": kept["keyId"]})
    assert gone.status_code == 204
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        Sdk(operator.env, velero.client_id, velero.secret).credential.get_token(SCOPE)


@pytest.mark.parametrize(
    ("kind", "off", "on"),
    [
        ("servicePrincipals", {"accountEnabled": False}, {"accountEnabled": True}),
        ("applications", {"isDisabled": True}, {"isDisabled": False}),
    ],
)
def test_who_is_disabled_gets_no_token(
    operator: Sdk, kind: str, off: dict[str, bool], on: dict[str, bool]
) -> None:
    principal, app, velero = new_principal(operator)
    path = f"/{kind}/{principal if kind == 'servicePrincipals' else app}"
    assert operator.graph("PATCH", path, off).status_code == 204
    assert operator.graph("GET", path).json().items() >= off.items()
    with pytest.raises(ClientAuthenticationError, match=r"AADSTS7000112: .*\(velero\) is disabled"):
        velero.credential.get_token(SCOPE)
    assert operator.graph("PATCH", path, on).status_code == 204
    again = Sdk(operator.env, velero.client_id, velero.secret)  # the other remembers the refusal
    assert again.credential.get_token(SCOPE).token


def test_a_condition_stays_until_it_is_taken_away(operator: Sdk) -> None:
    principal, _, _ = new_principal(operator)
    where = (principal, READER, f"/subscriptions/{operator.subscription}", FIRST)
    assert code(assign, operator, *where) == "PrincipalNotFound"
    assign(operator, *where, condition="@Resource[a] StringEquals 'b'", conditionVersion="2.0")
    assert assign(operator, *where).condition_version == "2.0"
    assert operator.roles.get(where[2], FIRST).condition == "@Resource[a] StringEquals 'b'"
    assert not assign(operator, *where, condition="", conditionVersion="").condition
    assert not operator.roles.get(where[2], FIRST).condition


def test_a_secret_and_a_role_take_their_time(sandbox: Sandbox, operator: Sdk, account: str) -> None:
    sandbox.conditions.delay = 1000
    principal, _, velero = new_principal(operator)
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        velero.credential.get_token(SCOPE)
    sandbox.conditions.delay = 0
    velero.credential.get_token(SCOPE)
    scope = f"/subscriptions/{operator.subscription}"
    assert code(assign, operator, principal, READER, scope, FIRST) == "PrincipalNotFound"
    assign(operator, principal, READER, scope, FIRST)
    sandbox.conditions.delay = 1000
    assert code(velero.keys, account) == "AuthorizationFailed"
    sandbox.conditions.delay = 0
    velero.keys(account)


def test_an_application_that_is_not_known_yet_is_told_in_the_details(operator: Sdk) -> None:
    app = operator.graph("POST", "/applications", {"displayName": "velero"}).json()
    refused = operator.graph("POST", "/servicePrincipals", {"appId": app["appId"]})
    told = refused.json()["error"]
    assert (refused.status_code, told["code"]) == (400, "Request_BadRequest")
    assert [one["code"] for one in told["details"]] == ["NoBackingApplicationObject"]


def test_an_upsert_makes_or_changes(operator: Sdk) -> None:
    by_name, prefer = "/applications(uniqueName='u')", {"Prefer": "create-if-missing"}
    wanted = {"displayName": "u", "notes": "mine"}
    assert operator.graph("PATCH", by_name, wanted).status_code == 404
    made = operator.graph("PATCH", by_name, wanted, **prefer)
    assert (made.status_code, made.json()["uniqueName"]) == (201, "u")
    assert operator.graph("PATCH", by_name, {"notes": "new"}, **prefer).status_code == 204
    assert operator.graph("GET", by_name).json()["notes"] == "new"
    id = made.json()["id"]
    assert operator.graph("DELETE", f"/applications/{id}").status_code == 204
    assert operator.graph("GET", by_name).json()["error"]["code"] == "Request_ResourceNotFound"
    taken = operator.graph("PATCH", by_name, wanted, **prefer)
    assert (taken.status_code, taken.json()["error"]["code"]) == (400, "Request_BadRequest")
    assert operator.graph("DELETE", f"/directory/deletedItems/{id}").status_code == 204
    assert operator.graph("PATCH", by_name, wanted, **prefer).status_code == 201


def test_a_token_is_needed(operator: Sdk) -> None:
    for path in (f"/subscriptions/{operator.subscription}?api-version=1", "/v1.0/applications"):
        answer = requests.get(operator.graph_url + path, verify=operator.ca, timeout=10)
        assert answer.status_code == 401


def test_palette_signs_in_to_validate_and_looks_at_no_storage(
    sandbox: Sandbox, operator: Sdk
) -> None:
    validate = AzureValidator(operator.graph_url, sandbox.env["PALETTE_AZURE_CA_CERT"])
    _, _, velero = new_principal(operator)
    tenant = operator.env["ARM_TENANT_ID"]
    body = {"tenantId": tenant, "clientId": velero.client_id, "clientSecret": velero.secret}
    validate(body)
    with pytest.raises(Refusal, match="AADSTS7000215"):
        validate({**body, "clientSecret": "wrong"})
    with pytest.raises(Refusal, match="AADSTS90002"):
        validate({**body, "tenantId": FIRST})


KEYS = "Microsoft.Storage/storageAccounts/listKeys/action"
SNAPSHOTS = "7efff54f-a5b4-42b5-a1c5-5411624893ce"


def test_a_custom_role_allows_what_it_says_where_it_is_given(operator: Sdk, account: str) -> None:
    group = f"/subscriptions/{operator.subscription}/resourceGroups/rg"
    define = operator.definitions.create_or_update
    made = define(group, FIRST, custom(group, "ours", "Microsoft.Compute/snapshots/read"))
    assert (made.name, made.role_type) == (FIRST, "CustomRole")
    assert operator.definitions.get(group, FIRST).assignable_scopes == [group]
    assert "ours" in [one.role_name for one in operator.definitions.list(group)]
    for filter in ("type eq 'CustomRole'", "roleName eq 'ours'"):
        listed = operator.definitions.list(group, filter=filter)
        assert [one.role_name for one in listed] == ["ours"]
    with pytest.raises(HttpResponseError, match="does not know the filter"):
        list(operator.definitions.list(group, filter="atScopeAndBelow()"))
    principal, _, velero = new_principal(operator)
    other = f"/subscriptions/{operator.subscription}/resourceGroups/other"
    for told in ("RoleDefinitionDoesNotExist", "PrincipalNotFound"):  # not known at once
        with pytest.raises(HttpResponseError, match=told):
            assign(operator, principal, FIRST, group, SECOND)
    assign(operator, principal, FIRST, group, SECOND)
    with pytest.raises(HttpResponseError, match="RoleDefinitionDoesNotExist"):
        assign(operator, principal, FIRST, other, FIRST)
    assert code(velero.keys, account) == "AuthorizationFailed"
    define(group, FIRST, custom(group, "ours", KEYS))
    assert velero.keys(account)


def test_what_azure_refuses_of_custom_roles(operator: Sdk) -> None:
    group = f"/subscriptions/{operator.subscription}/resourceGroups/rg"
    definitions = operator.definitions
    assert code(definitions.get, group, FIRST) == "RoleDefinitionDoesNotExist"
    nowhere = {**custom(group), "assignable_scopes": []}
    assert code(definitions.create_or_update, group, FIRST, nowhere) == "InvalidRoleDefinition"
    definitions.create_or_update(group, FIRST, custom(group))
    same = definitions.create_or_update, group, SECOND, custom(group, "OURS")
    assert code(*same) == "RoleDefinitionWithSameNameExists"
    principal, _, velero = new_principal(operator)
    for _ in range(2):
        with pytest.raises(HttpResponseError):
            assign(operator, principal, FIRST, group, SECOND)
    assign(operator, principal, FIRST, group, SECOND)
    assert code(definitions.delete, group, FIRST) == "RoleDefinitionHasAssignments"
    moved = custom(f"{group}s")
    told = code(definitions.create_or_update, group, FIRST, moved)
    assert told == "RoleScopeBeingRemovedContainsAssignments"
    mine = velero.definitions.create_or_update, group, SECOND, custom(group, "mine")
    assert code(*mine) == "AuthorizationFailed"
    operator.roles.delete(group, SECOND)
    assert definitions.delete(group, FIRST).name == FIRST
    assert definitions.delete(group, FIRST) is None


def test_azures_own_role_for_snapshots_reads_the_keys_of_accounts(
    operator: Sdk, account: str
) -> None:
    """Why a location gives a role of its own."""
    group = f"/subscriptions/{operator.subscription}/resourceGroups/rg"
    principal, _, velero = new_principal(operator)
    with pytest.raises(HttpResponseError, match="PrincipalNotFound"):
        assign(operator, principal, SNAPSHOTS, group, FIRST)
    assign(operator, principal, SNAPSHOTS, group, FIRST)
    assert velero.keys(account)


def test_what_azure_is_not_known_for_here_is_refused_by_its_name(
    operator: Sdk, account: str
) -> None:
    """A filter or a property that is ignored is believed to hold."""
    scope = f"/subscriptions/{operator.subscription}"
    group: Any = {"location": "westeurope", "managedBy": "somebody"}
    managed: Any = {**ACCOUNT, "identity": {"type": "SystemAssigned"}}
    update, create = operator.storage.storage_accounts, operator.storage.storage_accounts
    unknown: dict[str, Callable[[], Any]] = {
        r"\$filter": lambda: list(operator.roles.list_for_scope(scope, filter="atScope()")),
        r"\$top": lambda: list(operator.groups.list(top=1)),
        "managedBy": lambda: operator.groups.create_or_update("rg", group),
        "identity": lambda: create.begin_create("rg", "account2", managed).result(),
        "kind": lambda: update.update("rg", account, {"kind": "BlobStorage"}),
    }
    for name, call in unknown.items():
        with pytest.raises(HttpResponseError, match=f"does not (know|change) {name}"):
            call()
    graph: dict[str, str] = {
        "$select": "/applications?$select=id",
        "startswith": "/applications?$filter=startswith(displayName,'a')",
        "$filter": "/servicePrincipals?$filter=appId eq 'a'",
        "keyCredentials": "/applications",
    }
    for name, path in graph.items():
        body = {"displayName": "x", "keyCredentials": []} if name == "keyCredentials" else None
        told = operator.graph("POST" if body else "GET", path, body)
        assert told.status_code == 400 and name in told.json()["error"]["message"]
