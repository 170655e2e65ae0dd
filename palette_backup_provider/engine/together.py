"""What a location and its storage note of each other, as one may refuse what is done to the other.

The engine deletes a location first and its bucket last, and tells a provider of the bucket only
then. So the location notes what its storage would be asked, and its deletion asks that first. It
replaces a bucket, and changes what the credential may do, before it tells of the location that
moves. So the storage notes how to find the location, and is replaced only if no cluster uses that.

A provider is not told of `--target` and `--exclude`, nor that the engine retains a resource. A
destroy that leaves the storage where it is has to say so: `PALETTE_STORAGE_STAYS`.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pulumi import Output

from palette_backup_provider.core.markers import OnDelete, Replaces
from palette_backup_provider.core.model import (
    EXISTING,
    IDENTITY,
    Model,
    Owned,
    fields,
    property_name,
)
from palette_backup_provider.core.own_settings import STORAGE_STAYS

if TYPE_CHECKING:
    from palette_backup_provider.engine.resource import Resource

HOW_TO_LEAVE_IT = (
    f"To remove the location and leave the storage (`--target`, `--exclude`), run that with "
    f"{STORAGE_STAYS.variables[0]}=true."
)


def serves(token: str, force_destroy: Any, **properties: Any) -> dict[str, Any]:
    """What storage notes of the location of the type `token` that it serves: how to find it, and
    whether its backups may be deleted."""
    output = Output.all(**properties)
    return {"__serves": {"token": token, "properties": output, "force_destroy": force_destroy}}


def goes_with(storage: "Iterable[Resource[Any]]") -> dict[str, Any]:
    """What a location notes of the `storage` made along with it."""
    return {"__goes_with": [_asked(resource) for resource in storage]}


def _asked(resource: "Resource[Any]") -> dict[str, Any]:
    """What has to be known of `resource` to ask whether it may be deleted."""
    state: type[Model] = resource.handler.state_type
    names = fields(state, Replaces) | fields(state, OnDelete) | Owned.model_fields.keys()
    names |= {EXISTING, IDENTITY} & state.model_fields.keys()
    properties = {
        property_name(state, f): getattr(resource, property_name(state, f)) for f in sorted(names)
    }
    return {
        "token": type(resource).token,
        "id": resource.id,
        "properties": Output.all(**properties),
    }
