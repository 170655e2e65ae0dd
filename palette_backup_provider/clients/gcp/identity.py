"""As whom to act on Google Cloud, and in which project."""

from typing import Annotated

from palette_backup_provider.core.model import Model, matches

ProjectId = Annotated[
    str,
    matches(
        r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]",
        "a project's id has 6 to 30 lower-case letters, digits and hyphens, and begins with a "
        "letter; its name and its number are something else",
    ),
]
Email = Annotated[str, matches(r"[^@\s/]+@[a-z0-9.-]+", "the email of a service account")]


class Identity(Model):
    """Whose credentials to use instead of the process's own, and in which project."""

    impersonate: Email | None = None
    project: ProjectId | None = None
