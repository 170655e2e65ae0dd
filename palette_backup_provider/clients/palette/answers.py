"""What is read of Palette's answers, by method and path."""

from typing import Annotated, Any

from palette_backup_provider.clients.palette import clouds
from palette_backup_provider.clients.palette.location import LOCATION, ListedSpec, Metadata
from palette_backup_provider.clients.rest.answers import (
    UNREAD,
    Name,
    Routes,
    Shape,
    or_empty,
)


class Listed(Shape):
    metadata: Metadata
    spec: ListedSpec


class Locations(Shape):
    items: list[Listed] | None


class Made(Shape):
    uid: Name


class User(Shape):
    tenantUid: Name
    orgName: Any = None
    """Shown alone."""


class Project(Shape):
    metadata: Metadata


class Projects(Shape):
    items: list[Project]


class Cluster(Shape):
    name: str | None = None
    uid: str | None = None


class Clusters(Shape):
    clusters: list[Cluster] | None = None


ROUTES = Routes(
    {
        "GET /v1/users/info": User,
        "GET /v1/dashboard/projects/metadata": Projects,
        f"GET {LOCATION}": Locations,
        **clouds.ROUTES,
        f"POST {LOCATION}/{{kind}}": Made,
        f"PUT {LOCATION}/{{kind}}/{{uid}}": UNREAD,
        f"PATCH {LOCATION}/{{kind}}/{{uid}}/default": UNREAD,
        f"DELETE {LOCATION}/{{kind}}/{{uid}}": UNREAD,
        "GET /v1/spectroclusters/features/backup/locations/{uid}": Annotated[
            Clusters | None, or_empty("clusters")
        ],
    }
)
