"""What public sources leave open about the real Palette; tests can ask for either answer."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PaletteOptions(BaseModel):
    """Where the real Palette may do one or the other."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    mask: Literal["stars", "last4", "empty", "absent"] = "stars"
    """How secrets come back."""
    duplicate_name: Literal[400, 409, 422] | None = 409
    """Status for a name that is taken in the same scope; none allows it."""
    in_use: Literal["allow", "reject"] = "allow"
    """Whether a location that clusters use can be deleted."""
    list_shows_tenant: bool = False
    """Whether a project's list also shows the tenant's locations."""
    list_shows_kind: bool = True
    """Whether the list tells the kind of storage."""
    list_length: int | None = Field(default=None, ge=0)
    """How many locations the list shows, the oldest; none for all."""
    get_shows_time: bool = False
    """Whether the answer to GET of one location tells when it was modified."""
    whole_seconds: bool = False
    """Whether timestamps are cut to seconds."""
    more_fields: bool = False
    """Whether answers hold fields that are documented nowhere."""
    location_limit: int = Field(default=100, ge=0)
    """How many locations a tenant may have."""
    bad_key: Literal[401, 404] = 401
    """Status for an API key that is not known."""
