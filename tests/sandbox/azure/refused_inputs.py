"""Inputs on Azure that are refused in preview."""

from tests.sandbox.refused_inputs import RefusedInputs

REFUSED = RefusedInputs(
    nowhere=(
        (
            'AzureBackupLocation("n", AzureBackupLocationArgs(location="westeuropa"))',
            ["can use. Did you mean westeurope? `az account list-locations` lists all."],
        ),
    ),
    spellings=(
        'azure.ResourceGroup("n", azure.ResourceGroupArgs(location="West Europe"))\n',
        'azure.ResourceGroup("n", azure.ResourceGroupArgs(location="westeurope"))\n',
    ),
)
