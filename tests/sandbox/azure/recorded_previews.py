"""Previews of locations on Azure that reviewers are shown."""

from tests.sandbox.recorded import Record
from tests.sandbox.stack import Stack

AZURE = 'AzureBackupLocation("nightly", location="westeurope")\n'
READER = """\
logs = azure.ResourceGroup("logs", location="westeurope", name="logs")
reader = azure.ServicePrincipal("reader", client_id=azure.Application("reader").client_id)
"""
CONTRIBUTOR = """\
azure.RoleAssignment("reader", scope=logs.resource_id, principal_id=reader.principal_id,
    role="Storage Blob Data Contributor")
"""
FIRST = 'AzureBackupLocation("azure", location="westeurope")\n'


def rotation_by_word(stack: Stack, record: Record) -> None:
    program = 'AzureBackupLocation("nightly", location="westeurope", rotation="{}")'
    stack.program(program.format("one"))
    stack.up()
    stack.program(program.format("two"))
    record("rotation-by-word")


def widened_azure(stack: Stack, record: Record) -> None:
    stack.program(AZURE + READER)
    stack.up()
    stack.program(AZURE + READER + CONTRIBUTOR)
    record("role-added")
    stack.program(AZURE.replace("westeurope", "northeurope") + READER)
    record("account-replaced")


SCENARIOS = [rotation_by_word, widened_azure]
