"""Credentials that a cloud knows only after a while: what it costs to wait for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from palette_backup_provider.sandbox.aws.service import ACCOUNT
from palette_backup_provider.sandbox.azure.service import Azure
from palette_backup_provider.sandbox.gcp.service import Gcp
from palette_backup_provider.sandbox.minio.service import Minio
from palette_backup_provider.sandbox.run import Sandbox
from tests.bench.report import Row
from tests.bench.world import World

DELAYS = (5, 20)


@dataclass(frozen=True)
class Fresh:
    """The credential of one cloud's component."""

    cloud: str
    what: str
    program: str
    made: Callable[[Sandbox, Any], float]
    """When the credential of a location was complete; seconds since the epoch."""


def _aws(_: Sandbox, keys: Any) -> float:
    key = iam_backends[ACCOUNT]["aws"].access_keys[keys["accessKey"]]
    made: datetime = key.create_date.replace(tzinfo=UTC)
    return made.timestamp()


def _gcp(sandbox: Sandbox, keys: Any) -> float:
    (made,) = [
        key.made
        for id, key in sandbox.service(Gcp).iam.keys.items()
        if id in keys["jsonCredentials"]
    ]
    return made


def _azure(sandbox: Sandbox, keys: Any) -> float:
    azure = sandbox.service(Azure)
    (application,) = [
        one for one in azure.entra.applications.values() if one.app_id == keys["clientId"]
    ]
    principal = azure.entra.principal_of(application.app_id)
    assert principal
    roles = [a.made for a in azure.arm.access.assignments.values() if a.principal == principal.id]
    return max(*roles, *(secret.made for secret in application.secrets))


def _minio(sandbox: Sandbox, keys: Any) -> float:
    return sandbox.service(Minio).made[keys["accessKey"]]


FRESH = (
    Fresh("AWS", "key", 'AwsBackupLocation("b", AwsBackupLocationArgs(region="us-east-1"))', _aws),
    Fresh("GCP", "key", 'GcpBackupLocation("b", GcpBackupLocationArgs(location="EU"))', _gcp),
    Fresh(
        "Azure",
        "client secret",
        'AzureBackupLocation("b", AzureBackupLocationArgs(location="westeurope"))',
        _azure,
    ),
    Fresh("MinIO", "user", 'MinioBackupLocation("b", MinioBackupLocationArgs())', _minio),
)


def waiting(world: World) -> Iterator[Row]:
    """From the making of a credential that is unknown at first to its location."""
    for fresh in FRESH:
        for delay in DELAYS:
            world.begin()
            world.control.post("delay", {"seconds": delay})
            stack = world.stack()
            stack.program(fresh.program)
            stack.up()
            (location,) = world.sandbox.store.all()
            made = fresh.made(world.sandbox, location.body["spec"]["config"]["credentials"])
            waited = datetime.fromisoformat(location.created).timestamp() - made
            limit = 1.2 * delay + 1
            peers = ("fails", "fails") if fresh.cloud == "AWS" else ()
            yield Row(
                f"{fresh.cloud}: wait for a {fresh.what} that becomes valid after {delay} s",
                f"{waited:.1f} s",
                f"at most 1.2 x {delay} s + 1 s = {limit:.0f} s",
                waited <= limit,
                *peers,
            )
            world.control.post("delay", {"seconds": 0})
            stack.destroy()
