"""Palette's REST API: one client a process, shared by the engine's threads.

The client hides the rate limit, and which calls may be repeated. It hides, too, that a bad API key
looks like an absent object, and that one list call serves all locations.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, unquote, urlencode

from palette_backup_provider.clients.palette.connection import USER, connection
from palette_backup_provider.clients.palette.errors import KEY_ADVICE, LOCATIONS, to_api_error
from palette_backup_provider.clients.rest.single_flight import SingleFlight
from palette_backup_provider.clients.rest.trust import UNTRUSTED
from palette_backup_provider.core import own_settings
from palette_backup_provider.core.errors import ApiError, BadSetting, NotFound, ProviderError
from palette_backup_provider.core.secrets import excerpt, remember
from palette_backup_provider.core.settings import Settings

if TYPE_CHECKING:
    from palette_backup_provider.clients.rest.http import Http

__all__ = ["LOCATIONS", "PaletteClient", "joined"]

Item = dict[str, Any]

PROJECTS = "/v1/dashboard/projects/metadata"
FRACTION = re.compile(r"[.,]\d*[1-9]")
"""What of a timestamp says that it is finer than a second."""
PAGE = 50
"""How many items other lists of Palette show at once."""


class PaletteClient:
    """Calls to one tenant of Palette."""

    def __init__(
        self,
        http: "Http",
        api_key: str,
        default_project: str = "",
        called: Callable[[str, str], str] = lambda key, usual: usual,
    ) -> None:
        """`called` says what a person sets, as `Settings.called` does."""
        self._http, self._key, self._called = http, api_key, called
        self.default_project = default_project
        """Name or uid from `palette:project`, empty when it is not set."""
        self._answered = threading.local()
        self._constants, self._projects = SingleFlight[Item](), SingleFlight[dict[str, str]]()
        self._lists = SingleFlight[dict[str, Item]]()
        self._first_lists = SingleFlight[dict[str, Item]]()
        self._listed_at: dict[str, float] = {}

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """The client that the settings describe. Makes no call yet."""
        key = settings.require(*own_settings.API_KEY.places, secret=True).strip()
        remember(key)
        if not (key.isascii() and key.isprintable() and " " not in key):
            named = settings.called(own_settings.API_KEY.name)
            raise BadSetting(f"{named} holds characters that no API key has. Correct it.")
        return cls(
            connection(settings, lambda: {"ApiKey": key}),
            key,
            settings.get(*own_settings.PROJECT.places) or "",
            settings.called,
        )

    def call(self, method: str, path: str, body: Any = None, *, project: str | None = None) -> Any:
        """The answer's JSON, None if it is empty. `project` is a uid; without one, the tenant.

        `palette_answers` says what is read of it.
        """
        from palette_backup_provider.clients.palette.answers import ROUTES

        scope = {"ProjectUid": quote(project, safe="")} if project else {}
        try:
            answer = self._http.send(method, path, body, scope)
        except ApiError as error:
            untrusted = error.code == UNTRUSTED
            raise error.see("palette.certificate" if untrusted else "palette.reachable") from None
        finally:
            if path.startswith(LOCATIONS) and method not in ("GET", "DELETE"):
                self._lists.drop()
        self._answered.date = answer.headers.get("Date", "")
        if answer.status >= 400:
            content = _parsed(answer.body)
            advice = self._called(own_settings.API_KEY.name, KEY_ADVICE)
            raise to_api_error(self._http.service, method, path, answer, content, self._key, advice)
        content = ROUTES.read(self._http.service, method, path, answer.body)
        if path.startswith(LOCATIONS) and method == "DELETE":
            self._lists.amend(
                lambda locations: locations.pop(unquote(path.rpartition("/")[2]), None)
            )
        return content

    def tenant(self) -> str:
        """The uid of the tenant that the API key belongs to."""

        return str(self.constant(USER)["tenantUid"])

    def organization(self) -> str:
        """The name of that tenant's organisation; empty if Palette does not say."""
        return str(self.constant(USER).get("orgName") or "")

    def constant(self, path: str) -> Item:
        """The answer to a GET of something that always exists and stays as it is; asked once."""
        return self._constants.get(path, lambda: self._there(path))

    def project_uid(self, name_or_uid: str) -> str:
        """The uid of a project the API key can see."""

        if self.sees(name_or_uid):
            return self._visible().get(name_or_uid, name_or_uid)
        raise ProviderError(
            f"Palette has no project {name_or_uid!r} that the API key can see. "
            f"It can see: {self.project_names()}. Correct "
            f"{self._called(own_settings.PROJECT.name, 'project= or palette:project')}."
        )

    def sees(self, name_or_uid: str) -> bool:
        """Whether there is such a project that the API key can see."""
        projects = self._visible()
        return name_or_uid in projects or name_or_uid in projects.values()

    def project_name(self, uid: str) -> str:
        """The name of a project the API key can see."""
        return next(name for name, known in self._visible().items() if known == uid)

    def project_names(self) -> str:
        """The projects that the API key can see, the first of them by name."""
        names = sorted(map(excerpt, self._visible()))
        seen = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if names[20:] else "")
        return seen or "none"

    def _visible(self) -> dict[str, str]:
        """The uids of the projects that the API key can see, by name."""

        def fetch() -> dict[str, str]:
            listed = (project["metadata"] for project in self._there(PROJECTS)["items"])
            return {project["name"]: project["uid"] for project in listed}

        return self._projects.get("", fetch)

    def locations(self, project: str, *, fresh: bool = False) -> dict[str, Item]:
        """Every location of a scope by uid; one call serves all, until something is written."""

        def fetch() -> dict[str, Item]:
            listed = _by_uid(self._there(LOCATIONS, project))
            self._listed_at[project] = self._http.now()
            self._http.spent(LOCATIONS, self._ages(listed.values()))
            return listed

        return dict(self._lists.get(project, fetch, fresh=fresh))

    def first_locations(self, project: str) -> dict[str, Item]:
        """The locations of a scope by uid as they were before this process wrote any."""
        return self._first_lists.get(project, lambda: self.locations(project))

    def named(self, project: str, name: str) -> dict[str, Item]:
        """Every location of that name in a scope by uid, asked for anew."""
        listed = self.locations(project, fresh=True)
        if listed and len(listed) % PAGE == 0:  # it may be cut, though documented as whole
            query = urlencode({"filters": f"metadata.name={name}"})
            try:
                listed |= _by_uid(self._there(f"{LOCATIONS}?{query}", project))
            except ApiError as error:
                if error.status not in (400, 422):  # that names can be filtered is not documented
                    raise
        return {uid: item for uid, item in listed.items() if item["metadata"]["name"] == name}

    def settle(self, project: str, timestamp: str) -> None:
        """Wait until no other change can bear the `timestamp` that the list of a scope tells.

        What is read from then on is all that this timestamp stands for. Palette may write whole
        seconds. The change was made before the list came. So the second that the timestamp names is
        over one second after the list, by this machine's own count. Clocks need not agree for this.
        """
        if not FRACTION.search(timestamp):
            self._http.rest(self._listed_at.get(project, 0.0) + 1)

    def _ages(self, listed: Iterable[Item]) -> Iterator[float]:
        """Seconds since each location was written, by Palette's own clock."""
        for item in listed:
            with suppress(
                KeyError, OverflowError, TypeError, ValueError
            ):  # in no way we know: no age
                now = parsedate_to_datetime(self._answered.date)
                written = datetime.fromisoformat(item["metadata"]["lastModifiedTimestamp"])
                yield max((now - written).total_seconds(), 0)

    def _there(self, path: str, project: str = "") -> Any:
        """The answer to a GET of something that always exists."""
        try:
            return self.call("GET", path, project=project)
        except NotFound as error:
            # Says that the scope is wrong, and nothing about any object in it.
            raise ApiError(str(error), status=error.status, code=error.code) from None


def joined(path: str, *parts: str) -> str:
    """`path` with `parts` below it, each quoted so that it is one part whatever it holds."""
    for part in parts:
        if part in ("", ".", ".."):  # every client takes these for steps in the path, quoted or not
            raise ProviderError(f"Palette has nothing whose uid is {part!r}. Correct the uid.")
    return "/".join([path, *(quote(part, safe="") for part in parts)])


def _by_uid(answer: Any) -> dict[str, Item]:
    return {item["metadata"]["uid"]: item for item in answer["items"] or []}


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
