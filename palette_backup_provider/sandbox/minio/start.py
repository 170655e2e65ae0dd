"""How a sandbox runs MinIO."""

from functools import partial
from typing import TYPE_CHECKING

from palette_backup_provider.sandbox.cloud import REGION, Cloud, Started
from palette_backup_provider.sandbox.minio.known_errors import ERRORS

if TYPE_CHECKING:
    from palette_backup_provider.sandbox.host import Host


def _start(host: "Host") -> Started:
    from palette_backup_provider.sandbox.minio.inspector import inspect
    from palette_backup_provider.sandbox.minio.service import Minio
    from palette_backup_provider.sandbox.tools.minio_build import find_minio

    minio = Minio(find_minio(), host.conditions.clock)
    host.running.callback(minio.stop)
    env = {
        "MINIO_ENDPOINT": host.serve(minio),
        "MINIO_USER": minio.user,
        "MINIO_PASSWORD": minio.password,
        "MINIO_REGION": REGION,
    }
    return Started(minio, env, minio.reset, partial(inspect, minio))


CLOUD = Cloud(
    title="MinIO",
    shown="MINIO_ENDPOINT",
    start=_start,
    errors={"minio": ERRORS},
    real=True,
)
