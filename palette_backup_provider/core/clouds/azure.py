"""Azure."""

from palette_backup_provider.core.cloud import Cloud, CredentialWait
from palette_backup_provider.core.namespace import Key

WAIT = CredentialWait.of("palette:azureWait", "Azure", 600, "PALETTE_AZURE_WAIT")
CA_CERT = Key(
    "palette:azureCaCert",
    "PEM, or the path of a file of it, of the CA that signs the certificates of an Azure "
    "of your own.",
    ("PALETTE_AZURE_CA_CERT",),
)
CLOUD = Cloud(
    "azure-native",
    (WAIT, CA_CERT),
    variables=("ARM", "AZURE", "IDENTITY", "MSI"),  # the latter two of machines in Azure
    ca_cert=CA_CERT,
)
