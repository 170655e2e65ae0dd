"""How Azure is reached.

`--live=azure` is for the public cloud. Each test makes resource groups and storage accounts in
westeurope and northeurope, applications, secrets and role assignments, and removes them. The
operator needs to list the subscription's groups, accounts and role assignments, too, and all
applications. It was never run on an account.
"""

from tests.sandbox.service import Service

SERVICE = Service(
    needed=("ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET"),
    variables="(ARM|AZURE|PALETTE_AZURE)_.*",
    elsewhere={"ARM_METADATA_HOSTNAME": "cloud.example.com", "PALETTE_AZURE_CA_CERT": None},
    planted={"ARM_CLIENT_SECRET": "planted-client-secret"},
    planted_files={},
    package="azure",
)
