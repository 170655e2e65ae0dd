"""The component on Azure, as tests ask every component."""

from collections import Counter
from typing import Any

from azure.core.exceptions import ClientAuthenticationError

from tests.sandbox.azure.inspector import AzureInspector
from tests.sandbox.component import TEAM, Component, Counts, Credential, Location, config_of

SNAPSHOTS = (
    "snapshot_scopes=[f\"/subscriptions/{os.environ['ARM_SUBSCRIPTION_ID']}"
    '/resourceGroups/clusters"]'
)
"""Where clusters keep their disks, in the subscription that a program is run in."""


def _works(azure: AzureInspector, location: Location) -> None:
    config = config_of(location)
    azure.can_back_up(config)
    with azure.group("theirs") as theirs:
        azure.reaches_nothing_else(config, theirs, theirs)
    (application,) = azure.applications()
    assert len(application["passwordCredentials"]) == 1
    scope = f"/resourceGroups/{config['resourceGroup']}/providers/Microsoft.Storage/storageAccounts"
    assert all(one.endswith(f"{scope}/{config['storageName']}") for one in azure.assignments())
    assert [len(azure.groups()), len(azure.accounts())] == [1, 1]
    assert [len(azure.principals()), len(azure.assignments())] == [1, 2]


def _count(azure: AzureInspector) -> Counts:
    applications = azure.applications()
    return Counter(
        groups=len(azure.groups()),
        accounts=len(azure.accounts()),
        applications=len(applications),
        principals=len(azure.principals()),
        assignments=len(azure.assignments()),
        secrets=sum(len(app["passwordCredentials"]) for app in applications),
        roles=len(azure.custom_roles()),
    )


def _key_ids(azure: AzureInspector) -> set[str]:
    applications = azure.applications()
    return {one["keyId"] for app in applications for one in app["passwordCredentials"]}


def _change(azure: AzureInspector) -> None:
    theirs, (group,), (account,) = azure.operator, azure.groups(), azure.accounts()
    theirs.groups.update(group, {"tags": {"team": "other"}})
    changed: Any = {
        "allowBlobPublicAccess": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Allow", "bypass": "None"},
    }
    theirs.storage.storage_accounts.update(group, account, {"properties": changed})
    given, *others = [o for o in theirs.roles.list_for_subscription() if account in o.scope]
    given.condition, given.condition_version = "@Resource[a] StringEquals 'b'", "2.0"
    theirs.roles.create_by_id(given.id, given)
    for one in others:
        theirs.roles.delete_by_id(one.id)
    scope = f"/subscriptions/{theirs.subscription}"
    for role in (r for r in theirs.definitions.list(scope) if r.role_type == "CustomRole"):
        role.permissions[0].actions = ["*"]
        theirs.definitions.create_or_update(role.assignable_scopes[0], role.name, role)
    (application,), (principal,) = azure.applications(), azure.principals()
    (secret,) = application["passwordCredentials"]
    path = f"/applications/{application['id']}"
    assert theirs.graph("POST", f"{path}/removePassword", {"keyId": secret["keyId"]}).ok
    assert theirs.graph("PATCH", path, {"isDisabled": True}).ok
    disabled = {"accountEnabled": False}
    assert theirs.graph("PATCH", f"/servicePrincipals/{principal['id']}", disabled).ok


def _back_up(azure: AzureInspector, location: Location) -> None:
    (group,), (account,) = azure.groups(), azure.accounts()
    blobs = azure.operator.blobs(account, azure.operator.keys(account, group)[0], group)
    container = config_of(location)["containerName"]
    blobs.get_container_client(container).upload_blob("backups/one", b"data")


AZURE = Component(
    "AzureBackupLocation",
    cloud="azure",
    inspector=AzureInspector,
    live=(("azure",),),
    kind="azure",
    must='location="westeurope"',
    configured=f'location=config.get("location") or "westeurope", tags={TEAM}',
    outputs={
        "group": "resource_group_name",
        "account": "storage_account_name",
        "container": "container_name",
        "client": "client_id",
        "key": "credential_id",
    },
    prove=_works,
    waits="nightly: waiting for Azure to accept the client secret of",
    made=f'location="westeurope", tags={{"team": "storage"}}, {SNAPSHOTS}',
    updated=f'location="westeurope", tags={{"team": "backup"}}, '
    f'location_labels={{"team": "x"}}, {SNAPSHOTS}',
    replaced='location="northeurope", application_name="another", '
    + SNAPSHOTS.replace("clusters", "others"),
    elsewhere='location="northeurope"',
    count=_count,
    key_ids=_key_ids,
    # Noted, but not in state: it may be a secret that a lost state knew.
    may_stay=Counter(secrets=1),
    keeps=("container", "storage account", "resource group"),
    kept=Counter(accounts=1, groups=1),
    end_key=None,
    credential=Credential(
        "azure:ClientSecret",
        id=lambda location: str(config_of(location)["credentials"]["clientSecret"]),
        use=lambda azure, held: azure.can_back_up(config_of(held)),
        refusal=ClientAuthenticationError,
    ),
    change=_change,
    changed=frozenset(
        {
            "azure:ResourceGroup",
            "azure:StorageAccount",
            "azure:Application",
            "azure:ServicePrincipal",
            "azure:RoleAssignment",
            "azure:ClientSecret",
        }
    ),
    clock=None,
    back_up=_back_up,
)
COMPONENTS = (AZURE,)
