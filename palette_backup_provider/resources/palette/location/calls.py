"""The calls on backup locations in Palette."""

from typing import Any

from palette_backup_provider.clients.palette.client import LOCATIONS, PaletteClient, joined
from palette_backup_provider.core.errors import ApiError, Blocked, NotFound, again
from palette_backup_provider.resources.palette.location.answers import timestamp
from palette_backup_provider.resources.palette.location.state import OURS, BackupLocationState
from palette_backup_provider.resources.palette.storage import KINDS

CLUSTERS = "/v1/spectroclusters/features/backup/locations"
USE_ANOTHER = "Give them another location in Palette first."


class Locations:
    """The locations of one scope: a project's, or the tenant's where `project` is empty."""

    def __init__(self, client: PaletteClient, project: str) -> None:
        self._client, self._project = client, project

    def listed(self) -> dict[str, Any]:
        """The list call's entry of each location, by uid."""
        return self._client.locations(self._project)

    def first_listed(self) -> dict[str, Any]:
        """The same as it was before this run wrote any; asked for once."""
        return self._client.first_locations(self._project)

    def named(self, name: str) -> dict[str, Any]:
        """Every location of that name, by uid; never cached."""
        return self._client.named(self._project, name)

    def get(self, id: str, kind: str) -> Any:
        """A whole location. Raises NotFound only if the list has no entry, either."""
        try:
            return self._call("GET", KINDS[kind].segment, id)
        except NotFound as error:
            if id not in self.listed():
                raise
            raise ApiError(
                f"{error} It is in the list all the same. {again('Palette')}", status=404
            ) from None

    def dated(self, id: str, kind: str, listed: str) -> tuple[Any, str]:
        """One location, and the timestamp that its content has for certain, or "".

        `listed` is the list's timestamp, read first. If the location changes in between, the next
        list has another timestamp. An answer with a timestamp of its own must agree.
        """
        if listed:
            self._client.settle(self._project, listed)
        location = self.get(id, kind)
        return location, listed if timestamp(location) in ("", listed) else ""

    def post(self, want: BackupLocationState) -> str:
        return str(self._call("POST", want.storage.segment, body=want.body())["uid"])

    def put(
        self, id: str, want: BackupLocationState, have: BackupLocationState | None = None
    ) -> None:
        body = want.body()
        own = body["metadata"]["annotations"]
        body["metadata"]["annotations"] = {**self._annotations_of_others(id, want, have), **own}
        self._call("PUT", want.storage.segment, id, body=body)

    def make_default(self, id: str, want: BackupLocationState) -> None:
        self._call("PATCH", want.storage.segment, id, "default")

    def delete(self, id: str) -> None:
        # the one path that Spectro Cloud's own clients use, for every kind
        self._call("DELETE", "s3", id)

    def clusters(self, id: str) -> list[str]:
        """The names of the clusters that back up to a location."""
        try:
            path = joined(CLUSTERS, id)
            answer = self._client.call("GET", path, project=self._project) or {}
        except NotFound:
            return []
        return sorted(c.get("name") or c.get("uid") or "?" for c in answer.get("clusters") or [])

    def refuse_if_used(self, id: str, name: str, what: str, fix: str = USE_ANOTHER) -> None:
        """Raise Blocked if clusters back up to the location."""
        if names := self.clusters(id):
            raise Blocked(
                f"The location {name} is not {what}: clusters back up to it "
                f"({', '.join(names)}). {fix} Nothing was changed."
            )

    def _annotations_of_others(
        self, id: str, want: BackupLocationState, have: BackupLocationState | None
    ) -> dict[str, str]:
        """The annotations that others added. A PUT without them would remove them."""
        location = self.first_listed().get(id) or self.get(id, want.storage.kind)
        annotations = location["metadata"].get("annotations") or {}
        own = have.annotations if have else {}
        return {k: v for k, v in annotations.items() if k not in own and not k.startswith(OURS)}

    def _call(self, method: str, *parts: str, body: Any = None) -> Any:
        return self._client.call(method, joined(LOCATIONS, *parts), body, project=self._project)
