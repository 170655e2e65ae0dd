"""A Palette in this process, what else its users do there, and stacks that talk to it."""

from dataclasses import replace
from typing import Any

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient
from palette_backup_provider.clients.rest import http
from palette_backup_provider.clients.rest.session import Adapter
from palette_backup_provider.clients.rest.throttle import Throttle
from palette_backup_provider.clients.rest.trust import own_ca
from palette_backup_provider.core.retry import Patience
from palette_backup_provider.core.run import Run
from palette_backup_provider.core.settings import Settings
from palette_backup_provider.engine.lifecycle import Lifecycle
from palette_backup_provider.resources.palette.backup_location import BackupLocationHandler
from palette_backup_provider.resources.palette.storage import KINDS
from palette_backup_provider.sandbox.palette import kinds
from palette_backup_provider.sandbox.palette.errors import Refusal, not_valid
from palette_backup_provider.sandbox.palette.store import Location
from palette_backup_provider.sandbox.proxy.faults import Fault
from palette_backup_provider.sandbox.proxy.rate_limit import Limit
from palette_backup_provider.sandbox.run import Sandbox
from tests.clouds import in_some_folders
from tests.unit.clients.loopback import FakeTime
from tests.unit.resources import __name__ as ROOM
from tests.unit.resources.stack import Stack
from tests.unit.sandbox import __name__ as SANDBOX

SECRET = "s3cr3t-0f-th3-acc3ss-k3y"
STATIC = {"kind": "secret", "access_key": "AKIAEXAMPLE", "secret_key": SECRET}
STORAGE: dict[str, Any] = {
    "kind": "s3",
    "bucket": "the-bucket",
    "region": "eu-west-1",
    "credentials": STATIC,
}
CLOUD = kinds.KINDS[STORAGE["kind"]].cloud
"""That of the storage."""
ON_CLOUD = in_some_folders(ROOM, "location")[CLOUD]
"""What is the cloud's own of a location on it."""
STS: dict[str, str] = ON_CLOUD.ROLE
OTHER_KIND = next(kind for kind in KINDS if kind != STORAGE["kind"])
POST = f"POST {LOCATIONS}/s3"
LIST = f"GET {LOCATIONS}"
GET, PUT = f"GET {LOCATIONS}/s3/{{uid}}", f"PUT {LOCATIONS}/s3/{{uid}}"
PATCH = f"PATCH {LOCATIONS}/s3/{{uid}}/default"
DELETE = f"DELETE {LOCATIONS}/s3/{{uid}}"
VALIDATE = f"POST {in_some_folders(SANDBOX, 'locations')[CLOUD].VALIDATED[0]}"


class Given(Run):
    """A run, some of whose clients are given."""

    def __init__(self, settings: Settings, given: dict[type, Any]) -> None:
        super().__init__(settings)
        self.given = given

    def client(self, kind: type[Any], identity: Any = None) -> Any:
        return self.given.get(kind) or super().client(kind, identity)


class Tenant:
    """Palette, and the bucket that its locations are on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.store = sandbox, sandbox.store
        self.bucket: Any = ON_CLOUD.Store()
        self.validated: list[Any] = []
        self.refusals: list[str] = []
        """What Palette says to the next validate calls."""
        sandbox.conditions.reset()
        sandbox.conditions.limit.limit = Limit(enabled=False)
        sandbox.store.reset()
        sandbox.validation.validators[CLOUD] = self._validate

    def stack(self, handler: Any = BackupLocationHandler, **config: str) -> Stack:
        """A stack as a new process sees it; its project is `Default`."""
        stack = Stack(handler)
        given = {PaletteClient: self.client(), ON_CLOUD.CLIENT: self.bucket}
        settings = Settings({f"palette:{k}": v for k, v in config.items()}.get, {})
        stack.lifecycle = Lifecycle(handler, Given(settings, given))
        return stack

    def client(self, project: str = "Default") -> PaletteClient:
        """A client whose waits cost no time."""
        time, key = FakeTime(), self.sandbox.access.api_key
        service = http.Service("Palette", self.sandbox.url, "Reach it.", "Trust it.")
        transport = http.Http(
            service,
            lambda: {"ApiKey": key},
            Throttle(time.clock, time.sleep),
            Adapter(own_ca("palette:caCert", self.sandbox.env["PALETTE_CA_CERT"])),
            clock=time.clock,
            sleep=time.sleep,
        )
        return PaletteClient(transport, key, project)

    def plan(self, call: str, fault: str = "status", times: int = 1, **how: Any) -> None:
        """Have the next calls of that kind fail."""
        planned = {"service": "palette", "call": call, "fault": fault, "times": times, **how}
        self.sandbox.conditions.faults.plan([Fault.model_validate(planned)])

    def knobs(self, **settings: Any) -> None:
        self.store.options = self.store.options.model_copy(update=settings)

    def calls(self, call: str) -> int:
        """How many came through so far."""
        count: int = self.sandbox.conditions.report()["palette"].get(call, 0)
        return count

    def only(self) -> Location:
        """The one location there is."""
        (location,) = self.store.all()
        return location

    def others(self, name: str, mark: str | None = None, project: str | None = "Default") -> str:
        """The uid of a location that somebody else made."""
        notes = {"annotations": {"palette-backup/mark": mark}} if mark else {}
        body = {
            "metadata": {"name": name, **notes},
            "spec": {
                "config": {"bucketName": "b", "region": "us-east-1", "credentials": {}},
                "isDefault": False,
                "type": "s3",
            },
        }
        body["spec"]["config"]["credentials"] = {"accessKey": "a", "secretKey": "b"}  # type: ignore[index]
        uid = project and self.store.projects[project]
        return self.store.create(uid, "s3", body).uid

    def changed(self, **config: Any) -> Location:
        """Somebody changes the configuration of the one location."""
        location = self.only()
        location.body["spec"]["config"].update(config)
        location.modified = "2999-01-01T00:00:00.000Z"
        return location

    def _validate(self, body: Any) -> None:
        self.validated.append(body)
        if self.refusals:
            raise self._refusal()

    def _refusal(self) -> Refusal:
        return not_valid(self.refusals.pop(0) if len(self.refusals) > 1 else self.refusals[0])


def storage(**other: Any) -> dict[str, Any]:
    return {"storage": {**STORAGE, **other}}


def flat(props: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The properties by their paths, those of the storage and its credentials too."""
    found = {}
    for key, value in props.items():
        nested = isinstance(value, dict) and ("kind" in value or key == "credentials")
        found.update(flat(value, f"{prefix}{key}.") if nested else {f"{prefix}{key}": value})
    return found


def timeless(patience: Patience) -> tuple[FakeTime, Patience]:
    """The same patience, on time that costs none."""
    time = FakeTime()
    return time, replace(patience, clock=time.clock, sleep=time.sleep)
