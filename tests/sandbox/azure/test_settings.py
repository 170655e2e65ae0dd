"""Settings of Pulumi's Azure provider, on the real engine."""

from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.run import Sandbox
from tests.sandbox.azure.inspector import AzureInspector
from tests.sandbox.refusals import change, told
from tests.sandbox.stack import Stack

PROGRAM = 'AzureBackupLocation("nightly", AzureBackupLocationArgs(location="westeurope"))'


def test_azure_by_a_token_of_another_provider(
    stack: Stack, azure: AzureInspector, running: Sandbox, secrets: set[str]
) -> None:
    stack.program(PROGRAM)
    token = running.service(Azure).operator.oidc_token
    secrets.add(token)
    subscription = f"/subscriptions/{running.service(Azure).operator.subscription}"
    change(
        stack,
        ARM_CLIENT_SECRET=None,
        ARM_SUBSCRIPTION_ID=subscription,
        ARM_USE_OIDC="true",
        ARM_OIDC_TOKEN=token,
    )
    stack.up()
    assert len(azure.groups()) == 1
    stack.destroy()
    assert azure.nothing_left()
    change(stack, ARM_OIDC_TOKEN="a-token-of-nobody")
    told(stack.preview(ok=False), "Azure did not let us sign in", "No matching federated identity")
    change(stack, ARM_OIDC_TOKEN=None)
    told(stack.preview(ok=False), "azure-native:useOidc (or $ARM_USE_OIDC) is set, and no token is")
