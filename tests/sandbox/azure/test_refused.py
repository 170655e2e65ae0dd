"""What Azure refuses, or what is in the way there, is told in words that lead to the fix."""

from collections.abc import Callable

import pytest

from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure.inspector import ACCOUNT, AzureInspector
from tests.sandbox.control import Control
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

COMPONENT = 'AzureBackupLocation("nightly", AzureBackupLocationArgs({}))'
PROGRAM = COMPONENT.format('location="westeurope"')
NOBODY = "00000000-0000-0000-0000-000000000001"
OTHER = "PALETTE_BACKUP_SANDBOX_OTHER_ARM"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('storage_account_name="My-Acct"', "name: 'My-Acct' is not allowed: 3 to 24 lower-case"),
        ('container_name="a--b"', "name: 'a--b' is not allowed: 3 to 63 lower-case letters"),
        ('sku="Standard_XXL"', "sku: must be 'Standard_LRS'"),
        ('existing_application="velero"', "existing_application: 'velero' is not allowed: a GUID"),
        ('identity=azure.Identity(subscription="mine")', "identity.subscription: 'mine' is not"),
        ('existing_container="theirs"', "existing_container: needs existing_storage_account"),
        ('resource_group_name="a.", tags={}', "name: 'a.' is not allowed"),
        (
            'existing_resource_group="none"',
            "There is no resource group none in the subscription",
        ),
    ],
)
@pytest.mark.sampled
def test_inputs_in_preview(
    stack: Stack, control: Control, azure: AzureInspector, more: str, says: str
) -> None:
    stack.program(COMPONENT.format(f'location="westeurope", {more}'))
    told(stack.preview(ok=False), says)
    assert azure.nothing_left()


def test_credentials_of_another_tenant(stack: Stack, azure: AzureInspector) -> None:
    stack.program(PROGRAM)
    subscription = stack.environment[f"{OTHER}_SUBSCRIPTION_ID"]
    change(stack, ARM_SUBSCRIPTION_ID=subscription)
    told(
        stack.preview(ok=False),
        "The subscription belongs to another tenant than the credentials",
        "$ARM_TENANT_ID",
    )


def test_a_wrong_secret_of_the_operator(stack: Stack, azure: AzureInspector) -> None:
    stack.program(PROGRAM)
    change(stack, ARM_CLIENT_SECRET="not-the-secret")
    text = told(stack.preview(ok=False), "AADSTS7000215", "$ARM_CLIENT_SECRET", "az login")
    assert "not-the-secret" not in text


def test_no_subscription(stack: Stack, azure: AzureInspector) -> None:
    stack.program(PROGRAM)
    change(stack, ARM_SUBSCRIPTION_ID=None)
    told(stack.preview(ok=False), "azure-native:subscriptionId is not set")


def test_a_policy_against_shared_keys(
    stack: Stack, azure: AzureInspector, running: Sandbox
) -> None:
    stack.program(PROGRAM)
    running.service(Azure).storage.forbids_shared_keys = True
    told(
        stack.up(ok=False),
        "RequestDisallowedByPolicy",
        "have it exempted, or use an existing account",
    )
    running.service(Azure).storage.forbids_shared_keys = False
    stack.up()
    stack.destroy()
    assert azure.nothing_left()


def test_a_policy_against_client_secrets(
    stack: Stack, azure: AzureInspector, running: Sandbox
) -> None:
    stack.program(PROGRAM)
    running.service(Azure).graph.forbids_secrets = True
    told(stack.up(ok=False), "Have the application exempted")
    stack.destroy()
    assert azure.nothing_left()


def test_an_immutable_container(stack: Stack, azure: AzureInspector, running: Sandbox) -> None:
    theirs = azure.operator
    theirs.groups.create_or_update("theirs", {"location": "westeurope"})
    theirs.storage.storage_accounts.begin_create("theirs", "theirs", ACCOUNT).result()
    theirs.storage.blob_containers.create("theirs", "theirs", "worm", {})
    there = running.service(Azure).storage.accounts["theirs"].containers["worm"]
    there.body["properties"]["hasImmutabilityPolicy"] = True
    stack.program(
        """\
        azure.Container("nightly", azure.ContainerArgs(
            resource_group="theirs", storage_account="theirs", name="worm", existing=True))
        """
    )
    told(stack.preview(ok=False), "the container worm is immutable")


def test_what_others_keep_there_is_not_deleted(
    stack: Stack, control: Control, azure: AzureInspector
) -> None:
    stack.program(
        f"""\
        nightly = {PROGRAM}
        pulumi.export("group", nightly.resource_group_name)
        pulumi.export("account", nightly.storage_account_name)
        """
    )
    stack.up()
    group, account = (stack.outputs()[name] for name in ("group", "account"))
    containers = azure.operator.storage.blob_containers
    containers.create(group, account, "theirs", {})
    told(stack.destroy(ok=False), "holds what was not made here", "containers theirs")
    containers.delete(group, account, "theirs")
    create = azure.operator.storage.storage_accounts.begin_create
    create(group, "theirs", ACCOUNT).result()
    told(stack.destroy(ok=False), "theirs (Microsoft.Storage/storageAccounts)")
    azure.operator.storage.storage_accounts.delete(group, "theirs")
    stack.destroy()
    assert azure.nothing_left()


def test_an_account_of_another_stack(
    new_stack: Callable[..., Stack], control: Control, azure: AzureInspector
) -> None:
    named = COMPONENT.format('location="westeurope", storage_account_name="ourbackups"')
    first, second = new_stack("first", project="first"), new_stack("second", project="second")
    first.program(named)
    second.program(named)
    first.up()
    told(second.up(ok=False), "The storage account name ourbackups is taken")
    second.destroy()
    first.destroy()
    assert azure.nothing_left()
