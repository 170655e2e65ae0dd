"""The state of a backup location, and the request that registers it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from palette_backup_provider.core.markers import (
    AutoNamed,
    Computed,
    CreateOnly,
    Derived,
    DerivedDefault,
    Local,
    Replaces,
)
from palette_backup_provider.core.model import Owned, load_unchecked, matches
from palette_backup_provider.resources.palette.storage import AnyStorage

OURS = "palette-backup/"
"""How the names of our own annotations begin."""
MARK = f"{OURS}mark"
"""The annotation that carries the mark."""
NAME = matches(
    r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
    "1 to 63 of a-z, 0-9 and hyphens, beginning and ending with a letter or digit, because "
    "clusters use it as the name of a Kubernetes object",
)


def _demand_unreserved(annotations: dict[str, str]) -> dict[str, str]:
    for name in annotations:
        if name.startswith(OURS):
            raise ValueError(f"the annotation {name!r} is not allowed: {OURS} is reserved")
    return annotations


class BackupLocationState(Owned):
    scope: Literal["project", "tenant"] = "project"
    project: str | None = None
    project_uid: Annotated[str, Derived(), Replaces()] = ""
    """The uid of the project; empty in the tenant's scope."""
    name: Annotated[str, AutoNamed(63, within="project_uid"), NAME]
    storage: AnyStorage
    is_default: bool = False
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: Annotated[dict[str, str], AfterValidator(_demand_unreserved)] = Field(
        default_factory=dict
    )
    probe: bool = True
    palette_validate: Annotated[bool, DerivedDefault()] = True
    adopt: Annotated[str | None, CreateOnly()] = None
    adopt_overwrite: Annotated[bool, CreateOnly()] = False
    refused: Annotated[str | None, Derived()] = None
    """Why the credential does not work, if a deep refresh tried it and the storage or Palette
    refused it."""
    proven: Annotated[bool, Computed()] = Field(alias="__proven", default=True)
    """False if earlier code adopted the location without trying its credential."""
    schema_version: Annotated[int, Computed()] = Field(alias="__schema_version", default=2)
    """With 1, `palette_validate` was true by default for every storage."""
    as_of: Annotated[str, Computed()] = Field(alias="__as_of", default="")
    """Palette's timestamp of the content that this state holds. A write returns no timestamp, so it
    is empty until the next refresh."""
    goes_with: Annotated[list[dict[str, Any]] | None, Local()] = Field(
        alias="__goes_with", default=None
    )
    """The storage that was created together with this location (`engine/together.py`), or None."""

    @classmethod
    def upgraded(cls, props: Mapping[str, Any]) -> Mapping[str, Any]:
        if props.get("__schema_version") != 1:
            return props
        storage = load_unchecked(cls, {"storage": props.get("storage")}).storage
        validates = props.get("palette_validate", True)
        if storage and not storage.known_to_palette:
            validates = False
        return {**props, "__schema_version": 2, "palette_validate": validates}

    def body(self) -> dict[str, Any]:
        """The request of POST and PUT, secrets included."""
        metadata = {
            "name": self.name,
            "labels": self.labels,
            "annotations": {**self.annotations, MARK: self.mark},
        }
        spec = {
            "config": self.storage.config(),
            "isDefault": self.is_default,
            "type": self.storage.kind,
        }
        return {"metadata": metadata, "spec": spec}
