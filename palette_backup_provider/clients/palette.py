"""Palette's REST API: one client a process, shared by the engine's threads.

What it knows and its callers need not: the rate limit, what may be repeated, that a bad API key
looks like an object that is gone, and that one list call serves all locations.
"""

import ipaddress
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlencode, urlsplit

from palette_backup_provider.clients.refusal import KEY_VARIABLES, LOCATIONS, refusal
from palette_backup_provider.clients.shared import Shared
from palette_backup_provider.core.errors import ApiError, BadSetting, NotFound, ProviderError
from palette_backup_provider.core.secrets import excerpt, remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.http import Http

__all__ = ["LOCATIONS", "PaletteClient"]

T = TypeVar("T")
Item = dict[str, Any]

PROJECTS = "/v1/dashboard/projects/metadata"
USER = "/v1/users/info"
STS = "/v1/clouds/aws/account/sts"
PAGE = 50
"""How many items other lists of Palette show at once."""
DEFAULT_HOST = "api.spectrocloud.com"


class PaletteClient:
    """Calls to one tenant of Palette."""

    def __init__(self, http: "Http", api_key: str, default_project: str = "") -> None:
        self._http, self._key = http, api_key
        self.default_project = default_project
        """Name or uid from `palette:project`, empty when it is not set."""
        self._answered = threading.local()
        self._tenants, self._projects = Shared[str](), Shared[dict[str, str]]()
        self._lists = Shared[dict[str, Item]]()
        self._first_lists = Shared[dict[str, Item]]()
        self._sts = Shared[tuple[str, str]]()

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """The client that the settings describe. Makes no call yet."""
        # requests takes a third of what `import pulumi` takes; programs do not need it.
        from palette_backup_provider.clients import http
        from palette_backup_provider.clients.throttle import Throttle

        key = settings.require("palette:apiKey", *KEY_VARIABLES, secret=True).strip()
        remember(key)
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise BadSetting("palette:apiKey holds characters that no API key has.")
        ca = settings.get("palette:caCert", "PALETTE_CA_CERT")
        service = http.Service(
            "Palette",
            _url(settings),
            reach="Check palette:host, the network and the proxy ($HTTPS_PROXY, $NO_PROXY).",
            trust="If a CA of your own signed it, set palette:caCert (or $PALETTE_CA_CERT) to the "
            "path of that CA's PEM file.",
        )
        adapter = http.Adapter(http.own_ca("palette:caCert", ca) if ca else None)
        return cls(
            http.Http(service, lambda: {"ApiKey": key}, Throttle(), adapter),
            key,
            settings.get("palette:project", "PALETTE_PROJECT") or "",
        )

    def call(self, method: str, path: str, body: Any = None, *, project: str | None = None) -> Any:
        """The answer's JSON, None if it is empty. `project` is a uid; without one, the tenant."""
        try:
            answer = self._http.send(method, path, body, {"ProjectUid": project} if project else {})
        finally:
            if path.startswith(LOCATIONS) and method not in ("GET", "DELETE"):
                self._lists.drop()
        self._answered.date = answer.headers.get("Date", "")
        content = _parsed(answer.body)
        if answer.status >= 400:
            raise refusal(self._http.service, method, path, answer, content, self._key)
        if answer.body and content is None:
            text = f"{self._http.service} answered {method} {path} with something that is not JSON"
            reach = self._http.service.reach
            raise ApiError(f"{text}: {excerpt(answer.text)} {reach}", status=0)
        if path.startswith(LOCATIONS) and method == "DELETE":
            self._lists.amend(lambda known: known.pop(path.rpartition("/")[2], None))
        return content

    def tenant(self) -> str:
        """The uid of the tenant that the API key belongs to."""

        def fetch() -> str:
            return self._understood(USER, lambda user: str(user["tenantUid"]))

        return self._tenants.get("", fetch)

    def sts_account(self, partition: str) -> tuple[str, str]:
        """Palette's AWS account in that partition, and the external id it assumes roles with."""

        def fetch() -> tuple[str, str]:
            try:
                found = self.call("GET", f"{STS}?partition={partition}")
            except ApiError as error:
                raise ApiError(
                    f"{error} A Palette of your own needs an AWS account for STS first: its "
                    "administrator sets it in the system console.",
                    status=error.status,
                    code=error.code,
                ) from None
            return str(found["accountId"]), str(found["externalId"])

        return self._sts.get(partition, fetch)

    def project_uid(self, name_or_uid: str) -> str:
        """The uid of a project the API key can see."""

        def fetch() -> dict[str, str]:
            return self._understood(
                PROJECTS,
                lambda found: {p["metadata"]["name"]: p["metadata"]["uid"] for p in found["items"]},
            )

        projects = self._projects.get("", fetch)
        if name_or_uid in projects.values():
            return name_or_uid
        if name_or_uid in projects:
            return projects[name_or_uid]
        names = sorted(projects)
        seen = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if names[20:] else "")
        raise ProviderError(
            f"Palette has no project {name_or_uid!r} that the API key can see. "
            f"It can see: {seen or 'none'}. Correct project= or palette:project."
        )

    def locations(self, project: str, *, fresh: bool = False) -> dict[str, Item]:
        """Every location of a scope by uid; one call serves all, until something is written."""

        def fetch() -> dict[str, Item]:
            listed = self._understood(LOCATIONS, _by_uid, project)
            self._http.spent(LOCATIONS, self._ages(listed.values()))
            return listed

        return dict(self._lists.get(project, fetch, fresh=fresh))

    def found(self, project: str) -> dict[str, Item]:
        """The locations of a scope by uid as they were before this process wrote any."""
        return self._first_lists.get(project, lambda: self.locations(project))

    def named(self, project: str, name: str) -> dict[str, Item]:
        """Every location of that name in a scope by uid, asked for anew."""
        listed = self.locations(project, fresh=True)
        if listed and len(listed) % PAGE == 0:  # it may be cut, though documented as whole
            query = urlencode({"filters": f"metadata.name={name}"})
            try:
                listed |= self._understood(f"{LOCATIONS}?{query}", _by_uid, project)
            except ApiError as error:
                if error.status not in (400, 422):  # that names can be filtered is not documented
                    raise
        return {uid: item for uid, item in listed.items() if item["metadata"]["name"] == name}

    @property
    def server_time(self) -> str:
        """A moment not before this thread's last answer, as Palette writes timestamps."""
        try:
            answered = parsedate_to_datetime(getattr(self._answered, "date", ""))
        except ValueError:
            return ""
        return (answered + timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _ages(self, listed: Iterable[Item]) -> Iterator[float]:
        """Seconds since each location was written, by Palette's own clock."""
        for item in listed:
            with suppress(KeyError, TypeError, ValueError):  # told in no way we know: no age
                now = parsedate_to_datetime(self._answered.date)
                written = datetime.fromisoformat(item["metadata"]["lastModifiedTimestamp"])
                yield max((now - written).total_seconds(), 0)

    def _understood(self, path: str, meaning: Callable[[Any], T], project: str = "") -> T:
        """What a GET of something that always exists means."""
        try:
            found = self.call("GET", path, project=project)
        except NotFound as error:
            # Says that the scope is wrong, and nothing about any object in it.
            raise ApiError(str(error), status=error.status, code=error.code) from None
        try:
            return meaning(found)
        except (AttributeError, KeyError, TypeError):
            text = f"{self._http.service} answered GET {path} with JSON that is not as documented"
            raise ApiError(f"{text}: {excerpt(json.dumps(found))}", status=0) from None


def _by_uid(found: Any) -> dict[str, Item]:
    return {item["metadata"]["uid"]: item for item in found["items"] or []}


def _url(settings: Settings) -> str:
    """Scheme and host from `palette:host`, which may be a bare host or a URL."""
    value = settings.get("palette:host", "PALETTE_HOST", "SPECTROCLOUD_HOST")
    try:
        url = urlsplit(value if value and "://" in value else f"https://{value or DEFAULT_HOST}")
        usable = url.scheme in ("http", "https") and url.hostname and (url.port or 1)
    except ValueError:
        usable = False
    if not usable or "@" in url.netloc or url.path.strip("/") or url.query or url.fragment:
        raise BadSetting(
            "palette:host is not usable. It takes a host, such as palette.example.com, or its "
            "address without a path, such as https://palette.example.com."
        )
    if url.scheme == "http" and not (
        _is_loopback(url.hostname or "") or settings.flag("palette:insecure", "PALETTE_INSECURE")
    ):
        raise BadSetting(
            f"palette:host is {value}: over plain http everyone on the way can read the API key. "
            "Use https, or accept that with `pulumi config set palette:insecure true`."
        )
    return f"{url.scheme}://{url.netloc}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
