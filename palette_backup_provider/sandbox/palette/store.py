"""What the Palette simulator stores, and Palette's rules about it.

`options` says what it does where public sources leave that open.
"""

import copy
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import Refusal, missing, not_found
from palette_backup_provider.sandbox.palette.kinds import KINDS
from palette_backup_provider.sandbox.palette.options import PaletteOptions

PROJECTS = ("Default", "team-a")


@dataclass(frozen=True)
class Replaced:
    """What a location had before an update gave it another credential."""

    config: Body
    """Its `spec.config`, secrets in clear."""
    at: str
    """When the update came."""


@dataclass
class Location:
    """A stored backup location."""

    uid: str
    project: str | None
    """Uid of its project; None for one of the tenant's."""
    kind: str
    body: Body
    """As it was sent, secrets in clear, with Palette's defaults filled in."""
    created: str
    modified: str
    clusters: list[Body] = field(default_factory=list)
    """Clusters that use it."""
    replaced: list[Replaced] = field(default_factory=list)
    """One for each update that changed the credential, oldest first."""

    @property
    def config(self) -> Body:
        """Its `spec.config`, secrets in clear."""
        config: Body = self.body["spec"]["config"]
        return config

    @property
    def name(self) -> str:
        """The name people gave it."""
        return str(self.body["metadata"]["name"])

    @property
    def is_default(self) -> bool:
        """Whether it is the default of its scope."""
        return bool(self.body["spec"]["isDefault"])


class Store:
    """Projects and locations of the one tenant."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        projects: Iterable[str] = PROJECTS,
    ) -> None:
        self._now = now
        self._names = tuple(projects)
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """As at the start: nothing stored, new uids."""
        with self._lock:
            self.tenant = _uid()
            self.user = _uid()
            self.external_id = secrets.token_hex(16)
            self.projects = {name: _uid() for name in self._names}
            self.options = PaletteOptions()
            self._locations: dict[str, Location] = {}

    def project_name(self, location: Location) -> str | None:
        """The name of a location's project; None for one of the tenant's."""
        return next((n for n, uid in self.projects.items() if uid == location.project), None)

    def all(self) -> list[Location]:
        """Every location of the tenant and its projects, oldest first."""
        with self._lock:
            return list(self._locations.values())

    def visible(self, project: str | None) -> list[Location]:
        """What the list of a scope shows."""
        scopes = (project, None) if self.options.list_shows_tenant else (project,)
        return [location for location in self.all() if location.project in scopes]

    def find(self, project: str | None, uid: str, kind: str | None = None) -> Location:
        """The location of that uid, if the scope has it and the kind is right."""
        location = self._locations.get(uid)
        if not location or location.project != project or kind not in (None, location.kind):
            raise not_found(f"Location with uid {uid} not found")
        return location

    def create(self, project: str | None, kind: str, body: Body) -> Location:
        """Store a new location. The credential in it is not looked at."""
        with self._lock:
            body = _completed(kind, body)
            limit = self.options.location_limit
            if len(self._locations) >= limit:
                raise Refusal(
                    403, "ResourceLimitExceeded", f"Maximum number of locations ({limit}) reached"
                )
            self._refuse_duplicate(project, body["metadata"]["name"])
            now = self._timestamp()
            location = Location(_uid(), project, kind, body, now, now)
            self._locations[location.uid] = location
            self._one_default(location)
            return location

    def update(self, location: Location, body: Body) -> None:
        """Overwrite a location. A masked secret is stored as it came, to catch who sends it."""
        with self._lock:
            body = _completed(location.kind, body)
            name = body["metadata"]["name"]
            if name != location.name:
                self._refuse_duplicate(location.project, name)
            before = location.config
            location.body = body
            location.modified = self._timestamp()
            if before["credentials"] != location.config["credentials"]:
                location.replaced.append(Replaced(before, location.modified))
            self._one_default(location)

    def make_default(self, location: Location) -> None:
        """Make a location the default of its scope."""
        with self._lock:
            location.body["spec"]["isDefault"] = True
            location.modified = self._timestamp()
            self._one_default(location)

    def delete(self, location: Location) -> None:
        """Forget a location; its bucket is not touched."""
        with self._lock:
            if location.clusters and self.options.in_use == "reject":
                names = ", ".join(str(cluster["name"]) for cluster in location.clusters)
                raise Refusal(409, "ResourceInUse", f"Location is used by clusters: {names}")
            self._locations.pop(location.uid, None)

    def masked(self, location: Location) -> Body:
        """A location's body as Palette gives it back."""
        body = copy.deepcopy(location.body)
        if self.options.get_shows_time:
            body["metadata"]["lastModifiedTimestamp"] = location.modified
        credentials = body["spec"]["config"]["credentials"]
        for key in KINDS[location.kind].secrets:
            if key not in credentials:
                continue
            if self.options.mask == "absent":
                del credentials[key]
            else:
                tail = credentials[key][-4:] if self.options.mask == "last4" else ""
                credentials[key] = "" if self.options.mask == "empty" else "**********" + tail
        return body

    def _refuse_duplicate(self, project: str | None, name: str) -> None:
        taken = any(x.project == project and x.name == name for x in self._locations.values())
        if taken and self.options.duplicate_name:
            raise Refusal(
                self.options.duplicate_name, "DuplicateName", f"Location {name} already exists"
            )

    def _one_default(self, location: Location) -> None:
        if not location.is_default:
            return
        for other in self._locations.values():
            if other is not location and other.project == location.project:
                other.body["spec"]["isDefault"] = False

    def _timestamp(self) -> str:
        now = self._now()
        if self.options.whole_seconds:
            now = now.replace(microsecond=0)
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _completed(kind: str, body: Body) -> Body:
    """The body with Palette's defaults, or a refusal that names the field that is missing."""
    metadata = _part(body, "metadata", "body")
    if not isinstance(metadata.get("name"), str) or not metadata["name"]:
        raise missing("metadata.name")
    spec = _part(body, "spec", "body")
    config = _part(spec, "config", "spec")
    rules = KINDS[kind]
    for name in rules.required:
        if not config.get(name):
            raise missing(f"spec.config.{name}")
    credentials = _part(config, "credentials", "spec.config")
    fields = ("name", "labels", "annotations")
    return copy.deepcopy(
        {
            "metadata": {name: metadata[name] for name in fields if name in metadata},
            "spec": {
                "type": spec.get("type", kind),
                "isDefault": bool(spec.get("isDefault", False)),
                "config": {
                    **rules.defaults,
                    **config,
                    "credentials": {**rules.credential_defaults, **credentials},
                },
            },
        }
    )


def _part(body: Body, name: str, where: str) -> Body:
    part = body.get(name)
    if not isinstance(part, dict):
        raise missing(f"{where}.{name}".removeprefix("body."))
    return part


def _uid() -> str:
    return secrets.token_hex(12)
