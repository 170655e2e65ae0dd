"""How a sandbox runs Google Cloud."""

from functools import partial
from typing import TYPE_CHECKING

from palette_backup_provider.sandbox.cloud import Cloud, Started
from palette_backup_provider.sandbox.gcp.known_errors import ERRORS

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.host import Host


def _start(host: "Host") -> Started:
    from palette_backup_provider.sandbox.gcp.inspector import inspect
    from palette_backup_provider.sandbox.gcp.service import PROJECT, Gcp
    from palette_backup_provider.sandbox.gcp.validator import GcpValidator

    gcp = Gcp(host.conditions.clock)
    url = host.serve(gcp)
    own, other = (
        host.write(name, key.encode())
        for name, key in zip(("gcp.json", "gcp-other.json"), gcp.open(url), strict=True)
    )
    env = {
        "GOOGLE_APPLICATION_CREDENTIALS": str(own),
        "GOOGLE_PROJECT": PROJECT,
        "GOOGLE_STORAGE_CUSTOM_ENDPOINT": f"{url}/storage/v1/",
        "GOOGLE_IAM_CUSTOM_ENDPOINT": f"{url}/v1/",
        "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT": f"{url}/v1/",
        "GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT": f"{url}/v1/",
        "PALETTE_BACKUP_SANDBOX_OTHER_GOOGLE_CREDENTIALS": str(other),
    }
    return Started(gcp, env, gcp.reset, partial(inspect, gcp), GcpValidator(url))


CLOUD = Cloud(
    title="Google Cloud",
    shown="GOOGLE_STORAGE_CUSTOM_ENDPOINT",
    start=_start,
    errors={"gcp": ERRORS},
    nowhere=("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG"),
    out_of_reach={"NO_GCE_CHECK": "true"},
)
