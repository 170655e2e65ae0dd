"""Reading Palette's answers about a backup location."""

from collections.abc import Mapping
from typing import Any

from palette_backup_provider.core.errors import ANEW, ApiError, NotFound, ProviderError
from palette_backup_provider.resources.palette.location.state import MARK, BackupLocationState
from palette_backup_provider.resources.palette.storage import KINDS


def mark_of(location: Any) -> str | None:
    """The mark that a location carries, or None."""
    mark: str | None = (location["metadata"].get("annotations") or {}).get(MARK)
    return mark


def is_default(location: Any) -> bool:
    """Whether a location is its scope's default."""
    return location["spec"].get("isDefault") or False


def timestamp(location: Any) -> str:
    """When a location was last modified; empty if Palette does not say."""
    time = location["metadata"].get("lastModifiedTimestamp") if location else None
    return time if isinstance(time, str) else ""


def uid_of(name: str, listed: Mapping[str, Any]) -> str:
    """The uid of the location of that uid or name, among those that are `listed`."""
    uids = [uid for uid, location in listed.items() if name in (uid, location["metadata"]["name"])]
    if len(uids) == 1:
        return uids[0]
    names = (
        ", ".join(sorted(location["metadata"]["name"] for location in listed.values())) or "none"
    )
    count = f"{len(uids)} locations" if uids else "no location"
    raise ProviderError(f"Palette has {count} {name} in this scope. Choose among: {names}.")


def kind_of(id: str, listed: Any, have: BackupLocationState) -> str:
    """The kind of storage of a location: from the list's entry, or else from state."""
    spec = listed["spec"] if listed else {}
    kind = spec.get("storage") or spec.get("type")
    if kind is None and have.storage:
        return str(have.storage.kind)
    if listed is None:
        raise NotFound(f"Palette lists no location {id} in this scope. {ANEW}")
    if kind not in KINDS:
        raise ProviderError(
            f"Palette reports a kind of storage that is not known: {kind!r}. Upgrade "
            f"palette-backup-provider."
        )
    return str(kind)


def fields_of(location: Any, kind: str, have: BackupLocationState) -> dict[str, Any]:
    """The fields of a state that the answer to GET has.

    Masked values are those of `have`. Annotations that `have` does not know belong to others, such
    as Palette's own tools, and are left out.
    """
    metadata, spec = location["metadata"], location["spec"]
    annotations = metadata.get("annotations") or {}
    storage = have.storage if isinstance(have.storage, KINDS[kind]) else None
    own = have.annotations if have.storage else annotations.keys() - {MARK}
    return {
        "name": metadata["name"],
        "storage": KINDS[kind].observed(spec["config"], storage),
        "is_default": is_default(location),
        "labels": metadata.get("labels") or {},
        "annotations": {k: v for k, v in annotations.items() if k in own},
    }


def is_unclear(error: BaseException) -> bool:
    """Whether a call had no clear outcome. A plain 500 is clear: Palette refuses with it, too."""
    return isinstance(error, ApiError) and error.unclear and error.status != 500
