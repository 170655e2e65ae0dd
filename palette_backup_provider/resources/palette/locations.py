"""The calls on backup locations in Palette, and what their answers mean."""

from typing import Any

from palette_backup_provider.clients.palette import LOCATIONS, PaletteClient
from palette_backup_provider.core.errors import ApiError, InTheWay, NotFound, ProviderError
from palette_backup_provider.resources.palette.storage import KINDS

OURS = "palette-backup/"
MARK = f"{OURS}mark"
"""The annotation that says whose a location is."""
CLUSTERS = "/v1/spectroclusters/features/backup/locations"
USE_ANOTHER = "Give them another location in Palette first."


def mark(found: Any) -> str | None:
    """Whose a location is, if anybody marked it."""
    told: str | None = (found["metadata"].get("annotations") or {}).get(MARK)
    return told


def is_default(found: Any) -> bool:
    """Whether a location is its scope's default."""
    return found["spec"].get("isDefault") or False


def kind_of(id: str, listed: Any, have: Any) -> str:
    """The kind of storage of a location: as the list tells it, else as state holds it."""
    spec = listed["spec"] if listed else {}
    told = spec.get("storage") or spec.get("type")
    if told is None and have.storage:
        return str(have.storage.kind)
    if listed is None:
        raise NotFound(f"Palette lists no location {id} in this scope.")
    if told not in KINDS:
        raise ProviderError(f"Palette reports a kind of storage that is not known: {told!r}.")
    return str(told)


def observed(have: Any, kind: str, found: Any) -> dict[str, Any]:
    """The fields that `found`, the answer to GET, tells of a location."""
    metadata, spec = found["metadata"], found["spec"]
    notes = metadata.get("annotations") or {}
    same_kind = isinstance(have.storage, KINDS[kind])
    # of annotations, only those asked for: Palette and its tools add their own
    shown = have.annotations if have.storage else notes.keys() - {MARK}
    return {
        "name": metadata["name"],
        "storage": KINDS[kind].observed(spec["config"], have.storage if same_kind else None),
        "is_default": is_default(found),
        "labels": metadata.get("labels") or {},
        "annotations": {k: v for k, v in notes.items() if k in shown},
    }


def passing(error: BaseException) -> bool:
    """Whether there was no answer that means anything; a plain 500 is how Palette refuses too."""
    return isinstance(error, ApiError) and error.unclear and error.status != 500


class Locations:
    """The locations of one scope: a project's, or the tenant's where `project` is empty."""

    def __init__(self, client: PaletteClient, project: str) -> None:
        self._client, self._project = client, project

    def listed(self) -> dict[str, Any]:
        """What the list call tells of each, by uid."""
        return self._client.locations(self._project)

    def named(self, name: str) -> dict[str, Any]:
        """Every location of that name by uid, asked for anew."""
        return self._client.named(self._project, name)

    def get(self, id: str, kind: str) -> Any:
        """All of one. A refusal of what the list shows is no sign that it is gone."""
        try:
            return self._call("GET", KINDS[kind].segment, id)
        except NotFound as error:
            if id not in self.listed():
                raise
            raise ApiError(f"{error} It is in the list all the same.", status=404) from None

    def post(self, want: Any) -> str:
        return str(self._call("POST", want.storage.segment, body=want.body())["uid"])

    def put(self, id: str, want: Any, have: Any = None) -> None:
        body = want.body()
        notes = body["metadata"]["annotations"]
        body["metadata"]["annotations"] = {**self._of_others(id, want, have), **notes}
        self._call("PUT", want.storage.segment, id, body)

    def make_default(self, id: str, want: Any) -> None:
        self._call("PATCH", want.storage.segment, f"{id}/default")

    def delete(self, id: str) -> None:
        # the one path that Spectro Cloud's own clients use, for every kind
        self._call("DELETE", "s3", id)

    def clusters(self, id: str) -> list[str]:
        """The names of the clusters that back up to a location."""
        try:
            answer = self._client.call("GET", f"{CLUSTERS}/{id}", project=self._project) or {}
        except NotFound:
            return []
        return sorted(c.get("name") or c.get("uid") or "?" for c in answer.get("clusters") or [])

    def refuse_if_used(self, id: str, name: str, what: str, fix: str = USE_ANOTHER) -> None:
        """Clusters that back up to a location keep it as it is."""
        if names := self.clusters(id):
            raise InTheWay(
                f"The location {name} is not {what}: clusters back up to it "
                f"({', '.join(names)}). {fix}"
            )

    def _of_others(self, id: str, want: Any, have: Any) -> dict[str, str]:
        """The annotations that are not ours, which a PUT without them would take away."""
        there = self._client.found(self._project).get(id) or self.get(id, want.storage.kind)
        notes = there["metadata"].get("annotations") or {}
        own = have.annotations if have else {}
        return {k: v for k, v in notes.items() if k not in own and not k.startswith(OURS)}

    def _call(self, method: str, segment: str, rest: str = "", body: Any = None) -> Any:
        path = f"{LOCATIONS}/{segment}/{rest}".rstrip("/")
        return self._client.call(method, path, body, project=self._project)
