"""How a sandbox runs Azure."""

from functools import partial
from typing import TYPE_CHECKING

from palette_backup_provider.sandbox.azure.known_errors import BLOB_ERRORS, ERRORS
from palette_backup_provider.sandbox.cloud import Cloud, Started

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.host import Host


def _start(host: "Host") -> Started:
    from palette_backup_provider.sandbox.azure.inspector import inspect
    from palette_backup_provider.sandbox.azure.service import Azure
    from palette_backup_provider.sandbox.azure.validator import AzureValidator

    azure = Azure()
    url, blob_url = (host.serve(service, tls=True) for service in (azure, azure.blobs))
    azure.serve(url, blob_url)
    env = {
        "ARM_METADATA_HOSTNAME": url.removeprefix("https://"),
        "PALETTE_AZURE_CA_CERT": str(host.ca_file),
    }
    people = {"ARM": azure.operator, "PALETTE_BACKUP_SANDBOX_OTHER_ARM": azure.other}
    for prefix, who in people.items():
        env |= {
            f"{prefix}_TENANT_ID": who.tenant,
            f"{prefix}_SUBSCRIPTION_ID": who.subscription,
            f"{prefix}_CLIENT_ID": who.client_id,
            f"{prefix}_CLIENT_SECRET": who.client_secret,
        }
    validator = AzureValidator(url, str(host.ca_file))
    return Started(azure, env, azure.reset, partial(inspect, azure), validator)


CLOUD = Cloud(
    title="Azure",
    shown="ARM_METADATA_HOSTNAME",
    start=_start,
    errors={"azure": ERRORS, "azure-blob": BLOB_ERRORS},
    nowhere=("AZURE_CONFIG_DIR",),
    out_of_reach={"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"},
)
