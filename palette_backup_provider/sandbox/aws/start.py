"""How a sandbox runs AWS."""

from typing import TYPE_CHECKING

from palette_backup_provider.sandbox.aws.known_errors import ERRORS
from palette_backup_provider.sandbox.cloud import REGION, Cloud, Started

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.host import Host


def _start(host: "Host") -> Started:
    # moto takes a while to import, and is not needed for Palette alone.
    from palette_backup_provider.sandbox.aws.inspector import inspect
    from palette_backup_provider.sandbox.aws.service import Aws
    from palette_backup_provider.sandbox.aws.validator import AwsValidator

    aws = Aws()
    host.running.callback(aws.stop)
    url = host.serve(aws)
    env = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": aws.admin.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.admin.secret_key,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,  # botocore does not read AWS_REGION.
        "PALETTE_BACKUP_SANDBOX_OTHER_AWS_ACCESS_KEY_ID": aws.other.access_key,
        "PALETTE_BACKUP_SANDBOX_OTHER_AWS_SECRET_ACCESS_KEY": aws.other.secret_key,
    }
    return Started(aws, env, aws.reset, inspect, AwsValidator(url, aws.palette))


CLOUD = Cloud(
    title="AWS",
    shown="AWS_ENDPOINT_URL",
    start=_start,
    errors={"aws": ERRORS},
    nowhere=("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
    out_of_reach={"AWS_EC2_METADATA_DISABLED": "true"},
    usual=True,
)
